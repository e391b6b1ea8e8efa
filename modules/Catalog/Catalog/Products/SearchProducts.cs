using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Catalog.Products;

/// <summary>Lists products. Prices are in minor units of the shop's currency.</summary>
internal sealed record SearchProducts(
    string? Text, string Status, string? Vendor, string? Type, string? Tag, long? MinPrice, long? MaxPrice, string Sort, int Limit, ProductCursor? After)
    : IQuery<ProductHits>;

/// <summary>Where the next page starts: the sort key and the id of the last product shown, and the order they belong to.</summary>
internal sealed record ProductCursor(string Sort, Guid Id, double? Rank = null, string? Title = null, long? Price = null, DateTimeOffset? Created = null);

/// <summary>One page of products as they are stored: each a <see cref="ProductSummary"/> in UTF-8 JSON.</summary>
internal sealed record ProductHits(IReadOnlyList<byte[]> Items, string? Next);

internal sealed class SearchProductsValidator : AbstractValidator<SearchProducts>
{
    public static readonly IReadOnlyList<string> Sorts = ["relevance", "title", "price", "-price", "created", "-created"];
    private static readonly IReadOnlyList<string> Statuses = ["active", "draft", "archived"];

    public SearchProductsValidator()
    {
        RuleFor(query => query.Text).MaximumLength(200).NoNul().OverridePropertyName("q");
        RuleFor(query => query.Status).Must(Statuses.Contains).WithMessage($"status is one of {string.Join(", ", Statuses)}.");
        RuleFor(query => query.Vendor).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(query => query.Type).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(query => query.Tag).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(query => query.MinPrice).GreaterThanOrEqualTo(0);
        RuleFor(query => query.MaxPrice).GreaterThanOrEqualTo(0);
        RuleFor(query => query.Sort).Must(Sorts.Contains).WithMessage($"sort is one of {string.Join(", ", Sorts)}.");
        RuleFor(query => query.Sort).Must(static (query, sort) => sort != "relevance" || query.Text is not null)
            .WithMessage("Only a search with q can be sorted by relevance.");
        RuleFor(query => query.After).Must(static (query, cursor) => cursor is null || (cursor.Sort == query.Sort && HasKey(cursor)))
            .WithMessage("The cursor belongs to a list in another order. Start again without a cursor.").OverridePropertyName("cursor");
    }

    private static bool HasKey(ProductCursor cursor) => cursor.Sort switch
    {
        "relevance" => cursor.Rank is not null,
        "title" => cursor.Title is { Length: <= ProductLimits.Title } && !cursor.Title.Contains('\0', StringComparison.Ordinal),
        "price" or "-price" => cursor.Price is not null,
        // PostgreSQL's timestamps begin in the year 4713 BC and end long after .NET's; only UTC has one meaning.
        _ => cursor.Created is { Offset.Ticks: 0 },
    };
}

internal sealed class SearchProductsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/products", static async (
            HttpContext http, ISender sender, CancellationToken cancellationToken, [FromQuery] string? q, [FromQuery] string? status, [FromQuery] string? vendor,
            [FromQuery] string? type, [FromQuery] string? tag, [FromQuery] long? minPrice, [FromQuery] long? maxPrice, [FromQuery] string? sort,
            [FromQuery] int? limit, [FromQuery] string? cursor, [FromQuery] string? fields) =>
        {
            if (status is not (null or "active"))
            {
                Permissions.Require(http, "catalog:read");
            }

            var selection = FieldSelection.Of<ProductSummary>(fields);
            var text = string.IsNullOrWhiteSpace(q) ? null : q.Trim();
            var hits = await sender.Send(
                new SearchProducts(
                    text, status ?? "active", Blank(vendor), Blank(type), Blank(tag), minPrice, maxPrice, sort ?? (text is null ? "-created" : "relevance"),
                    PageCursor.Size(limit), PageCursor.Decode<ProductCursor>(http, cursor)),
                cancellationToken);
            return new ProductHitsResult(hits with { Next = PageCursor.Link(http, hits.Next) }, selection);
        })
        .AllowAnonymous()
        .HoldsNothingPersonal()
        .WithName("SearchProducts")
        .WithSummary("Lists and searches products.")
        .WithDescription("q searches titles, SKUs and barcodes, vendors, types, tags and descriptions; the last word may be unfinished, \"quotes\" and -exclusions work. vendor, type and tag compare without letter case. minPrice and maxPrice are minor units and compare with the lowest price of a product's variants. sort is one of relevance, title, price, -price, created, -created. Other statuses than active need the permission catalog:read. fields names the fields of the products that are wanted, with commas between them.")
        .Produces<Page<ProductSummary>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

internal sealed class SearchProductsHandler(CatalogDatabase database) : IRequestHandler<SearchProducts, ProductHits>
{
    public async Task<ProductHits> Handle(SearchProducts request, CancellationToken cancellationToken)
    {
        await using var command = ProductSearchSql.Of(request, database.Source);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<byte[]>(request.Limit);
        ProductCursor? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            // One row more than a page tells whether there is another page.
            if (items.Count == request.Limit)
            {
                return new ProductHits(items, PageCursor.Encode(last!));
            }

            items.Add(reader.GetFieldValue<byte[]>(0));
            if (items.Count == request.Limit)
            {
                last = ProductSearchSql.CursorAt(reader, request.Sort);
            }
        }

        return new ProductHits(items, null);
    }
}
