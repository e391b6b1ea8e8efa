using FluentValidation;

namespace ModularMonolith.Shipping.Rates;

internal enum MethodKind
{
    /// <summary>A carrier brings the goods.</summary>
    Delivery,

    /// <summary>The customer fetches them.</summary>
    Pickup,
}

/// <summary>A way to get goods to customers in one zone.</summary>
internal sealed class ShippingMethod : ITableEntry<ShippingMethod, MethodContent, MethodView>
{
    public const int MaximumCount = 200;

    /// <summary>The code.</summary>
    public required string Id { get; init; }

    public required MethodContent Content { get; set; }

    public int Version { get; set; }

    static string ITableEntry<ShippingMethod, MethodContent, MethodView>.Kind => "shipping method";

    static int ITableEntry<ShippingMethod, MethodContent, MethodView>.MaximumCount => MaximumCount;

    static ShippingMethod ITableEntry<ShippingMethod, MethodContent, MethodView>.Create(string code, MethodContent content) => new() { Id = code, Content = content };

    void ITableEntry<ShippingMethod, MethodContent, MethodView>.Change(MethodContent content) => Content = content;

    MethodView ITableEntry<ShippingMethod, MethodContent, MethodView>.ToView() => MethodView.Of(this);
}

/// <summary>A method as the API shows it.</summary>
/// <param name="Code">The code by which orders name it.</param>
/// <param name="Title">Its title.</param>
/// <param name="Kind">Whether goods are brought or fetched.</param>
/// <param name="Zone">Where it is offered.</param>
/// <param name="IsActive">Whether it is offered at all.</param>
/// <param name="EarliestDays">How many days it takes at least.</param>
/// <param name="LatestDays">How many days it takes at most.</param>
/// <param name="MaximumWeightGrams">What the goods may weigh at most.</param>
/// <param name="Rates">What it costs, by currency.</param>
/// <param name="NeedsPickupPoint">Whether the goods are brought to a pickup point, which the customer chooses.</param>
internal sealed record MethodView(
    string Code, string Title, MethodKind Kind, string Zone, bool IsActive, int? EarliestDays, int? LatestDays, int? MaximumWeightGrams, IReadOnlyList<Rate> Rates,
    bool NeedsPickupPoint)
{
    public static MethodView Of(ShippingMethod method) => new(
        method.Id, method.Content.Title, method.Content.Kind, method.Content.Zone, method.Content.IsActive, method.Content.EarliestDays, method.Content.LatestDays,
        method.Content.MaximumWeightGrams, method.Content.Rates, method.Content.NeedsPickupPoint);
}

/// <summary>What a client can say about a method.</summary>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Kind">Whether goods are brought or fetched.</param>
/// <param name="Zone">The code of the zone where it is offered.</param>
/// <param name="Rates">What it costs, once for each currency; in others it is not offered.</param>
/// <param name="IsActive">Whether it is offered at all.</param>
/// <param name="EarliestDays">How many days it takes at least, 0 to 365.</param>
/// <param name="LatestDays">How many days it takes at most, 0 to 365.</param>
/// <param name="MaximumWeightGrams">What the goods may weigh at most; null for any weight.</param>
/// <param name="NeedsPickupPoint">Of a pickup: whether the goods are brought to a pickup point, which the customer chooses. Without it they are fetched where they are packed.</param>
internal sealed record MethodContent(
    string Title, MethodKind Kind, string Zone, IReadOnlyList<Rate> Rates, bool IsActive = true, int? EarliestDays = null, int? LatestDays = null, int? MaximumWeightGrams = null,
    bool NeedsPickupPoint = false);

internal sealed class MethodContentValidator : AbstractValidator<MethodContent>
{
    private const int MostDays = 365;
    private const int MostRates = 50;

    public MethodContentValidator()
    {
        RuleFor(content => content.Title).IsTitle();
        RuleFor(content => content.Kind).IsInEnum();
        RuleFor(content => content.Zone).IsCode();
        RuleFor(content => content.NeedsPickupPoint).Must(static (content, needs) => !needs || content.Kind == MethodKind.Pickup).WithMessage("Only a pickup is fetched from a pickup point.");
        RuleFor(content => content.EarliestDays).InclusiveBetween(0, MostDays);
        RuleFor(content => content.LatestDays).InclusiveBetween(0, MostDays);
        RuleFor(content => content.LatestDays).Must(static (content, latest) => latest is null || content.EarliestDays is null || latest >= content.EarliestDays)
            .WithMessage("The latest day is not before the earliest.");
        RuleFor(content => content.MaximumWeightGrams).GreaterThan(0).WithMessage("The weight is 1 gram or more; leave it out for any weight.");
        RuleFor(content => content.Rates).Must(static rates => rates.Count is >= 1 and <= MostRates).WithMessage($"A method has 1 to {MostRates} rates.");
        RuleForEach(content => content.Rates).NotNull().SetValidator(new RateValidator());
        RuleFor(content => content.Rates).Must(static rates => rates.All(HasCurrency) is false || rates.DistinctBy(static rate => rate.Currency()).Count() == rates.Count)
            .WithMessage("A method has one rate for each currency.");
    }

    // Of a rate that the rules above refuse nothing more is asked.
    private static bool HasCurrency(Rate rate) => rate is { Price: not null } or { Bands: [{ }, ..] };
}
