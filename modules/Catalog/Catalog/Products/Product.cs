using JasperFx;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Products;

/// <summary>Where a product is in its life. Only active products are shown and sold.</summary>
internal enum ProductStatus
{
    Draft,
    Active,
    Archived,
}

/// <summary>What happens when a variant that tracks its stock has none left.</summary>
internal enum InventoryPolicy
{
    /// <summary>It cannot be ordered.</summary>
    Deny,

    /// <summary>It can be ordered all the same.</summary>
    Continue,
}

/// <summary>
/// What the shop sells: one product page with one or more variants. Never changed in place: a change is a copy made with <c>with</c>,
/// and both are given to <see cref="ProductWriter"/>.
/// </summary>
internal sealed record Product : IRevisioned
{
    public required Guid Id { get; init; }

    /// <summary>The product page's address, unique in the catalogue; Shopify calls it the handle.</summary>
    public required string Slug { get; init; }

    public required string Title { get; init; }

    /// <summary>As it was given; whoever shows it must treat it as untrusted HTML.</summary>
    public string DescriptionHtml { get; init; } = string.Empty;

    public string Vendor { get; init; } = string.Empty;

    public string Type { get; init; } = string.Empty;

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The names of the options, at most 3; none when there is only one variant.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public required IReadOnlyList<ProductVariant> Variants { get; init; }

    /// <summary>In the order of their positions.</summary>
    public IReadOnlyList<ProductImage> Images { get; init; } = [];

    public string? SeoTitle { get; init; }

    public string? SeoDescription { get; init; }

    public bool IsGiftCard { get; init; }

    /// <summary>The tax category of its variants; null for the standard one.</summary>
    public string? TaxCategory { get; init; }

    public ProductStatus Status { get; init; }

    /// <summary>Columns of a product file that have no field here (Google Shopping and unknown ones), verbatim and in order.</summary>
    public IReadOnlyList<ProductAttribute> Attributes { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was published first.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The numeric revision; set by the store.</summary>
    public int Version { get; set; }
}

/// <summary>One combination of option values, with its own SKU and price.</summary>
internal sealed record ProductVariant
{
    public required Guid Id { get; init; }

    /// <summary>Unique in the catalogue.</summary>
    public required string Sku { get; init; }

    public string? Barcode { get; init; }

    /// <summary>One value for each of the product's options, in their order.</summary>
    public IReadOnlyList<string> OptionValues { get; init; } = [];

    public required Money Price { get; init; }

    public Money? CompareAtPrice { get; init; }

    /// <summary>0 when unknown.</summary>
    public decimal WeightGrams { get; init; }

    /// <summary>The unit in which the weight is shown: g, kg, oz or lb.</summary>
    public string? WeightUnit { get; init; }

    public bool IsTaxable { get; init; } = true;

    public bool RequiresShipping { get; init; } = true;

    /// <summary>Whether the module Inventory counts this variant's stock.</summary>
    public bool TracksInventory { get; init; } = true;

    /// <summary>The product file's name of the system that counts the stock (<c>shopify</c>), verbatim.</summary>
    public string? InventoryTracker { get; init; }

    public InventoryPolicy InventoryPolicy { get; init; }

    public string? FulfillmentService { get; init; }

    public string? TaxCode { get; init; }

    public string? ImageUrl { get; init; }

    /// <summary>Columns of the variant's row in a product file that have no field here, verbatim and in order.</summary>
    public IReadOnlyList<ProductAttribute> Attributes { get; init; } = [];
}

/// <summary>A picture of a product.</summary>
internal sealed record ProductImage
{
    public required string Url { get; init; }

    public string? Alt { get; init; }

    /// <summary>1 for the first picture.</summary>
    public required int Position { get; init; }

    /// <summary>Columns of a row that has only this picture, verbatim and in order.</summary>
    public IReadOnlyList<ProductAttribute> Attributes { get; init; } = [];
}

/// <summary>A named value that the catalogue keeps but does not interpret.</summary>
internal sealed record ProductAttribute(string Name, string Value);
