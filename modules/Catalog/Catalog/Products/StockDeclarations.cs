using ModularMonolith.Inventory.Contracts;

namespace ModularMonolith.Catalog.Products;

/// <summary>Tells Inventory about SKUs whose stock it is to count.</summary>
internal static class StockDeclarations
{
    private const int LinesPerEvent = 500;

    /// <summary>The events for given SKUs, each with as many lines as one may have.</summary>
    public static IEnumerable<StockDeclared> Of(IEnumerable<DeclaredStock> lines, DateTimeOffset now) =>
        lines.Chunk(LinesPerEvent).Select(chunk => new StockDeclared(Guid.CreateVersion7(now), chunk));

    /// <summary>The variants that track their stock and are new in a change, with no stock yet.</summary>
    public static IEnumerable<DeclaredStock> NewIn(ProductChange change)
    {
        var known = (change.Before?.Variants ?? []).Where(variant => variant.TracksInventory).Select(variant => variant.Sku).ToHashSet(StringComparer.Ordinal);
        return change.After.Variants.Where(variant => variant.TracksInventory && !known.Contains(variant.Sku)).Select(variant => new DeclaredStock(variant.Sku, 0));
    }
}
