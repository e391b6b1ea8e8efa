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

/// <summary>Shows a product in the shop and lets it be sold.</summary>
[RetryOnConflict]
internal sealed record PublishProduct(Guid ProductId, long? ExpectedVersion) : ICommand<ProductView>;

internal sealed class PublishProductEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/products/{id:guid}/publish", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var product = await sender.Send(new PublishProduct(id, ProductTransition.ExpectedVersion(http)), cancellationToken);
            EntityTags.Write(http, product.Version);
            return Results.Ok(product);
        })
        .RequirePermission("catalog:write")
        .SupportsDryRun()
        .WithName("PublishProduct")
        .WithSummary("Shows a product in the shop and lets it be sold.")
        .WithDescription("A draft or an archived product becomes active; an active one is refused with 409.")
        .Produces<ProductView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}

internal sealed class PublishProductHandler(IModuleSession<ICatalogStore> session, ProductWriter writer, TimeProvider time) : IRequestHandler<PublishProduct, ProductView>
{
    public Task<ProductView> Handle(PublishProduct request, CancellationToken cancellationToken) =>
        ProductTransition.RunAsync(session, writer, request.ProductId, request.ExpectedVersion, ProductStatus.Active, time.GetUtcNow(), cancellationToken);
}
