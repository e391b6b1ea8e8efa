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

/// <summary>Creates a product as a draft.</summary>
[RetryOnConflict]
internal sealed record CreateProduct(ProductContent Content) : ICommand<ProductView>;

internal sealed class CreateProductValidator : AbstractValidator<CreateProduct>
{
    public CreateProductValidator(CatalogSettings settings) =>
        RuleFor(command => command.Content).SetValidator(new ProductContentValidator(settings)).OverridePropertyName(string.Empty);
}

internal sealed class CreateProductEndpoint : ICarterModule
{
    /// <summary>A product with 2,000 variants does not fit into the usual limit.</summary>
    public const int BodyLimit = 8 << 20;

    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/products", static async (ProductContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var product = await sender.Send(new CreateProduct(body), cancellationToken);
            EntityTags.Write(http, product.Version);
            return Results.Created("/api/catalog/products/" + product.Id, product);
        })
        .RequirePermission("catalog:write")
        .WithMetadata(new RequestSizeLimitAttribute(BodyLimit))
        .SupportsDryRun()
        .WithName("CreateProduct")
        .WithSummary("Creates a product as a draft.")
        .WithDescription("The slug is made from the title unless it is given, a missing SKU from slug and option values. Publish the product to show and sell it.")
        .Produces<ProductView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CreateProductHandler(IModuleSession<ICatalogStore> session, ProductWriter writer, TimeProvider time) : IRequestHandler<CreateProduct, ProductView>
{
    public async Task<ProductView> Handle(CreateProduct request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var slug = request.Content.Slug;
        if (slug is null)
        {
            slug = await ProductNames.FreeSlugAsync(session.Documents, request.Content.Title, cancellationToken);
        }
        else
        {
            await ProductNames.RefuseTakenSlugAsync(session.Documents, slug, null, cancellationToken);
        }

        var product = ProductComposition.NewDraft(request.Content, slug, now);
        await ProductNames.RefuseTakenSkusAsync(session.Documents, product, cancellationToken);
        var change = new ProductChange(null, product);
        writer.Write(session.Documents, [change]);
        foreach (var declared in StockDeclarations.Of(StockDeclarations.NewIn(change), now))
        {
            session.Publish(declared);
        }

        foreach (var changed in PriceChanges.Of(change, now))
        {
            session.Publish(changed);
        }

        return ProductView.Of(product, change.NextVersion);
    }
}
