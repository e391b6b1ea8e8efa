using System.Text;
using System.Text.Json;
using ModularMonolith.Catalog.Contracts;

namespace ModularMonolith.Catalog.Products;

/// <summary>A row of <c>product_search</c> as JSON gives it to the database.</summary>
internal sealed record SearchRow(
    Guid Id, string Slug, int Version, string Status, string TitleKey, string VendorKey, string TypeKey, IReadOnlyList<string> Tags,
    long MinPrice, long MaxPrice, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string Title, string Codes, string LabelWords,
    string Description, JsonElement Summary, JsonElement View, string? ProductType, string? Vendor, IReadOnlyList<string> Labels)
{
    // PostgreSQL refuses a search vector of more than 1 MiB; these limits keep the largest product below a third of it even when every
    // character takes three bytes and every code is split into parts.
    private const int IndexedDescription = 30_000;
    private const int IndexedCodes = 20_000;
    private const int IndexedLabels = 10_000;

    public static SearchRow Of(Product product, int version, JsonElement summary, JsonElement view) => new(
        product.Id, product.Slug, version, Key(product.Status), Key(product.Title), Key(product.Vendor), Key(product.Type),
        [.. product.Tags.Select(Key).Distinct()],
        product.Variants.Min(variant => variant.Price.Amount), product.Variants.Max(variant => variant.Price.Amount),
        product.CreatedAt, product.UpdatedAt, product.Title,
        Join(product.Variants.SelectMany(static variant => (IEnumerable<string?>)[variant.Sku, variant.Barcode]), IndexedCodes),
        Join([product.Vendor, product.Type, .. product.Tags], IndexedLabels),
        PlainText.Of(product.DescriptionHtml, IndexedDescription), summary, view,
        NullIfEmpty(product.Type), NullIfEmpty(product.Vendor), product.Tags);

    /// <summary>The form in which filters compare: letter case makes no difference.</summary>
    public static string Key(string text) => text.Trim().ToLowerInvariant();

    public static string Key(ProductStatus status) => status switch
    {
        ProductStatus.Draft => "draft",
        ProductStatus.Active => "active",
        _ => "archived",
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string Join(IEnumerable<string?> texts, int maximumLength)
    {
        var joined = new StringBuilder();
        foreach (var text in texts)
        {
            if (!string.IsNullOrEmpty(text) && joined.Length + text.Length < maximumLength)
            {
                joined.Append(text).Append(' ');
            }
        }

        return joined.ToString();
    }
}

/// <summary>A row of <c>variant_entry</c> as JSON gives it to the database.</summary>
internal sealed record VariantRow(
    Guid Id, Guid ProductId, string Sku, string ProductTitle, string? VariantTitle, string Slug, long Price, long? CompareAtPrice,
    string Currency, bool IsPublished, bool LimitsSales, int WeightGrams, string? ImageUrl, string? TaxCategory)
{
    public static IEnumerable<VariantRow> AllOf(Product product) => product.Variants.Select(variant => new VariantRow(
        variant.Id, product.Id, variant.Sku, product.Title,
        variant.OptionValues.Count == 0 ? null : string.Join(" / ", variant.OptionValues),
        product.Slug, variant.Price.Amount, variant.CompareAtPrice?.Amount, variant.Price.Currency,
        product.Status == ProductStatus.Active,
        variant is { TracksInventory: true, InventoryPolicy: InventoryPolicy.Deny },
        (int)Math.Round(variant.WeightGrams, MidpointRounding.AwayFromZero),
        variant.ImageUrl ?? (product.Images.Count > 0 ? product.Images[0].Url : null),
        product.IsGiftCard || !variant.IsTaxable ? TaxCategories.NotTaxable : product.TaxCategory));
}
