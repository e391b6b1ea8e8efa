using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Products;

internal sealed record GetProduct(Guid ProductId) : IQuery<StoredProduct?>;

internal sealed class GetProductEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/products/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            StoredProduct.Answer(http, await sender.Send(new GetProduct(id), cancellationToken), id.ToString()))
        .AllowAnonymous()
        .HoldsNothingPersonal()
        .WithName("GetProduct")
        .WithSummary("Shows a product.")
        .WithDescription("Products that are not active are shown to callers with the permission catalog:read only; for others they do not exist.")
        .Produces<ProductView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetProductHandler(CatalogDatabase database) : IRequestHandler<GetProduct, StoredProduct?>
{
    public Task<StoredProduct?> Handle(GetProduct request, CancellationToken cancellationToken) =>
        StoredProduct.FindAsync(database, request.ProductId, cancellationToken);
}
