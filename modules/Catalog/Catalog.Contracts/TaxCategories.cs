namespace ModularMonolith.Catalog.Contracts;

/// <summary>Tax categories that have a meaning of their own. All others are names that people choose for products and that tax tables give rates to.</summary>
public static class TaxCategories
{
    /// <summary>No tax is ever due: gift cards, and variants that are marked so.</summary>
    public const string NotTaxable = "not-taxable";
}
