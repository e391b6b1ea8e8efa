using FluentValidation;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Shipping.Rates;

internal enum RateKind
{
    /// <summary>The same for every order.</summary>
    Flat,

    /// <summary>By what the goods weigh.</summary>
    ByWeight,

    /// <summary>By what the goods cost.</summary>
    ByTotal,
}

/// <summary>What a method costs in one currency.</summary>
/// <param name="Kind">What it depends on.</param>
/// <param name="Price">What it costs; of a flat rate only.</param>
/// <param name="Bands">What it costs up to which weight or total, rising; of the other kinds only. Beyond the last one the method is not offered.</param>
/// <param name="FreeFrom">From which total on it costs nothing.</param>
internal sealed record Rate(RateKind Kind, Money? Price = null, IReadOnlyList<RateBand>? Bands = null, Money? FreeFrom = null)
{
    /// <summary>The currency of all its amounts.</summary>
    public string Currency() => Price?.Currency ?? Bands![0].Price.Currency;

    /// <summary>The price of delivering goods, and how it came about.</summary>
    /// <returns>Null when the goods are beyond the last band.</returns>
    public (Money Price, string Reason)? PriceOf(Money total, int weightGrams)
    {
        if (FreeFrom is { } from && total.Amount >= from.Amount)
        {
            return (Money.Zero(from.Currency), $"Free from {from}.");
        }

        var (price, reason) = Kind == RateKind.Flat ? (Price, "for each order") : BandOf(total, weightGrams);
        return price is not { } found ? null
            : found.Amount == 0 ? (found, FreeFrom is null && Kind == RateKind.Flat ? "Free." : $"Free {reason}.")
            : (found, $"{found} {reason}.");
    }

    private (Money? Price, string Reason) BandOf(Money total, int weightGrams)
    {
        var measure = Kind == RateKind.ByWeight ? weightGrams : total.Amount;
        return Bands!.FirstOrDefault(band => band.UpTo is not { } limit || measure <= limit) is not { } band ? (null, string.Empty)
            : (band.Price, (Kind, band.UpTo) switch
            {
                (RateKind.ByWeight, { } grams) => $"for up to {grams} g",
                (RateKind.ByWeight, null) => $"for {weightGrams} g",
                (_, { } amount) => $"for goods of up to {new Money(amount, total.Currency)}",
                _ => $"for goods of {total}",
            });
    }
}

/// <summary>One band of a rate.</summary>
/// <param name="Price">What the method costs in it.</param>
/// <param name="UpTo">Its upper end, included: grams, or minor units of the currency. Null for no end.</param>
internal sealed record RateBand(Money Price, long? UpTo = null);

internal sealed class RateValidator : AbstractValidator<Rate>
{
    private const int MostBands = 50;
    private const long HighestAmount = 1_000_000_000_000;

    public RateValidator()
    {
        RuleFor(rate => rate.Kind).IsInEnum();
        RuleFor(rate => rate.Price).Must(static (rate, price) => (rate.Kind == RateKind.Flat) == price is not null)
            .WithMessage("A flat rate has a price; other rates have bands.");
        RuleFor(rate => rate.Bands).Must(static (rate, bands) => rate.Kind == RateKind.Flat ? bands is null or [] : bands is { Count: >= 1 and <= MostBands })
            .WithMessage($"A flat rate has no bands; other rates have 1 to {MostBands}.");
        RuleForEach(rate => rate.Bands).NotNull();
        RuleFor(rate => rate.Bands).Must(static bands => bands is null || AreRising(bands))
            .WithMessage("The ends of the bands are 1 or more and rise; only the last band has no end.");
        RuleFor(rate => rate.FreeFrom).Must(static (rate, _) => Amounts(rate).Select(static amount => amount.Currency).Distinct(StringComparer.Ordinal).Count() <= 1)
            .WithMessage("All amounts of a rate are in one currency.");
        RuleFor(rate => rate.Price).Must(static (rate, _) => Amounts(rate).All(static amount => amount.Amount is >= 0 and <= HighestAmount))
            .WithMessage("Amounts are 0 to 1,000,000,000,000 minor units.");
    }

    private static IEnumerable<Money> Amounts(Rate rate) =>
        (rate.Bands ?? []).Where(static band => band is not null).Select(static band => band.Price).Concat(new[] { rate.Price, rate.FreeFrom }.OfType<Money>());

    private static bool AreRising(IReadOnlyList<RateBand> bands)
    {
        long last = 0;
        for (var index = 0; index < bands.Count; index++)
        {
            var end = bands[index]?.UpTo ?? long.MaxValue;
            if (end <= last || (end == long.MaxValue && index < bands.Count - 1))
            {
                return false;
            }

            last = end;
        }

        return true;
    }
}
