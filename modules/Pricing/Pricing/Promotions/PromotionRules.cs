namespace ModularMonolith.Pricing.Promotions;

/// <summary>The promotions and coupons that a quote was computed with, as they were: its evidence.</summary>
internal sealed record PromotionRules
{
    /// <summary>Those that apply by themselves, and those of the coupons that were named.</summary>
    public IReadOnlyList<PromotionRule> Promotions { get; init; } = [];

    /// <summary>The coupons that were named and exist.</summary>
    public IReadOnlyList<CouponRule> Coupons { get; init; } = [];
}

/// <summary>One promotion as it was.</summary>
/// <param name="Id">The promotion.</param>
/// <param name="Version">Its version.</param>
/// <param name="Status">Where it stood.</param>
/// <param name="Content">What it says.</param>
/// <param name="Uses">How often it had been used or reserved; 0 where that is not limited.</param>
/// <param name="UsesByCustomer">How often by the customer; 0 where that is not limited.</param>
/// <param name="Given">Its discounts so far in the draft's currency, minor units; 0 where it has no budget.</param>
internal sealed record PromotionRule(Guid Id, int Version, PromotionStatus Status, PromotionContent Content, long Uses = 0, long UsesByCustomer = 0, long Given = 0);

/// <summary>One coupon as it was.</summary>
/// <param name="Code">The code in its plain form.</param>
/// <param name="PromotionId">What it leads to.</param>
/// <param name="MaximumUses">In total; null is without limit.</param>
/// <param name="MaximumUsesByCustomer">By one customer; null is without limit.</param>
/// <param name="Uses">How often it had been used or reserved; 0 where that is not limited.</param>
/// <param name="UsesByCustomer">How often by the customer; 0 where that is not limited.</param>
internal sealed record CouponRule(string Code, Guid PromotionId, int? MaximumUses = null, int? MaximumUsesByCustomer = null, long Uses = 0, long UsesByCustomer = 0);
