using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering;

/// <summary>A line with the price at which it is offered or was ordered, as checkouts and orders keep it.</summary>
internal sealed record PricedLine(Guid VariantId, string Sku, string Title, int Quantity, Money UnitPrice, bool IsReserved)
{
    public LineView ToView() => new(VariantId, Sku, Title, Quantity, UnitPrice, UnitPrice * Quantity);
}

/// <summary>A line as clients see it.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">The product's and the variant's title.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one.</param>
/// <param name="LineTotal">The price of all.</param>
internal sealed record LineView(Guid VariantId, string Sku, string Title, int Quantity, Money UnitPrice, Money LineTotal);

internal static class PricedLines
{
    /// <summary>The sum of the lines, which are at least one and in one currency.</summary>
    public static Money Total(this IReadOnlyList<PricedLine> lines) => lines
        .Select(static line => line.UnitPrice * line.Quantity)
        .Aggregate(static (sum, next) => sum + next);

    /// <summary>What Inventory holds for the lines; empty when none of them tracks stock.</summary>
    public static IReadOnlyList<StockLine> Reserved(this IReadOnlyList<PricedLine> lines) =>
    [
        .. lines.Where(static line => line.IsReserved)
            .GroupBy(static line => line.Sku, StringComparer.Ordinal)
            .Select(static sku => new StockLine(sku.Key, sku.Sum(static line => line.Quantity))),
    ];
}
