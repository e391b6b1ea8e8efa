using FluentValidation;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>What the parts of a promotion may hold.</summary>
internal static class PromotionLimitations
{
    public const int Title = 200;
    public const int Name = 200;
    public const int Actions = 5;
    public const int Conditions = 20;
    public const int Values = 200;
    public const int Currencies = 50;
    public const int Quantity = 1_000_000;
    public const int Uses = 1_000_000_000;
    public const int Priority = 1_000;
    public const long Amount = 1_000_000_000_000_000;

    public static IRuleBuilderOptions<T, IReadOnlyList<Money>?> AreAmounts<T>(this IRuleBuilder<T, IReadOnlyList<Money>?> rule) => rule
        .Must(static amounts => amounts is null || amounts.Count <= Currencies).WithMessage($"Name at most {Currencies} amounts.")
        .Must(static amounts => amounts is null || amounts.All(static amount => amount.Amount is > 0 and <= Amount)).WithMessage("Each amount is above zero and at most 1,000,000,000,000,000 minor units.")
        .Must(static amounts => amounts is null || amounts.DistinctBy(static amount => amount.Currency).Count() == amounts.Count).WithMessage("Name each currency once.");

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreNames<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(static names => names is null || names.Count <= Values).WithMessage($"Name at most {Values} values.")
        .Must(static names => names is null || names.All(static name => !string.IsNullOrWhiteSpace(name) && name.Length <= Name && !name.Contains('\0', StringComparison.Ordinal)))
        .WithMessage($"Each value has 1 to {Name} characters, and not U+0000.");

    public static IRuleBuilderOptions<T, decimal> IsPercent<T>(this IRuleBuilder<T, decimal> rule) => rule
        .Must(static percent => percent is > 0 and <= 100 && decimal.Round(percent, 2) == percent).WithMessage("The percentage is above 0, at most 100, and has at most two decimals.");
}

internal sealed class PromotionContentValidator : AbstractValidator<PromotionContent>
{
    public PromotionContentValidator()
    {
        RuleFor(content => content.Title).Must(static title => !string.IsNullOrWhiteSpace(title)).WithMessage("Give the promotion a title.").MaximumLength(PromotionLimitations.Title).NoNul();
        RuleFor(content => content.Priority).InclusiveBetween(-PromotionLimitations.Priority, PromotionLimitations.Priority);
        RuleFor(content => content.EndsAt).Must(static (content, ends) => ends is null || content.StartsAt is null || ends > content.StartsAt).WithMessage("The promotion ends after it starts.");
        RuleFor(content => content.Actions).Must(static actions => actions is { Count: >= 1 and <= PromotionLimitations.Actions })
            .WithMessage($"A promotion has 1 to {PromotionLimitations.Actions} actions.");
        RuleForEach(content => content.Actions).NotNull().SetValidator(new PromotionActionValidator());
        RuleFor(content => content.Conditions).Must(static conditions => conditions is null || conditions.Count <= PromotionLimitations.Conditions)
            .WithMessage($"A promotion has at most {PromotionLimitations.Conditions} conditions.");
        RuleForEach(content => content.Conditions).NotNull().SetValidator(new PromotionConditionValidator());
        RuleFor(content => content.Limits!).SetValidator(new PromotionLimitsValidator()).When(static content => content.Limits is not null);
    }
}

internal sealed class PromotionLimitsValidator : AbstractValidator<PromotionLimits>
{
    public PromotionLimitsValidator()
    {
        RuleFor(limits => limits.Uses).InclusiveBetween(1, PromotionLimitations.Uses);
        RuleFor(limits => limits.UsesByCustomer).InclusiveBetween(1, PromotionLimitations.Uses);
        RuleFor(limits => limits.Budget).AreAmounts();
    }
}

internal sealed class PromotionActionValidator : AbstractValidator<PromotionAction>
{
    public PromotionActionValidator()
    {
        RuleFor(action => action).Must(static action => new object?[] { action.Percentage, action.FixedAmount, action.BuyGet, action.FreeShipping }.Count(static part => part is not null) == 1)
            .WithName("action").WithMessage("Give exactly one of percentage, fixedAmount, buyGet and freeShipping.").OverridePropertyName(string.Empty);
        When(static action => action.Percentage is not null, () =>
        {
            RuleFor(action => action.Percentage!.Percent).IsPercent();
            RuleFor(action => action.Percentage!.Match!).SetValidator(new LineMatchValidator()).When(static action => action.Percentage!.Match is not null);
            RuleFor(action => action.Percentage!.Maximum).AreAmounts();
        });
        When(static action => action.FixedAmount is not null, () =>
        {
            RuleFor(action => action.FixedAmount!.Amounts).Must(static amounts => amounts is { Count: > 0 }).WithMessage("Name an amount.");
            RuleFor(action => action.FixedAmount!.Amounts).AreAmounts();
            RuleFor(action => action.FixedAmount!.Match!).SetValidator(new LineMatchValidator()).When(static action => action.FixedAmount!.Match is not null);
        });
        When(static action => action.BuyGet is not null, () =>
        {
            RuleFor(action => action.BuyGet!.BuyQuantity).InclusiveBetween(1, PromotionLimitations.Quantity);
            RuleFor(action => action.BuyGet!.GetQuantity).InclusiveBetween(1, PromotionLimitations.Quantity);
            RuleFor(action => action.BuyGet!.Percent).IsPercent();
            RuleFor(action => action.BuyGet!.Repetitions).InclusiveBetween(1, PromotionLimitations.Quantity);
            RuleFor(action => action.BuyGet!.Buy!).SetValidator(new LineMatchValidator()).When(static action => action.BuyGet!.Buy is not null);
            RuleFor(action => action.BuyGet!.Get!).SetValidator(new LineMatchValidator()).When(static action => action.BuyGet!.Get is not null);
        });
        RuleFor(action => action.FreeShipping!.Maximum).AreAmounts().When(static action => action.FreeShipping is not null);
    }
}

internal sealed class PromotionConditionValidator : AbstractValidator<PromotionCondition>
{
    public PromotionConditionValidator()
    {
        RuleFor(condition => condition)
            .Must(static condition => new object?[] { condition.Lines, condition.Order, condition.Customer, condition.Time, condition.Destination }.Count(static part => part is not null) == 1)
            .WithName("condition").WithMessage("Give exactly one of lines, order, customer, time and destination.").OverridePropertyName(string.Empty);
        When(static condition => condition.Lines is not null, () =>
        {
            RuleFor(condition => condition.Lines!.MinimumQuantity).InclusiveBetween(1, PromotionLimitations.Quantity);
            RuleFor(condition => condition.Lines!.MinimumAmount).AreAmounts();
            RuleFor(condition => condition.Lines!.Match!).SetValidator(new LineMatchValidator()).When(static condition => condition.Lines!.Match is not null);
        });
        When(static condition => condition.Order is not null, () =>
        {
            RuleFor(condition => condition.Order!.MinimumTotal).AreAmounts();
            RuleFor(condition => condition.Order!.MinimumItems).InclusiveBetween(1, PromotionLimitations.Quantity);
            RuleFor(condition => condition.Order!.Currencies).Must(static codes => codes is null || (codes.Count <= PromotionLimitations.Currencies && codes.All(Money.IsCurrencyCode)))
                .WithMessage($"Name at most {PromotionLimitations.Currencies} currencies as in ISO 4217.");
        });
        RuleFor(condition => condition.Customer!.Groups).AreNames().When(static condition => condition.Customer is not null);
        When(static condition => condition.Time is not null, () =>
        {
            RuleFor(condition => condition.Time!.Weekdays).Must(static days => days is null || (days.Count <= 7 && days.All(Enum.IsDefined))).WithMessage("Name at most seven weekdays.");
            RuleFor(condition => condition.Time!.FromHour).InclusiveBetween(0, 23);
            RuleFor(condition => condition.Time!.UntilHour).InclusiveBetween(1, 24);
        });
        RuleFor(condition => condition.Destination!.Countries)
            .Must(static codes => codes is { Count: >= 1 and <= PromotionLimitations.Values } && codes.All(static code => code is { Length: 2 } && code.All(char.IsAsciiLetterUpper)))
            .WithMessage($"Name 1 to {PromotionLimitations.Values} countries as in ISO 3166-1: two capital letters.")
            .When(static condition => condition.Destination is not null);
    }
}

internal sealed class LineMatchValidator : AbstractValidator<LineMatch>
{
    public LineMatchValidator()
    {
        RuleFor(match => match.Skus).AreNames();
        RuleFor(match => match.Vendors).AreNames();
        RuleFor(match => match.Types).AreNames();
        RuleFor(match => match.Tags).AreNames();
        RuleFor(match => match.Products).Must(static products => products is null || products.Count <= PromotionLimitations.Values).WithMessage($"Name at most {PromotionLimitations.Values} products.");
    }
}
