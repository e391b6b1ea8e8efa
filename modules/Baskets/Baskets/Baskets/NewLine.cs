using FluentValidation;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>What to put into a basket.</summary>
/// <param name="VariantId">The variant; either this or the SKU.</param>
/// <param name="Sku">Its stock-keeping unit exactly as the catalogue writes it; either this or the id.</param>
/// <param name="Quantity">1 to 999; 1 when left out.</param>
internal sealed record NewLine(Guid? VariantId = null, string? Sku = null, int Quantity = 1);

internal sealed class NewLineValidator : AbstractValidator<NewLine>
{
    private const int MaximumSkuLength = 255;

    public NewLineValidator()
    {
        RuleFor(line => line.VariantId)
            .Must(static (line, id) => id is null != line.Sku is null)
            .WithMessage("Name the variant either by variantId or by sku.");
        RuleFor(line => line.Sku).MinimumLength(1).MaximumLength(MaximumSkuLength).NoNul();
        RuleFor(line => line.Quantity).InclusiveBetween(1, Basket.MaximumQuantity);
    }
}
