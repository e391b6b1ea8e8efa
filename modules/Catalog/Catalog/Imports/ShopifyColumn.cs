using System.Collections.Frozen;

namespace ModularMonolith.Catalog.Imports;

/// <summary>The columns of Shopify's product CSV that mean something here, in the order in which Shopify exports them.</summary>
internal enum ShopifyColumn
{
    Handle,
    Title,
    Body,
    Vendor,
    Type,
    Tags,
    Published,
    Option1Name,
    Option1Value,
    Option2Name,
    Option2Value,
    Option3Name,
    Option3Value,
    Sku,
    Grams,
    InventoryTracker,
    InventoryQuantity,
    InventoryPolicy,
    FulfillmentService,
    Price,
    CompareAtPrice,
    RequiresShipping,
    Taxable,
    Barcode,
    ImageSource,
    ImagePosition,
    ImageAltText,
    GiftCard,
    SeoTitle,
    SeoDescription,
    GoogleProductCategory,
    GoogleGender,
    GoogleAgeGroup,
    GoogleMpn,
    GoogleAdWordsGrouping,
    GoogleAdWordsLabels,
    GoogleCondition,
    GoogleCustomProduct,
    GoogleCustomLabel0,
    GoogleCustomLabel1,
    GoogleCustomLabel2,
    GoogleCustomLabel3,
    GoogleCustomLabel4,
    VariantImage,
    WeightUnit,
    TaxCode,

    /// <summary>Newer files have it; it is exported only where Published cannot say the same.</summary>
    Status,
}

/// <summary>The columns' names, and what is known about them.</summary>
internal static class ShopifyColumns
{
    /// <summary>The names in the order of <see cref="ShopifyColumn"/>.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published",
        "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
        "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy",
        "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable",
        "Variant Barcode", "Image Src", "Image Position", "Image Alt Text", "Gift Card", "SEO Title", "SEO Description",
        "Google Shopping / Google Product Category", "Google Shopping / Gender", "Google Shopping / Age Group", "Google Shopping / MPN",
        "Google Shopping / AdWords Grouping", "Google Shopping / AdWords Labels", "Google Shopping / Condition",
        "Google Shopping / Custom Product", "Google Shopping / Custom Label 0", "Google Shopping / Custom Label 1",
        "Google Shopping / Custom Label 2", "Google Shopping / Custom Label 3", "Google Shopping / Custom Label 4",
        "Variant Image", "Variant Weight Unit", "Variant Tax Code", "Status",
    ];

    /// <summary>Without these nothing can be made of a file.</summary>
    public static readonly IReadOnlyList<ShopifyColumn> Required =
        [ShopifyColumn.Handle, ShopifyColumn.Title, ShopifyColumn.Option1Name, ShopifyColumn.Option1Value, ShopifyColumn.Price];

    /// <summary>The columns that say something about the whole product; they stand in its first row.</summary>
    public static readonly IReadOnlyList<ShopifyColumn> OfTheProduct =
    [
        ShopifyColumn.Title, ShopifyColumn.Body, ShopifyColumn.Vendor, ShopifyColumn.Type, ShopifyColumn.Tags, ShopifyColumn.Published,
        ShopifyColumn.Option1Name, ShopifyColumn.Option2Name, ShopifyColumn.Option3Name, ShopifyColumn.GiftCard, ShopifyColumn.SeoTitle,
        ShopifyColumn.SeoDescription, ShopifyColumn.Status,
    ];

    /// <summary>The columns that make a row a variant.</summary>
    public static readonly IReadOnlyList<ShopifyColumn> OfTheVariant =
    [
        ShopifyColumn.Option1Value, ShopifyColumn.Option2Value, ShopifyColumn.Option3Value, ShopifyColumn.Sku, ShopifyColumn.Grams,
        ShopifyColumn.InventoryTracker, ShopifyColumn.InventoryQuantity, ShopifyColumn.InventoryPolicy, ShopifyColumn.FulfillmentService,
        ShopifyColumn.Price, ShopifyColumn.CompareAtPrice, ShopifyColumn.RequiresShipping, ShopifyColumn.Taxable, ShopifyColumn.Barcode,
        ShopifyColumn.VariantImage, ShopifyColumn.TaxCode,
    ];

    // The names that Shopify's newer template uses for the same columns.
    private static readonly KeyValuePair<string, ShopifyColumn>[] NewerNames =
    [
        new("URL handle", ShopifyColumn.Handle),
        new("Description", ShopifyColumn.Body),
        new("Published on online store", ShopifyColumn.Published),
        new("SKU", ShopifyColumn.Sku),
        new("Weight value (grams)", ShopifyColumn.Grams),
        new("Inventory tracker", ShopifyColumn.InventoryTracker),
        new("Inventory quantity", ShopifyColumn.InventoryQuantity),
        new("Continue selling when out of stock", ShopifyColumn.InventoryPolicy),
        new("Fulfillment service", ShopifyColumn.FulfillmentService),
        new("Price", ShopifyColumn.Price),
        new("Compare-at price", ShopifyColumn.CompareAtPrice),
        new("Requires shipping", ShopifyColumn.RequiresShipping),
        new("Charge tax", ShopifyColumn.Taxable),
        new("Barcode", ShopifyColumn.Barcode),
        new("Product image URL", ShopifyColumn.ImageSource),
        new("Variant image URL", ShopifyColumn.VariantImage),
        new("Weight unit for display", ShopifyColumn.WeightUnit),
        new("Tax code", ShopifyColumn.TaxCode),
    ];

    private static readonly FrozenDictionary<string, ShopifyColumn> Known = Names
        .Select(static (name, index) => KeyValuePair.Create(name, (ShopifyColumn)index))
        .Concat(NewerNames)
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static string Name(this ShopifyColumn column) => Names[(int)column];

    public static bool TryFind(string name, out ShopifyColumn column) => Known.TryGetValue(name, out column);

    /// <summary>Whether the column is only kept for the next export, cell by cell.</summary>
    public static bool IsVerbatim(this ShopifyColumn column) => column is >= ShopifyColumn.GoogleProductCategory and <= ShopifyColumn.GoogleCustomLabel4;

    /// <summary>Whether a column that is only kept belongs to the product and not to the variant of its row. Shopify fills such a column in the first row only.</summary>
    public static bool IsOfTheProduct(string name) =>
        name.Equals("Product Category", StringComparison.OrdinalIgnoreCase)
        || name.Equals(ShopifyColumn.GoogleProductCategory.Name(), StringComparison.Ordinal)
        || name.Contains("(product.metafields.", StringComparison.OrdinalIgnoreCase);
}
