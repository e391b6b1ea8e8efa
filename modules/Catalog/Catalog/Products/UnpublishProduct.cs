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

/// <summary>Takes a product out of the shop to work on it.</summary>
[RetryOnConflict]
internal sealed record UnpublishProduct(Guid ProductId, long? ExpectedVersion) : ICommand<ProductView>;

internal sealed class UnpublishProductEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/products/{id:guid}/unpublish", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var product = await sender.Send(new UnpublishProduct(id, ProductTransition.ExpectedVersion(http)), cancellationToken);
            EntityTags.Write(http, product.Version);
            return Results.Ok(product);
        })
        .RequirePermission("catalog:write")
        .SupportsDryRun()
        .WithName("UnpublishProduct")
        .WithSummary("Takes a product out of the shop to work on it.")
        .WithDescription("An active or archived product becomes a draft again.")
        .Produces<ProductView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}

internal sealed class UnpublishProductHandler(IModuleSession<ICatalogStore> session, ProductWriter writer, TimeProvider time) : IRequestHandler<UnpublishProduct, ProductView>
{
    public Task<ProductView> Handle(UnpublishProduct request, CancellationToken cancellationToken) =>
        ProductTransition.RunAsync(session, writer, request.ProductId, request.ExpectedVersion, ProductStatus.Draft, time.GetUtcNow(), cancellationToken);
}
