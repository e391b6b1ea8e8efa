using FluentValidation;
using MediatR;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Stock;

internal sealed class GetStockLevelsValidator : AbstractValidator<GetStockLevels>
{
    public GetStockLevelsValidator() =>
        RuleFor(query => query.Skus).NotNull().Must(static skus => skus is null || skus.Count <= 500).WithMessage("Ask for at most 500 SKUs at once.");
}

internal sealed class GetStockLevelsHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<GetStockLevels, IReadOnlyList<StockLevel>>
{
    public async Task<IReadOnlyList<StockLevel>> Handle(GetStockLevels request, CancellationToken cancellationToken)
    {
        if (request.Skus.Count == 0)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var items = await LockedStock.FindAsync(session.Documents, request.Skus, cancellationToken);
        return [.. items.GroupBy(static item => item.Sku, StringComparer.Ordinal).Select(group => LevelOf(group, now))];
    }

    private static StockLevel LevelOf(IGrouping<string, StockItem> items, DateTimeOffset now)
    {
        var onHand = items.Sum(static item => (long)item.OnHand);
        var available = items.Sum(item => (long)item.AvailableAt(now));
        return new StockLevel(items.Key, Cap(onHand), Cap(onHand - available), Cap(available));
    }

    private static int Cap(long quantity) => (int)Math.Min(int.MaxValue, quantity);
}
