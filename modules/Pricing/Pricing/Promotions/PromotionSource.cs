using ModularMonolith.Pricing.Coupons;
using ModularMonolith.Pricing.Quotes;
using ModularMonolith.Pricing.Redemptions;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>
/// Makes the snapshots that quotes are computed from. Promotions and coupons are in memory; how much is used of what is limited is read in one query, and remembered for a second
/// where it is not about the customer.
/// </summary>
internal sealed class PromotionSource(PromotionCache promotions, CouponCache coupons, UsageCache usage, IPricingStore store) : IPromotionSource
{
    private static readonly PromotionRules None = new();

    /// <inheritdoc/>
    public async ValueTask<PromotionRules> ForAsync(QuoteDraft draft, CancellationToken cancellationToken)
    {
        var known = await promotions.GetAsync(cancellationToken);
        if (known.Automatic.Count == 0 && draft.Coupons.Count == 0)
        {
            return None;
        }

        var named = draft.Coupons.Count == 0 ? [] : await coupons.FindAsync([.. draft.Coupons.Select(CouponCode.Plain).Where(CouponCode.IsPlain).Distinct(StringComparer.Ordinal)], cancellationToken);
        var candidates = known.Automatic.Where(promotion => !(promotion.Content.EndsAt <= draft.At)).ToList();
        candidates.AddRange(await OfAsync(named, known, cancellationToken));

        var keys = new UsageKeys(draft.Currency, draft.CountedAs);
        var asked = candidates.SelectMany(promotion => keys.Limiting(promotion.Id, promotion.Content)).Concat(named.SelectMany(coupon => keys.Limiting(coupon))).ToList();
        var used = await usage.ReadAsync(asked, cancellationToken);
        var rules = Rules(used);
        if (draft.QuoteId == Guid.Empty || !MayBeFull(rules, draft.Currency))
        {
            return rules;
        }

        var own = (await usage.OwnAsync(draft.QuoteId, cancellationToken)).ToDictionary(static pair => pair.Key, static pair => pair.Used, StringComparer.Ordinal);
        return own.Count == 0 ? rules : Rules(key => Math.Max(0, used(key) - own.GetValueOrDefault(key)));

        PromotionRules Rules(Func<string, long> counted) => new()
        {
            Promotions = [.. candidates.Select(promotion => new PromotionRule(
                promotion.Id, promotion.Version, promotion.Status, promotion.Content,
                counted(UsageKeys.Uses(promotion.Id)), counted(keys.UsesByCustomer(promotion.Id)), counted(keys.Given(promotion.Id))))],
            Coupons = [.. named.Select(coupon => coupon with { Uses = counted(UsageKeys.Uses(coupon.Code)), UsesByCustomer = counted(keys.UsesByCustomer(coupon.Code)) })],
        };
    }

    // Only then it matters whether it is the quote itself for which it is reserved.
    private static bool MayBeFull(PromotionRules rules, string currency) =>
        rules.Promotions.Any(rule => rule.Content.Limits?.Uses <= rule.Uses || rule.Content.CustomerLimit() <= rule.UsesByCustomer
            || (rule.Given > 0 && rule.Content.Limits?.Budget.In(currency) is not null))
        || rules.Coupons.Any(static coupon => coupon.MaximumUses <= coupon.Uses || coupon.MaximumUsesByCustomer <= coupon.UsesByCustomer);

    // Those that are not active are read to say so.
    private async Task<IReadOnlyList<Promotion>> OfAsync(IReadOnlyList<CouponRule> named, KnownPromotions known, CancellationToken cancellationToken)
    {
        var ids = named.Select(static coupon => coupon.PromotionId).Distinct().ToList();
        var found = ids.Where(known.ById.ContainsKey).Select(id => known.ById[id]).ToList();
        if (found.Count < ids.Count)
        {
            await using var session = store.QuerySession();
            found.AddRange(await session.LoadManyAsync<Promotion>(cancellationToken, ids.Where(id => !known.ById.ContainsKey(id))));
        }

        return found;
    }
}
