namespace ModularMonolith.Inventory.Stock;

/// <summary>
/// The identity of a stock item: <c>location/sku</c>. A location's code has no slash, so the first one ends it and the SKU may
/// contain anything.
/// </summary>
internal static class StockKey
{
    public static string Of(string location, string sku) => location + "/" + sku;

    public static string LocationOf(string key) => key[..Math.Max(0, key.IndexOf('/', StringComparison.Ordinal))];

    public static string SkuOf(string key) => key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
