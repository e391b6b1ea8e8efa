using FluentValidation;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Stock;

/// <summary>What the fields of Inventory's requests may hold.</summary>
internal static class StockRules
{
    public const int LongestSku = 200;
    public const int LongestNote = 500;

    public static IRuleBuilderOptions<T, string?> IsSku<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(static sku => !string.IsNullOrWhiteSpace(sku)).WithMessage("Name a SKU.")
        .MaximumLength(LongestSku).WithMessage($"A SKU has at most {LongestSku} characters.")
        .NoNul();

    public static IRuleBuilderOptions<T, string?> IsLocation<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(static code => code is not null && Location.IsCode(code))
        .WithMessage("A location's code is 1 to 30 lower-case letters, digits and hyphens and starts with a letter or digit.");

    public static IRuleBuilderOptions<T, string?> IsNote<T>(this IRuleBuilder<T, string?> rule) => rule
        .MaximumLength(LongestNote).WithMessage($"The text has at most {LongestNote} characters.")
        .NoNul();

    public static IRuleBuilderOptions<T, int> IsQuantity<T>(this IRuleBuilder<T, int> rule) => rule
        .InclusiveBetween(1, StockItem.MaximumQuantity).WithMessage("The quantity is 1 to 1,000,000,000.");
}
