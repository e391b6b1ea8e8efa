using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Catalog.Products;

/// <summary>Replaces what a client can say about a product. Replacing it with what it is already changes nothing, not even the version.</summary>
[RetryOnConflict]
internal sealed record EditProduct(Guid ProductId, long? ExpectedVersion, ProductContent Content) : ICommand<ProductView>;

internal sealed class EditProductValidator : AbstractValidator<EditProduct>
{
    public EditProductValidator(CatalogSettings settings) =>
        RuleFor(command => command.Content).SetValidator(new ProductContentValidator(settings)).OverridePropertyName(string.Empty);
}

internal sealed class EditProductEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/products/{id:guid}", static async (Guid id, ProductContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var product = await sender.Send(new EditProduct(id, EntityTags.RequireIfMatch(http), body), cancellationToken);
            EntityTags.Write(http, product.Version);
            return Results.Ok(product);
        })
        .RequirePermission("catalog:write")
        .WithMetadata(new RequestSizeLimitAttribute(CreateProductEndpoint.BodyLimit))
        .SupportsDryRun()
        .WithName("EditProduct")
        .WithSummary("Replaces a product's content.")
        .WithDescription("Needs the product's ETag in If-Match. Variants that are left out are removed. A slug that is left out stays; the former one of a changed slug leads to the new one.")
        .Produces<ProductView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}

internal sealed class EditProductHandler(IModuleSession<ICatalogStore> session, ProductWriter writer, TimeProvider time) : IRequestHandler<EditProduct, ProductView>
{
    public async Task<ProductView> Handle(EditProduct request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = await session.Documents.LoadAsync<Product>(request.ProductId, cancellationToken) ?? throw ProblemException.NotFound("product", request.ProductId);
        EntityTags.Check(request.ExpectedVersion, before.Version);
        var after = ProductComposition.Replace(before, request.Content, now);
        if (ProductComposition.HaveSameContent(before, after))
        {
            return ProductView.Of(before, before.Version);
        }

        if (after.Slug != before.Slug)
        {
            await ProductNames.RefuseTakenSlugAsync(session.Documents, after.Slug, before.Id, cancellationToken);
        }

        await ProductNames.RefuseTakenSkusAsync(session.Documents, after, cancellationToken);
        var change = new ProductChange(before, after);
        writer.Write(session.Documents, [change]);
        foreach (var declared in StockDeclarations.Of(StockDeclarations.NewIn(change), now))
        {
            session.Publish(declared);
        }

        foreach (var changed in PriceChanges.Of(change, now))
        {
            session.Publish(changed);
        }

        return ProductView.Of(after, change.NextVersion);
    }
}
