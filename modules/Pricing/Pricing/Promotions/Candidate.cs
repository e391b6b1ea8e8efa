using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>One promotion that is looked at for a draft, by itself or by a coupon, and what comes of it.</summary>
internal sealed class Candidate(PromotionRule rule, CouponRule? coupon)
{
    public PromotionRule Rule => rule;

    public CouponRule? Coupon => coupon;

    public PromotionContent Content => rule.Content;

    public bool IsExclusive => rule.Content.Stacking == PromotionStacking.Exclusive;

    /// <summary>Why it does not apply; null while it may.</summary>
    public string? Rejection { get; set; }

    /// <summary>What it takes off.</summary>
    public Discount Discount { get; set; } = Discount.None;

    public bool IsApplied => Rejection is null && Discount.Total > 0;

    /// <summary>Those of smaller priority first; of equal ones the older, then by code, so that one order holds whatever order the rules came in.</summary>
    public static int Compare(Candidate left, Candidate right)
    {
        var order = left.Content.Priority.CompareTo(right.Content.Priority);
        order = order != 0 ? order : left.Rule.Id.CompareTo(right.Rule.Id);
        return order != 0 ? order : string.CompareOrdinal(left.Coupon?.Code, right.Coupon?.Code);
    }

    public QuoteDecision Decision(QuoteDraft draft)
    {
        var amount = new Money(Discount.Total, draft.Currency);
        var reason = Rejection ?? $"Its conditions are met; it takes {amount} off.";
        return new QuoteDecision(
            coupon is null ? "promotion" : "coupon", coupon?.Code ?? rule.Id.ToString(), Content.Title, IsApplied, reason, IsApplied ? amount : null);
    }

    /// <summary>What has to be reserved before the order; null when nothing is limited. Uses of coupons are always counted.</summary>
    public Redemption? Redemption(QuoteDraft draft) => IsApplied && (coupon is not null || Content.IsLimited())
        ? new Redemption(rule.Id, coupon?.Code, new Money(Discount.Total, draft.Currency))
        : null;
}

/// <summary>What one promotion takes off, in minor units.</summary>
/// <param name="Items">By item of the draft; empty when nothing is taken off items.</param>
/// <param name="Shipping">Off delivering.</param>
internal sealed record Discount(IReadOnlyList<long> Items, long Shipping)
{
    public static Discount None { get; } = new([], 0);

    public long Total { get; } = checked(Items.Sum() + Shipping);
}
