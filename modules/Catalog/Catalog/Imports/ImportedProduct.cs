using ModularMonolith.Catalog.Products;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Brings a product of the catalogue to what the file says. Ids, times and whatever the file has no column for stay.</summary>
internal static class ImportedProduct
{
    /// <summary>Makes the product as it shall be.</summary>
    /// <param name="existing">The product with this slug, or null.</param>
    /// <param name="given">What the file says.</param>
    /// <param name="now">The time of the import.</param>
    /// <returns>The change, or null when the product is already as the file says.</returns>
    public static ProductChange? Change(Product? existing, ShopifyProduct given, DateTimeOffset now)
    {
        if (existing is null)
        {
            return new ProductChange(null, Merge(New(given, now), given, now));
        }

        var merged = Merge(existing, given, now);
        return ProductComposition.HaveSameContent(existing, merged)
            ? null
            : new ProductChange(existing, merged with { UpdatedAt = now });
    }

    private static Product New(ShopifyProduct given, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Slug = given.Handle,
        Title = given.Title,
        Variants = [],
        Status = ProductStatus.Active,
        CreatedAt = now,
        UpdatedAt = now,
    };

    private static Product Merge(Product present, ShopifyProduct given, DateTimeOffset now)
    {
        var status = given.Status ?? present.Status;

        // The cells of the first row are its variant's, but for those that the product is known to have.
        var known = present.Attributes.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var ofTheProduct = given.Variants[0].Attributes.Where(attribute => known.Contains(attribute.Name)).ToList();
        var variants = Variants(present, given, ofTheProduct, now);
        var images = given.Header.Has(ShopifyColumn.ImageSource) ? Images(present, given) : present.Images;
        (variants, images) = AttributesByRow(variants, images);
        return present with
        {
            Title = given.Title,
            DescriptionHtml = given.Body ?? present.DescriptionHtml,
            Vendor = given.Vendor ?? present.Vendor,
            Type = given.Type ?? present.Type,
            Tags = given.Tags ?? present.Tags,
            Options = given.OptionNames,
            Variants = variants,
            Images = images,
            SeoTitle = Text(given.SeoTitle, present.SeoTitle),
            SeoDescription = Text(given.SeoDescription, present.SeoDescription),
            IsGiftCard = given.IsGiftCard ?? present.IsGiftCard,
            Status = status,
            Attributes = Attributes(present.Attributes, [.. given.Attributes, .. ofTheProduct], given.Header),
            PublishedAt = present.PublishedAt ?? (status == ProductStatus.Active ? now : null),
        };
    }

    // A SKU is what stock and orders know a variant by, so it identifies it first; then its option values.
    private static List<ProductVariant> Variants(Product present, ShopifyProduct given, IReadOnlyList<ProductAttribute> ofTheProduct, DateTimeOffset now)
    {
        var left = present.Variants.ToList();
        var matched = new ProductVariant?[given.Variants.Count];
        for (var index = 0; index < matched.Length; index++)
        {
            matched[index] = Take(left, variant => variant.Sku == given.Variants[index].Sku);
        }

        var byValues = left.ToDictionary(static variant => string.Join('\u001f', variant.OptionValues), StringComparer.Ordinal);
        for (var index = 0; index < matched.Length; index++)
        {
            if (matched[index] is null && byValues.Remove(string.Join('\u001f', given.Variants[index].OptionValues), out var same))
            {
                matched[index] = same;
            }
        }

        return [.. matched.Select((variant, index) => Merge(variant, given.Variants[index], index == 0 ? ofTheProduct : [], given, now))];
    }

    private static ProductVariant? Take(List<ProductVariant> left, Predicate<ProductVariant> isIt)
    {
        var index = left.FindIndex(isIt);
        if (index < 0)
        {
            return null;
        }

        var taken = left[index];
        left.RemoveAt(index);
        return taken;
    }

    private static ProductVariant Merge(
        ProductVariant? present, ShopifyVariant given, IReadOnlyList<ProductAttribute> ofTheProduct, ShopifyProduct product, DateTimeOffset now) =>
        new()
        {
            Id = present?.Id ?? Guid.CreateVersion7(now),
            Sku = given.Sku ?? present?.Sku ?? GeneratedSku.For(product.Handle, given.OptionValues),
            Barcode = Text(given.Barcode, present?.Barcode),
            OptionValues = given.OptionValues,
            Price = given.Price,
            CompareAtPrice = product.Header.Has(ShopifyColumn.CompareAtPrice) ? given.CompareAtPrice : present?.CompareAtPrice,
            WeightGrams = given.Grams ?? present?.WeightGrams ?? 0,
            WeightUnit = Text(given.WeightUnit, present?.WeightUnit),
            IsTaxable = given.IsTaxable ?? present?.IsTaxable ?? true,
            RequiresShipping = given.RequiresShipping ?? present?.RequiresShipping ?? true,
            TracksInventory = Tracks(given, product.Header) ?? present?.TracksInventory ?? false,
            InventoryTracker = Text(given.InventoryTracker, present?.InventoryTracker),
            InventoryPolicy = given.InventoryPolicy ?? present?.InventoryPolicy ?? InventoryPolicy.Deny,
            FulfillmentService = Text(given.FulfillmentService, present?.FulfillmentService),
            TaxCode = Text(given.TaxCode, present?.TaxCode),
            ImageUrl = Text(given.Image, present?.ImageUrl),
            Attributes = Attributes(present?.Attributes ?? [], [.. given.Attributes.Except(ofTheProduct)], product.Header),
        };

    // Sample files of Shopify name no tracker and give a quantity all the same: whoever counts wants it counted.
    private static bool? Tracks(ShopifyVariant given, ShopifyHeader header) =>
        header.Has(ShopifyColumn.InventoryTracker) || header.Has(ShopifyColumn.InventoryQuantity)
            ? !string.IsNullOrEmpty(given.InventoryTracker) || given.Quantity is not null
            : null;

    private static List<ProductImage> Images(Product present, ShopifyProduct given)
    {
        var hasAltText = given.Header.Has(ShopifyColumn.ImageAltText);
        var isNumbered = given.Images.All(static image => image.Position is not null);
        return
        [
            .. given.Images
                .DistinctBy(static image => (image.Url, image.Position))
                .Select(static (image, index) => (Image: image, Position: image.Position ?? index + 1))
                .OrderBy(static image => image.Position)
                .Select((image, index) => new ProductImage
                {
                    Url = image.Image.Url,
                    Alt = hasAltText ? image.Image.AltText : present.Images.FirstOrDefault(same => same.Url == image.Image.Url)?.Alt,
                    Position = isNumbered ? image.Position : index + 1,
                    Attributes = image.Image.Attributes,
                }),
        ];
    }

    // The export writes variant n and picture n in row n. What a row kept for a picture that shares its row with a variant
    // would be read as the variant's the next time, so it is the variant's from the beginning.
    private static (List<ProductVariant> Variants, IReadOnlyList<ProductImage> Images) AttributesByRow(List<ProductVariant> variants, IReadOnlyList<ProductImage> images)
    {
        if (!images.Take(variants.Count).Any(static image => image.Attributes.Count > 0))
        {
            return (variants, images);
        }

        for (var index = 0; index < Math.Min(variants.Count, images.Count); index++)
        {
            var known = variants[index].Attributes;
            variants[index] = variants[index] with { Attributes = [.. known, .. images[index].Attributes.ExceptBy(known.Select(NameOf), NameOf)] };
        }

        return (variants, [.. images.Select((image, index) => index < variants.Count ? image with { Attributes = [] } : image)]);
    }

    // The order of columns is the file's; a file with the same columns in another order says the same. A CSV cell cannot tell an
    // empty value from none.
    private static IReadOnlyList<ProductAttribute> Attributes(IReadOnlyList<ProductAttribute> present, IReadOnlyList<ProductAttribute> given, ShopifyHeader header)
    {
        IReadOnlyList<ProductAttribute> merged =
        [
            .. given,
            .. present.Where(attribute => !header.HasVerbatim(attribute.Name) || (attribute.Value.Length == 0 && !given.Any(other => other.Name == attribute.Name))),
        ];
        return merged.Count == present.Count && merged.ToHashSet().SetEquals(present) ? present : merged;
    }

    private static string NameOf(ProductAttribute attribute) => attribute.Name;

    private static string? Text(string? given, string? present) =>
        given is null || (given.Length == 0 && string.IsNullOrEmpty(present)) ? present : given.Length == 0 ? null : given;
}
