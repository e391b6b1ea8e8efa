using System.Text.Json.Serialization;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering;

/// <summary>
/// A line with the price at which it is offered or was ordered, as checkouts and orders keep it. Lines of the time before there were quotes have no discount, tax and total.
/// </summary>
internal sealed record PricedLine(
    Guid VariantId, string Sku, string Title, int Quantity, Money UnitPrice, bool IsReserved, int WeightGrams = 0, Money? Discount = null, Money? Tax = null, Money? Total = null)
{
    /// <summary>What is paid for all of it, tax included.</summary>
    [JsonIgnore]
    public Money Paid => Total ?? (UnitPrice * Quantity);

    /// <summary>The tax in <see cref="Paid"/>.</summary>
    [JsonIgnore]
    public Money PaidTax => Tax ?? Money.Zero(UnitPrice.Currency);

    public LineView ToView() => new(
        VariantId, Sku, Title, Quantity, UnitPrice, UnitPrice * Quantity, Discount ?? Money.Zero(UnitPrice.Currency), PaidTax, Paid);
}

/// <summary>A line as clients see it.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">The product's and the variant's title.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one.</param>
/// <param name="LineTotal">The price of all, before discounts.</param>
/// <param name="Discount">The part of discounts that falls on it.</param>
/// <param name="Tax">Its tax.</param>
/// <param name="Total">What is paid for it, tax included.</param>
/// <param name="Cancelled">How many of them were cancelled.</param>
/// <param name="Shipped">How many of them have left.</param>
/// <param name="Returned">How many of them have come back.</param>
internal sealed record LineView(
    Guid VariantId, string Sku, string Title, int Quantity, Money UnitPrice, Money LineTotal, Money? Discount = null, Money? Tax = null, Money? Total = null,
    int Cancelled = 0, int Shipped = 0, int Returned = 0);

internal static class PricedLines
{
    /// <summary>What all lines cost, which are at least one and in one currency.</summary>
    public static Money Total(this IReadOnlyList<PricedLine> lines) => lines
        .Select(static line => line.Paid)
        .Aggregate(static (sum, next) => sum + next);

    /// <summary>What Inventory holds for the lines; empty when none of them tracks stock.</summary>
    public static IReadOnlyList<StockLine> Reserved(this IReadOnlyList<PricedLine> lines) =>
    [
        .. lines.Where(static line => line.IsReserved)
            .GroupBy(static line => line.Sku, StringComparer.Ordinal)
            .Select(static sku => new StockLine(sku.Key, sku.Sum(static line => line.Quantity))),
    ];
}
