using FluentValidation;

namespace ModularMonolith.Inventory.Policies;

/// <summary>How a SKU may be sold. One without a policy is sold as long as it is there.</summary>
/// <param name="SafetyStock">What is kept back, over all locations.</param>
/// <param name="BackorderLimit">How many may be ordered at one time that have to arrive first; 0 for none.</param>
/// <param name="PreorderUntil">Until then <paramref name="PreorderLimit"/> holds in place of the back-order limit: it is sold before it exists.</param>
/// <param name="PreorderLimit">How many may be ordered until then.</param>
/// <param name="LowStockThreshold">When what is there and not promised falls to this, it is told; 0 for never.</param>
/// <param name="RestockDays">In how many days what has to arrive is likely to.</param>
internal sealed record StockPolicy(
    int SafetyStock = 0, int BackorderLimit = 0, DateTimeOffset? PreorderUntil = null, int PreorderLimit = 0, int LowStockThreshold = 0, int? RestockDays = null)
{
    public static readonly StockPolicy None = new();

    /// <summary>How many may be ordered at a moment that have to arrive first.</summary>
    public int LimitAt(DateTimeOffset now) => PreorderUntil > now ? PreorderLimit : BackorderLimit;
}

internal sealed class StockPolicyValidator : AbstractValidator<StockPolicy>
{
    private const int LargestLimit = 1_000_000;

    public StockPolicyValidator()
    {
        RuleFor(policy => policy.SafetyStock).InclusiveBetween(0, LargestLimit).WithMessage("The safety stock is 0 to 1,000,000.");
        RuleFor(policy => policy.BackorderLimit).InclusiveBetween(0, LargestLimit).WithMessage("The limit is 0 to 1,000,000.");
        RuleFor(policy => policy.PreorderLimit).InclusiveBetween(0, LargestLimit).WithMessage("The limit is 0 to 1,000,000.")
            .Must(static (policy, limit) => limit > 0 == policy.PreorderUntil is not null).WithMessage("Give the limit of a pre-order with its date, or neither.");
        RuleFor(policy => policy.LowStockThreshold).InclusiveBetween(0, LargestLimit).WithMessage("The threshold is 0 to 1,000,000.");
        RuleFor(policy => policy.RestockDays).InclusiveBetween(1, 365).WithMessage("The days are 1 to 365.");
    }
}
