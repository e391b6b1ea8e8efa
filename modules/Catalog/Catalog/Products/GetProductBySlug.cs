using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Products;

internal sealed record GetProductBySlug(string Slug) : IQuery<StoredProduct?>;

internal sealed class GetProductBySlugEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/products/by-slug/{slug}", static async (string slug, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var product = await sender.Send(new GetProductBySlug(slug), cancellationToken);
            var answer = StoredProduct.Answer(http, product, slug);
            if (product!.Slug == slug)
            {
                return answer;
            }

            http.Response.Headers.ETag = default;
            return Results.Redirect("/api/catalog/products/by-slug/" + Uri.EscapeDataString(product.Slug), permanent: true);
        })
        .AllowAnonymous()
        .HoldsNothingPersonal()
        .WithName("GetProductBySlug")
        .WithSummary("Shows the product with a slug.")
        .WithDescription("A former slug of a product answers 301 with the address of its present one.")
        .Produces<ProductView>()
        .Produces(StatusCodes.Status301MovedPermanently)
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetProductBySlugHandler(CatalogDatabase database) : IRequestHandler<GetProductBySlug, StoredProduct?>
{
    public async Task<StoredProduct?> Handle(GetProductBySlug request, CancellationToken cancellationToken) =>
        Slug.IsValid(request.Slug) ? await StoredProduct.FindAsync(database, request.Slug, cancellationToken) : null;
}
