using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Coupons;
using ModularMonolith.Pricing.Promotions;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>How far each counter may go that some redemptions count in, or why they are not to be had at all.</summary>
internal sealed class RedemptionLimits(PromotionCache promotions, CouponCache coupons)
{
    /// <summary>Collects the limits as they are, at most a second old.</summary>
    public async Task<(IReadOnlyDictionary<string, long> Most, IReadOnlyList<RefusedRedemption> Refused)> OfAsync(
        IReadOnlyList<Redemption> redemptions, string? customer, CancellationToken cancellationToken)
    {
        var known = await promotions.GetAsync(cancellationToken);
        var named = await coupons.FindAsync([.. redemptions.Select(static redemption => redemption.Coupon).OfType<string>().Distinct(StringComparer.Ordinal)], cancellationToken);
        var most = new Dictionary<string, long>(StringComparer.Ordinal);
        var refused = new List<RefusedRedemption>();
        foreach (var redemption in redemptions)
        {
            var promotion = known.ById.GetValueOrDefault(redemption.PromotionId);
            var coupon = named.FirstOrDefault(found => found.Code == redemption.Coupon);
            if (ReasonAgainst(redemption, promotion, coupon, customer) is { } reason)
            {
                refused.Add(new RefusedRedemption(redemption.PromotionId, redemption.Coupon, reason));
                continue;
            }

            Collect(most, new UsageKeys(redemption.Discount.Currency, customer), promotion!, coupon, redemption.Discount.Currency);
        }

        return (most, refused);
    }

    /// <summary>Why a redemption that counts in a counter that is full is refused.</summary>
    public static string Reason(string key) => key switch
    {
        _ when UsageKeys.IsOfCustomer(key) => "You have used it as often as one customer may.",
        _ when key.Contains(UsageKeys.BudgetPart, StringComparison.Ordinal) => "The campaign's budget is used up.",
        _ => "It is used up.",
    };

    private static string? ReasonAgainst(Redemption redemption, Promotion? promotion, CouponRule? coupon, string? customer)
    {
        if (promotion is null)
        {
            return "It does not apply any more.";
        }

        if (promotion.Content.ByCoupon != redemption.Coupon is not null || (redemption.Coupon is not null && coupon?.PromotionId != promotion.Id))
        {
            return "There is no such coupon.";
        }

        if (promotion.Content.Limits?.Budget.Excludes(redemption.Discount.Currency) == true)
        {
            return $"It does not apply to orders in {redemption.Discount.Currency}.";
        }

        return customer is null && (promotion.Content.CustomerLimit() is not null || coupon?.MaximumUsesByCustomer is not null)
            ? "It is limited by customer: sign in with an account to use it."
            : null;
    }

    private static void Collect(Dictionary<string, long> most, UsageKeys keys, Promotion promotion, CouponRule? coupon, string currency)
    {
        Set(UsageKeys.Uses(promotion.Id), promotion.Content.Limits?.Uses);
        Set(keys.Given(promotion.Id), promotion.Content.Limits?.Budget.In(currency));
        Set(keys.UsesByCustomer(promotion.Id), promotion.Content.CustomerLimit());
        if (coupon is not null)
        {
            Set(UsageKeys.Uses(coupon.Code), coupon.MaximumUses);
            Set(keys.UsesByCustomer(coupon.Code), coupon.MaximumUsesByCustomer);
        }

        void Set(string key, long? limit)
        {
            if (limit is { } set)
            {
                most[key] = set;
            }
        }
    }
}
