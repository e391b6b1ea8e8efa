using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Stock;

/// <summary>The stock of given SKUs, or of all SKUs page by page when none is given.</summary>
internal sealed record ListStock(IReadOnlyList<string> Sku, int Limit, string? After) : IQuery<Page<StockView>>;

internal sealed record StockCursor(string Sku);

internal sealed class ListStockValidator : AbstractValidator<ListStock>
{
    public ListStockValidator()
    {
        RuleFor(query => query.Sku).Must(static skus => skus.Count <= PageCursor.MaximumSize).WithMessage($"Ask for at most {PageCursor.MaximumSize} SKUs at once.");
        RuleForEach(query => query.Sku).IsSku();
        RuleFor(query => query.After).NoNul();
    }
}

internal sealed class ListStockEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/stock", static async (
            string[]? sku, int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListStock(sku ?? [], PageCursor.Size(limit), PageCursor.Decode<StockCursor>(http, cursor)?.Sku), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("inventory:read").WithName("ListStock")
        .WithSummary("Lists stock by SKU with its locations, all of it page by page, or that of the SKUs in the repeated parameter sku.")
        .Produces<Page<StockView>>().ProducesProblem(400);
}

internal sealed class ListStockHandler(IModuleSession<IInventoryStore> session, LocationDirectory locations, TimeProvider time) : IRequestHandler<ListStock, Page<StockView>>
{
    public async Task<Page<StockView>> Handle(ListStock request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (request.Sku.Count > 0)
        {
            var asked = request.Sku.Distinct(StringComparer.Ordinal).ToList();
            return new Page<StockView>(StockView.Of(await SkuStock.FindAsync(session.Documents, asked, locations, cancellationToken), asked, now), null);
        }

        IQueryable<StockItem> query = session.Documents.Query<StockItem>();
        if (request.After is { } after)
        {
            query = query.Where(item => item.Sku.CompareTo(after) > 0);
        }

        // A SKU at several locations fills several rows; its page then has fewer SKUs, and the next one begins after the last of them.
        var rows = await query.OrderBy(item => item.Sku).Take(request.Limit + 1).Select(item => item.Sku).ToListAsync(cancellationToken);
        var skus = rows.Distinct(StringComparer.Ordinal).Take(request.Limit).ToList();
        if (skus.Count == 0)
        {
            return new Page<StockView>([], null);
        }

        var stock = await SkuStock.FindAsync(session.Documents, skus, locations, cancellationToken);
        return new Page<StockView>(StockView.Of(stock, skus, now), rows.Count > request.Limit ? PageCursor.Encode(new StockCursor(skus[^1])) : null);
    }
}
