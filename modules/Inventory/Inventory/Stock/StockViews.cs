using ModularMonolith.Inventory.Backorders;

namespace ModularMonolith.Inventory.Stock;

/// <summary>One SKU at one location. What has expired counts as available.</summary>
internal sealed record StockItemView(string Sku, string Location, int OnHand, int Reserved, int Available)
{
    public static StockItemView Of(StockItem item, DateTimeOffset now)
    {
        var available = item.AvailableAt(now);
        return new StockItemView(item.Sku, item.Location, item.OnHand, item.OnHand - available, available);
    }
}

/// <summary>The part of a SKU's stock that is at one location.</summary>
internal sealed record LocationStock(string Location, int OnHand, int Reserved, int Available);

/// <summary>One SKU over all locations.</summary>
/// <param name="Sku">The SKU.</param>
/// <param name="OnHand">What is in the warehouses.</param>
/// <param name="Reserved">The part of it that is promised.</param>
/// <param name="Available">The rest.</param>
/// <param name="Locations">The part at each location.</param>
/// <param name="Orderable">What can be ordered now, by the SKU's policy and including what has to arrive first; null where a change of some locations is answered.</param>
/// <param name="Waiting">What orders have taken that has to arrive first; null as above.</param>
internal sealed record StockView(string Sku, long OnHand, long Reserved, long Available, IReadOnlyList<LocationStock> Locations, long? Orderable = null, int? Waiting = null)
{
    /// <summary>Groups items by SKU, in the order of the SKUs.</summary>
    public static IReadOnlyList<StockView> Of(IEnumerable<StockItem> items, IEnumerable<string> order, DateTimeOffset now)
    {
        var bySku = items.Select(item => StockItemView.Of(item, now)).ToLookup(static item => item.Sku, StringComparer.Ordinal);
        return [.. order.Where(bySku.Contains).Select(sku => new StockView(
            sku, bySku[sku].Sum(static item => (long)item.OnHand), bySku[sku].Sum(static item => (long)item.Reserved), bySku[sku].Sum(static item => (long)item.Available),
            [.. bySku[sku].OrderBy(static item => item.Location, StringComparer.Ordinal).Select(static item => new LocationStock(item.Location, item.OnHand, item.Reserved, item.Available))]))];
    }

    /// <summary>As above, with what can be ordered.</summary>
    public static IReadOnlyList<StockView> Of(SkuStock stock, IEnumerable<string> order, DateTimeOffset now) =>
        [.. Of(stock.Items, order, now).Select(view => view with { Orderable = stock.PromiseOf(view.Sku, now).Orderable, Waiting = stock.LedgerOf(view.Sku)?.Waiting ?? 0 })];
}
