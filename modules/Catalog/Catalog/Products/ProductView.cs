using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Products;

/// <summary>A product as the API shows it. Stored ready to be sent when the product is written.</summary>
internal sealed record ProductView(
    Guid Id, int Version, ProductStatus Status, string Slug, string Title, string DescriptionHtml, string Vendor, string Type,
    IReadOnlyList<string> Tags, IReadOnlyList<string> Options, IReadOnlyList<VariantView> Variants, IReadOnlyList<ImageView> Images,
    SeoView Seo, bool IsGiftCard, IReadOnlyList<ProductAttribute> Attributes,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? PublishedAt, string? TaxCategory = null)
{
    public static ProductView Of(Product product, int version) => new(
        product.Id, version, product.Status, product.Slug, product.Title, product.DescriptionHtml, product.Vendor, product.Type,
        product.Tags, product.Options, [.. product.Variants.Select(VariantView.Of)], [.. product.Images.Select(ImageView.Of)],
        new SeoView(product.SeoTitle, product.SeoDescription), product.IsGiftCard, product.Attributes,
        product.CreatedAt, product.UpdatedAt, product.PublishedAt, product.TaxCategory);
}

/// <summary>A variant as the API shows it.</summary>
internal sealed record VariantView(
    Guid Id, string Sku, string? Barcode, IReadOnlyList<string> OptionValues, Money Price, Money? CompareAtPrice, decimal WeightGrams,
    string? WeightUnit, bool IsTaxable, bool RequiresShipping, bool TracksInventory, string? InventoryTracker,
    InventoryPolicy InventoryPolicy, string? FulfillmentService, string? TaxCode, string? ImageUrl, IReadOnlyList<ProductAttribute> Attributes)
{
    public static VariantView Of(ProductVariant variant) => new(
        variant.Id, variant.Sku, variant.Barcode, variant.OptionValues, variant.Price, variant.CompareAtPrice, variant.WeightGrams,
        variant.WeightUnit, variant.IsTaxable, variant.RequiresShipping, variant.TracksInventory, variant.InventoryTracker,
        variant.InventoryPolicy, variant.FulfillmentService, variant.TaxCode, variant.ImageUrl, variant.Attributes);
}

/// <summary>A picture as the API shows it.</summary>
internal sealed record ImageView(string Url, string? Alt, int Position, IReadOnlyList<ProductAttribute> Attributes)
{
    public static ImageView Of(ProductImage image) => new(image.Url, image.Alt, image.Position, image.Attributes);
}

/// <summary>What search engines show.</summary>
internal sealed record SeoView(string? Title, string? Description);

/// <summary>A product in a list.</summary>
internal sealed record ProductSummary(
    Guid Id, int Version, ProductStatus Status, string Slug, string Title, string Vendor, string Type, IReadOnlyList<string> Tags,
    Money MinPrice, Money MaxPrice, int VariantCount, string? ImageUrl, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ProductSummary Of(Product product, int version) => new(
        product.Id, version, product.Status, product.Slug, product.Title, product.Vendor, product.Type, product.Tags,
        product.Variants.MinBy(variant => variant.Price.Amount)!.Price, product.Variants.MaxBy(variant => variant.Price.Amount)!.Price,
        product.Variants.Count, product.Images.Count > 0 ? product.Images[0].Url : null, product.CreatedAt, product.UpdatedAt);
}
