using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Stock;

namespace ModularMonolith.Inventory.Backorders;

/// <summary>What can be promised of a SKU at one moment.</summary>
/// <param name="Free">What is there and not promised, less what waiting orders have a claim on; below 0 when more wait than are there.</param>
/// <param name="FromStock">What can be sold from stock: what is free, less the safety stock.</param>
/// <param name="Backorderable">What can be sold beyond that and has to arrive first.</param>
internal readonly record struct StockPromise(long Free, long FromStock, int Backorderable)
{
    public long Orderable => FromStock + Backorderable;

    /// <param name="items">All of the SKU's items.</param>
    /// <param name="ledger">Its ledger, if it has one.</param>
    /// <param name="locations">From where orders are sent.</param>
    /// <param name="now">The moment.</param>
    public static StockPromise Of(IEnumerable<StockItem> items, SkuLedger? ledger, LocationMap locations, DateTimeOffset now)
    {
        var free = items.Where(item => locations.IsSource(item.Location)).Sum(item => (long)item.AvailableAt(now)) - (ledger?.Waiting ?? 0);
        return new StockPromise(free, Math.Max(0, free - (ledger?.Policy.SafetyStock ?? 0)), ledger?.AllowanceAt(now) ?? 0);
    }
}
