using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Catalog.Products;

/// <summary>Takes a product that is not sold any more out of the shop.</summary>
[RetryOnConflict]
internal sealed record ArchiveProduct(Guid ProductId, long? ExpectedVersion) : ICommand<ProductView>;

internal sealed class ArchiveProductEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/products/{id:guid}/archive", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var product = await sender.Send(new ArchiveProduct(id, ProductTransition.ExpectedVersion(http)), cancellationToken);
            EntityTags.Write(http, product.Version);
            return Results.Ok(product);
        })
        .RequirePermission("catalog:write")
        .SupportsDryRun()
        .WithName("ArchiveProduct")
        .WithSummary("Takes a product that is not sold any more out of the shop.")
        .WithDescription("A draft or an active product becomes archived; it keeps its SKUs and can be published again.")
        .Produces<ProductView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}

internal sealed class ArchiveProductHandler(IModuleSession<ICatalogStore> session, ProductWriter writer, TimeProvider time) : IRequestHandler<ArchiveProduct, ProductView>
{
    public Task<ProductView> Handle(ArchiveProduct request, CancellationToken cancellationToken) =>
        ProductTransition.RunAsync(session, writer, request.ProductId, request.ExpectedVersion, ProductStatus.Archived, time.GetUtcNow(), cancellationToken);
}
