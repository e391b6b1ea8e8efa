using FluentValidation;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Catalog.Products;

/// <summary>What a client says about a product when it creates or replaces it.</summary>
internal sealed record ProductContent(
    string Title, IReadOnlyList<VariantContent> Variants, string? Slug = null, string DescriptionHtml = "", string Vendor = "", string Type = "",
    IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Options = null, IReadOnlyList<ImageContent>? Images = null,
    SeoContent? Seo = null, bool IsGiftCard = false, IReadOnlyList<ProductAttribute>? Attributes = null,
    string? TaxCategory = null);

/// <summary>One variant. With an id, or the SKU of an existing variant, it is that variant; otherwise a new one. A missing SKU is generated.</summary>
internal sealed record VariantContent(
    Money Price, Guid? Id = null, string? Sku = null, string? Barcode = null, IReadOnlyList<string>? OptionValues = null, Money? CompareAtPrice = null,
    decimal WeightGrams = 0, string? WeightUnit = null, bool IsTaxable = true, bool RequiresShipping = true, bool TracksInventory = true,
    string? InventoryTracker = null, InventoryPolicy InventoryPolicy = InventoryPolicy.Deny, string? FulfillmentService = null,
    string? TaxCode = null, string? ImageUrl = null, IReadOnlyList<ProductAttribute>? Attributes = null);

/// <summary>One picture. Positions follow the order of the list unless all are given.</summary>
internal sealed record ImageContent(string Url, string? Alt = null, int? Position = null, IReadOnlyList<ProductAttribute>? Attributes = null);

/// <summary>What search engines show.</summary>
internal sealed record SeoContent(string? Title = null, string? Description = null);

internal sealed class ProductContentValidator : AbstractValidator<ProductContent>
{
    public ProductContentValidator(CatalogSettings settings)
    {
        RuleFor(product => product.Title).NotEmpty().MaximumLength(ProductLimits.Title).NoNul();
        RuleFor(product => product.Slug).Must(static slug => slug is null || Products.Slug.IsValid(slug))
            .WithMessage($"A slug has 1 to {ProductLimits.Slug} lower-case letters, digits, hyphens, underscores and dots.");
        RuleFor(product => product.DescriptionHtml).MaximumLength(ProductLimits.Description).NoNul();
        RuleFor(product => product.Vendor).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(product => product.Type).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(product => product.TaxCategory).Length(1, ProductLimits.TaxCategory).NoNul();
        RuleFor(product => product.Tags).Must(static tags => tags is null || tags.Count <= ProductLimits.Tags)
            .WithMessage($"A product has at most {ProductLimits.Tags} tags.");
        RuleForEach(product => product.Tags).NotEmpty().MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(product => product.Options)
            .Must(static options => options is null || options.Count <= ProductLimits.Options).WithMessage($"A product has at most {ProductLimits.Options} options.")
            .Must(static options => options is null || options.Distinct(StringComparer.OrdinalIgnoreCase).Count() == options.Count).WithMessage("Each option has a name of its own.");
        RuleForEach(product => product.Options).NotEmpty().MaximumLength(ProductLimits.OptionValue).NoNul();
        RuleFor(product => product.Images).Must(static images => images is null || images.Count <= ProductLimits.Images)
            .WithMessage($"A product has at most {ProductLimits.Images} images.");
        RuleForEach(product => product.Images).NotNull().SetValidator(new ImageContentValidator());
        RuleFor(product => product.Seo!.Title).MaximumLength(ProductLimits.SeoText).NoNul().When(product => product.Seo is not null);
        RuleFor(product => product.Seo!.Description).MaximumLength(ProductLimits.SeoText).NoNul().When(product => product.Seo is not null);
        RuleFor(product => product.Attributes).SetValidator(new AttributesValidator());
        RuleFor(product => product.Variants).Cascade(CascadeMode.Stop)
            .Must(static variants => variants is { Count: >= 1 and <= ProductLimits.Variants }).WithMessage($"A product has 1 to {ProductLimits.Variants} variants.")
            .Custom(VariantRules);
        RuleForEach(product => product.Variants).NotNull().SetValidator(new VariantContentValidator(settings));
    }

    private static void VariantRules(IReadOnlyList<VariantContent> variants, ValidationContext<ProductContent> context)
    {
        var optionCount = context.InstanceToValidate.Options?.Count ?? 0;
        var skus = new HashSet<string>(StringComparer.Ordinal);
        var combinations = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ids = new HashSet<Guid>();
        for (var index = 0; index < variants.Count; index++)
        {
            if (variants[index] is not { } variant)
            {
                continue;
            }

            var values = variant.OptionValues ?? [];
            if (values.Count != optionCount)
            {
                context.AddFailure($"Variants[{index}].OptionValues", $"The product has {optionCount} options, so the variant needs {optionCount} option values, not {values.Count}.");
            }
            else if (!combinations.Add(string.Join('\u001f', values)))
            {
                context.AddFailure($"Variants[{index}].OptionValues", "Another variant has the same option values. Each combination stands once; a product without options has one variant.");
            }

            if (!string.IsNullOrEmpty(variant.Sku) && !skus.Add(variant.Sku))
            {
                context.AddFailure($"Variants[{index}].Sku", $"The SKU {variant.Sku} stands twice in this product.");
            }

            if (variant.Id is { } id && !ids.Add(id))
            {
                context.AddFailure($"Variants[{index}].Id", "The variant stands twice in this product.");
            }
        }
    }
}

internal sealed class VariantContentValidator : AbstractValidator<VariantContent>
{
    public VariantContentValidator(CatalogSettings settings)
    {
        RuleFor(variant => variant.Price).Must(price => IsPrice(price, settings)).WithMessage(PriceMessage(settings));
        RuleFor(variant => variant.CompareAtPrice).Must(price => price is not { } given || IsPrice(given, settings)).WithMessage(PriceMessage(settings));
        RuleFor(variant => variant.Sku).MaximumLength(ProductLimits.Sku).NoNul()
            .Must(static sku => string.IsNullOrEmpty(sku) || sku.Trim() == sku).WithMessage("A SKU neither starts nor ends with white space.");
        RuleFor(variant => variant.Barcode).MaximumLength(ProductLimits.Name).NoNul();
        RuleForEach(variant => variant.OptionValues).NotEmpty().MaximumLength(ProductLimits.OptionValue).NoNul();
        RuleFor(variant => variant.WeightGrams).InclusiveBetween(0, ProductLimits.WeightGrams);
        RuleFor(variant => variant.WeightUnit).Must(static unit => unit is null || ProductLimits.WeightUnits.Contains(unit))
            .WithMessage($"A weight unit is one of {string.Join(", ", ProductLimits.WeightUnits)}.");
        RuleFor(variant => variant.InventoryTracker).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(variant => variant.InventoryPolicy).IsInEnum();
        RuleFor(variant => variant.FulfillmentService).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(variant => variant.TaxCode).MaximumLength(ProductLimits.Name).NoNul();
        RuleFor(variant => variant.ImageUrl).Must(static url => url is null || ImageContentValidator.IsUrl(url)).WithMessage(ImageContentValidator.UrlMessage);
        RuleFor(variant => variant.Attributes).SetValidator(new AttributesValidator());
    }

    private static bool IsPrice(Money price, CatalogSettings settings) =>
        price.Currency == settings.Currency && price.Amount is >= 0 and <= ProductLimits.Price;

    private static string PriceMessage(CatalogSettings settings) =>
        $"A price is 0 to {ProductLimits.Price} minor units of {settings.Currency}, the currency of this shop.";
}

internal sealed class ImageContentValidator : AbstractValidator<ImageContent>
{
    public static readonly string UrlMessage = $"An image's URL is absolute, http or https, and has at most {ProductLimits.Url} characters.";

    public ImageContentValidator()
    {
        RuleFor(image => image.Url).Must(IsUrl).WithMessage(UrlMessage);
        RuleFor(image => image.Alt).MaximumLength(ProductLimits.SeoText).NoNul();
        RuleFor(image => image.Position).InclusiveBetween(1, 10_000);
        RuleFor(image => image.Attributes).SetValidator(new AttributesValidator());
    }

    public static bool IsUrl(string? text) =>
        text is { Length: <= ProductLimits.Url } && !text.Contains('\0', StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}

internal sealed class AttributesValidator : AbstractValidator<IReadOnlyList<ProductAttribute>?>
{
    public AttributesValidator()
    {
        RuleFor(attributes => attributes!.Count).LessThanOrEqualTo(ProductLimits.Attributes).OverridePropertyName(string.Empty)
            .WithMessage($"There are at most {ProductLimits.Attributes} attributes.").When(static attributes => attributes is not null);
        RuleForEach(attributes => attributes).NotNull().ChildRules(static attribute =>
        {
            attribute.RuleFor(one => one.Name).NotEmpty().MaximumLength(ProductLimits.Name).NoNul();
            attribute.RuleFor(one => one.Value).NotNull().MaximumLength(ProductLimits.AttributeValue).NoNul();
        });
    }
}
