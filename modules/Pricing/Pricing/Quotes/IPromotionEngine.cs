using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Promotions;

namespace ModularMonolith.Pricing.Quotes;

/// <summary>What promotions take off, by the rules of a snapshot alone: the same draft and the same rules make the same outcome, always.</summary>
internal interface IPromotionEngine
{
    /// <summary>Computes the discounts. It reads nothing else and waits for nothing.</summary>
    /// <param name="draft">The items with their prices.</param>
    /// <param name="rules">The promotions as they were, as <see cref="IPromotionSource.ForAsync"/> loaded them.</param>
    /// <returns>The discounts, and what was decided of each rule.</returns>
    PromotionOutcome Apply(QuoteDraft draft, PromotionRules rules);
}

/// <summary>Loads the promotions that a draft has to be looked at with.</summary>
internal interface IPromotionSource
{
    /// <summary>Makes the snapshot that the discounts are computed from and that is kept with the quote. At most one query, for the coupons that are named; the rest is in memory.</summary>
    /// <param name="draft">The items with their prices.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The snapshot; it survives being written as JSON and read again.</returns>
    ValueTask<PromotionRules> ForAsync(QuoteDraft draft, CancellationToken cancellationToken);
}

/// <summary>What promotions take off.</summary>
/// <param name="ItemDiscounts">For each item of the draft, in its order, minor units: 0 up to unit price by quantity.</param>
/// <param name="ShippingDiscount">Minor units: 0 up to the shipping price.</param>
/// <param name="Decisions">Every promotion and coupon that was looked at.</param>
/// <param name="Redemptions">The limited discounts among those applied.</param>
internal sealed record PromotionOutcome(
    long[] ItemDiscounts, long ShippingDiscount, IReadOnlyList<QuoteDecision> Decisions, IReadOnlyList<Redemption> Redemptions);
