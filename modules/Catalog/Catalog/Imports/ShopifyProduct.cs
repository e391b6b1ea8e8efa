using ModularMonolith.Catalog.Products;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Imports;

/// <summary>What the rows of one handle say. Null means that the file lacks the column, so that an existing product keeps what it has.</summary>
internal sealed class ShopifyProduct
{
    public required int Line { get; init; }

    public required ShopifyHeader Header { get; init; }

    /// <summary>The characters of its rows.</summary>
    public required int Length { get; init; }

    public required string Handle { get; init; }

    public required string Title { get; init; }

    public string? Body { get; init; }

    public string? Vendor { get; init; }

    public string? Type { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public ProductStatus? Status { get; init; }

    public bool? IsGiftCard { get; init; }

    public string? SeoTitle { get; init; }

    public string? SeoDescription { get; init; }

    /// <summary>None for a product with one variant only.</summary>
    public required IReadOnlyList<string> OptionNames { get; init; }

    public required IReadOnlyList<ShopifyVariant> Variants { get; init; }

    public required IReadOnlyList<ShopifyImage> Images { get; init; }

    /// <summary>The columns without a meaning here that say something about the whole product.</summary>
    public required IReadOnlyList<ProductAttribute> Attributes { get; init; }
}

internal sealed class ShopifyVariant
{
    public required int Line { get; init; }

    public required IReadOnlyList<string> OptionValues { get; init; }

    /// <summary>As the file gives it; null when the cell is blank.</summary>
    public string? Sku { get; init; }

    public decimal? Grams { get; init; }

    public string? InventoryTracker { get; init; }

    /// <summary>0 or more; null when the cell is blank.</summary>
    public int? Quantity { get; init; }

    public InventoryPolicy? InventoryPolicy { get; init; }

    public string? FulfillmentService { get; init; }

    public required Money Price { get; init; }

    public Money? CompareAtPrice { get; init; }

    public bool? RequiresShipping { get; init; }

    public bool? IsTaxable { get; init; }

    public string? Barcode { get; init; }

    public string? Image { get; init; }

    public string? WeightUnit { get; init; }

    public string? TaxCode { get; init; }

    public required IReadOnlyList<ProductAttribute> Attributes { get; init; }
}

internal sealed record ShopifyImage(int Line, string Url, string? AltText, int? Position, IReadOnlyList<ProductAttribute> Attributes);
