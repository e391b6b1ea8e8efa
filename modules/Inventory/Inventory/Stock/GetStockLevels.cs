using FluentValidation;
using MediatR;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Stock;

internal sealed class GetStockLevelsValidator : AbstractValidator<GetStockLevels>
{
    public GetStockLevelsValidator() =>
        RuleFor(query => query.Skus).NotNull().Must(static skus => skus is null || skus.Count <= 500).WithMessage("Ask for at most 500 SKUs at once.");
}

internal sealed class GetStockLevelsHandler(IModuleSession<IInventoryStore> session, LocationDirectory locations, TimeProvider time) : IRequestHandler<GetStockLevels, IReadOnlyList<StockLevel>>
{
    public async Task<IReadOnlyList<StockLevel>> Handle(GetStockLevels request, CancellationToken cancellationToken)
    {
        if (request.Skus.Count == 0)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var stock = await SkuStock.FindAsync(session.Documents, request.Skus, locations, cancellationToken);
        return [.. request.Skus.Distinct(StringComparer.Ordinal).Where(stock.Knows).Select(sku => LevelOf(sku, stock, now))];
    }

    private static StockLevel LevelOf(string sku, SkuStock stock, DateTimeOffset now)
    {
        var onHand = stock.Of(sku).Sum(static item => (long)item.OnHand);
        var available = stock.Of(sku).Sum(item => (long)item.AvailableAt(now));
        var promise = stock.PromiseOf(sku, now);
        return new StockLevel(sku, Cap(onHand), Cap(onHand - available), Cap(promise.Orderable), promise.Backorderable, stock.LedgerOf(sku)?.Policy.RestockDays);
    }

    private static int Cap(long quantity) => (int)Math.Min(int.MaxValue, quantity);
}
