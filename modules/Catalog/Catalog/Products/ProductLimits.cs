namespace ModularMonolith.Catalog.Products;

/// <summary>How large the parts of a product may be, wherever they come from. Lengths are in UTF-16 code units.</summary>
internal static class ProductLimits
{
    public const int Title = 255;

    public const int Slug = 255;

    public const int Description = 200_000;

    public const int Name = 255;

    public const int TaxCategory = 100;

    public const int Tags = 250;

    public const int Options = 3;

    public const int Variants = 2_000;

    public const int Images = 250;

    public const int Sku = 255;

    public const int OptionValue = 255;

    public const int Url = 2_048;

    public const int SeoText = 1_000;

    public const int Attributes = 200;

    public const int AttributeValue = 65_535;

    public const decimal WeightGrams = 100_000_000;

    /// <summary>In minor units: ten thousand million euros.</summary>
    public const long Price = 1_000_000_000_000;

    public static readonly IReadOnlyList<string> WeightUnits = ["g", "kg", "oz", "lb"];
}
