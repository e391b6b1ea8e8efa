using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;

namespace ModularMonolith.Catalog.Products;

/// <summary>Makes products of what clients send.</summary>
internal static class ProductComposition
{
    /// <summary>A new draft.</summary>
    public static Product NewDraft(ProductContent content, string slug, DateTimeOffset now) =>
        Compose(content, slug, null, new Product { Id = Guid.CreateVersion7(now), Slug = slug, Title = content.Title, Variants = [], CreatedAt = now, UpdatedAt = now }, now);

    /// <summary>The product with its content replaced; what the client cannot set stays.</summary>
    /// <exception cref="ValidationException">A variant's id is not one of the product's.</exception>
    public static Product Replace(Product before, ProductContent content, DateTimeOffset now) =>
        Compose(content, content.Slug ?? before.Slug, before, before, now);

    /// <summary>Whether two products differ in nothing but version and time of change.</summary>
    public static bool HaveSameContent(Product one, Product other) =>
        Comparable(one).AsSpan().SequenceEqual(Comparable(other));

    private static byte[] Comparable(Product product) => JsonSerializer.SerializeToUtf8Bytes(product with { Version = 0, UpdatedAt = default });

    private static Product Compose(ProductContent content, string slug, Product? before, Product start, DateTimeOffset now) => start with
    {
        Slug = slug,
        Title = content.Title,
        DescriptionHtml = content.DescriptionHtml,
        Vendor = content.Vendor,
        Type = content.Type,
        Tags = [.. (content.Tags ?? []).Distinct(StringComparer.Ordinal)],
        Options = content.Options ?? [],
        Variants = VariantsOf(content, slug, before, now),
        Images = ImagesOf(content.Images ?? []),
        SeoTitle = content.Seo?.Title,
        SeoDescription = content.Seo?.Description,
        IsGiftCard = content.IsGiftCard,
        TaxCategory = content.TaxCategory,
        Attributes = content.Attributes ?? [],
        UpdatedAt = now,
    };

    private static List<ProductVariant> VariantsOf(ProductContent content, string slug, Product? before, DateTimeOffset now)
    {
        var byId = (before?.Variants ?? []).ToDictionary(variant => variant.Id);
        var bySku = (before?.Variants ?? []).ToDictionary(variant => variant.Sku, StringComparer.Ordinal);
        var taken = content.Variants.Where(variant => variant.Id is not null).Select(variant => variant.Id!.Value).ToHashSet();
        var failures = new List<ValidationFailure>();
        var variants = new List<ProductVariant>(content.Variants.Count);
        for (var index = 0; index < content.Variants.Count; index++)
        {
            var given = content.Variants[index];
            ProductVariant? present = null;
            if (given.Id is { } id && !byId.TryGetValue(id, out present))
            {
                failures.Add(new ValidationFailure($"Variants[{index}].Id", "The product has no variant with this id. Leave the id out for a new variant."));
            }

            if (given.Id is null && given.Sku is { } sku && bySku.TryGetValue(sku, out var same) && taken.Add(same.Id))
            {
                present = same;
            }

            variants.Add(VariantOf(given, present, slug, now));
        }

        failures.AddRange(variants.GroupBy(variant => variant.Sku, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => new ValidationFailure("Variants", $"The SKU {group.Key} stands twice in this product.")));
        return failures.Count == 0 ? variants : throw new ValidationException(failures);
    }

    private static ProductVariant VariantOf(VariantContent given, ProductVariant? present, string slug, DateTimeOffset now) => new()
    {
        Id = present?.Id ?? Guid.CreateVersion7(now),
        Sku = !string.IsNullOrEmpty(given.Sku) ? given.Sku : present?.Sku ?? GeneratedSku.For(slug, given.OptionValues ?? []),
        Barcode = given.Barcode,
        OptionValues = given.OptionValues ?? [],
        Price = given.Price,
        CompareAtPrice = given.CompareAtPrice,
        // Dividing drops the zeros behind the decimal point, which would make equal weights look different.
        WeightGrams = given.WeightGrams / 1.0000000000000000000000000000m,
        WeightUnit = given.WeightUnit,
        IsTaxable = given.IsTaxable,
        RequiresShipping = given.RequiresShipping,
        TracksInventory = given.TracksInventory,
        InventoryTracker = given.InventoryTracker,
        InventoryPolicy = given.InventoryPolicy,
        FulfillmentService = given.FulfillmentService,
        TaxCode = given.TaxCode,
        ImageUrl = given.ImageUrl,
        Attributes = given.Attributes ?? [],
    };

    private static List<ProductImage> ImagesOf(IReadOnlyList<ImageContent> images)
    {
        var positioned = images.All(image => image.Position is not null);
        var composed = images.Select((image, index) => new ProductImage
        {
            Url = image.Url,
            Alt = image.Alt,
            Position = positioned ? image.Position!.Value : index + 1,
            Attributes = image.Attributes ?? [],
        });
        return [.. composed.OrderBy(image => image.Position)];
    }
}
