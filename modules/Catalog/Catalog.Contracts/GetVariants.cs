using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Contracts;

/// <summary>What is sold under given variant ids, as it is now. Unknown ids are left out of the answer.</summary>
/// <param name="VariantIds">At most 200 ids.</param>
public sealed record GetVariants(IReadOnlyList<Guid> VariantIds) : IQuery<IReadOnlyList<VariantDetails>>;

/// <summary>What is sold under given SKUs, as it is now. Unknown SKUs are left out of the answer.</summary>
/// <param name="Skus">At most 200 SKUs, exactly as they are written in the catalogue.</param>
public sealed record GetVariantsBySku(IReadOnlyList<string> Skus) : IQuery<IReadOnlyList<VariantDetails>>;

/// <summary>One variant of a product.</summary>
/// <param name="VariantId">Its id.</param>
/// <param name="ProductId">The product's id.</param>
/// <param name="Sku">The stock-keeping unit, unique in the catalogue.</param>
/// <param name="ProductTitle">The product's title.</param>
/// <param name="VariantTitle">The option values, for example <c>Small / Red</c>; null when the product has only one variant.</param>
/// <param name="Slug">The product's slug.</param>
/// <param name="Price">The price of one.</param>
/// <param name="CompareAtPrice">The crossed-out price, if there is one.</param>
/// <param name="IsPublished">Whether it may be sold now.</param>
/// <param name="TracksInventory">Whether stock limits what can be sold.</param>
/// <param name="WeightGrams">The weight in grams, 0 when unknown.</param>
/// <param name="ImageUrl">A picture of the variant, or of the product.</param>
/// <param name="ProductType">The product's type, if it has one.</param>
/// <param name="Vendor">The product's vendor, if it has one.</param>
/// <param name="Tags">The product's tags.</param>
/// <param name="TaxCategory">The tax category; null for the standard one.</param>
public sealed record VariantDetails(
    Guid VariantId, Guid ProductId, string Sku, string ProductTitle, string? VariantTitle, string Slug, Money Price,
    Money? CompareAtPrice, bool IsPublished, bool TracksInventory, int WeightGrams, string? ImageUrl,
    string? ProductType = null, string? Vendor = null, IReadOnlyList<string>? Tags = null, string? TaxCategory = null);
