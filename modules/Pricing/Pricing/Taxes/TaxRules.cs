namespace ModularMonolith.Pricing.Taxes;

/// <summary>Where tax is rounded: half a unit away from zero, as merchants do.</summary>
internal enum TaxRounding
{
    /// <summary>For each item and each tax.</summary>
    Line,

    /// <summary>Once for all items that have the same rates; the rounded tax is divided among them without losing a unit.</summary>
    Order,
}

/// <summary>One tax of an item.</summary>
/// <param name="Name">As it is printed on invoices.</param>
/// <param name="Rate">As a fraction, at most 6 digits behind the point.</param>
/// <param name="Category">The tax category that it was found by; null for the standard one.</param>
internal sealed record TaxRate(string Name, decimal Rate, string? Category = null);

/// <summary>Why no tax is due that would be.</summary>
/// <param name="Rule">The exemption's id.</param>
/// <param name="Reason">As it is printed on invoices.</param>
/// <param name="IsReverseCharge">Whether the customer accounts for the tax.</param>
internal sealed record TaxRelief(string Rule, string Reason, bool IsReverseCharge);

/// <summary>A tax that was looked at and does not count.</summary>
/// <param name="Rule">Which one.</param>
/// <param name="Title">Its name.</param>
/// <param name="Reason">Why not, in a sentence.</param>
internal sealed record RejectedTax(string Rule, string Title, string Reason);

/// <summary>The taxes of a quote as they were: a part of its evidence.</summary>
/// <param name="Rule">The zone's code, or <c>provider</c>; <c>none</c> when no tax is due.</param>
/// <param name="Title">The zone's title, for people.</param>
/// <param name="Reason">Why these taxes, in a sentence.</param>
/// <param name="Sets">The different sets of taxes; none of them when no tax is due.</param>
/// <param name="ItemSets">For each item the index of its set; empty when no tax is due.</param>
/// <param name="ShippingSet">The index of shipping's set; null when there is no shipping.</param>
/// <param name="Relief">An exemption: the taxes are those that would be due.</param>
/// <param name="Rejected">What was looked at and does not count.</param>
internal sealed record TaxRules(
    string Rule,
    string Title,
    string Reason,
    IReadOnlyList<IReadOnlyList<TaxRate>> Sets,
    IReadOnlyList<int> ItemSets,
    int? ShippingSet = null,
    TaxRelief? Relief = null,
    IReadOnlyList<RejectedTax>? Rejected = null)
{
    private static readonly IReadOnlyList<TaxRate> NoRates = [];

    /// <summary>No tax is due.</summary>
    public static TaxRules None(string reason) => new("none", "No tax", reason, [], []);

    public static bool IsCountry(string? country) => country is { Length: 2 } && char.IsAsciiLetterUpper(country[0]) && char.IsAsciiLetterUpper(country[1]);

    public IReadOnlyList<TaxRate> OfItem(int index) => ItemSets.Count == 0 ? NoRates : Sets[ItemSets[index]];

    public IReadOnlyList<TaxRate> OfShipping() => ShippingSet is { } set ? Sets[set] : NoRates;
}
