using ModularMonolith.Catalog.Contracts;

namespace ModularMonolith.Catalog.Products;

/// <summary>Tells others about new prices.</summary>
internal static class PriceChanges
{
    private const int PricesPerEvent = 500;

    /// <summary>The events for given prices, each with as many as one may have.</summary>
    /// <param name="key">The product, or the import that changed several.</param>
    /// <param name="prices">Any number.</param>
    /// <param name="now">From when on they count.</param>
    public static IEnumerable<PricesChanged> Of(Guid key, IEnumerable<ChangedPrice> prices, DateTimeOffset now) =>
        prices.Chunk(PricesPerEvent).Select(chunk => new PricesChanged(key, chunk, now));

    /// <summary>The events of one product's change.</summary>
    public static IEnumerable<PricesChanged> Of(ProductChange change, DateTimeOffset now) => Of(change.After.Id, NewIn(change), now);

    /// <summary>The variants that are new in a change or have another price.</summary>
    public static IEnumerable<ChangedPrice> NewIn(ProductChange change)
    {
        var known = (change.Before?.Variants ?? []).ToDictionary(static variant => variant.Id, static variant => (variant.Price, variant.CompareAtPrice));
        return change.After.Variants
            .Where(variant => !known.TryGetValue(variant.Id, out var before) || before != (variant.Price, variant.CompareAtPrice))
            .Select(static variant => new ChangedPrice(variant.Id, variant.Sku, variant.Price, variant.CompareAtPrice));
    }
}
