using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Coupons;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>
/// Computes discounts. All stackable promotions together are one choice and each exclusive one is another; the choice that saves most is taken, of equal ones the stackable
/// promotions, then the exclusive one of the smallest priority number, then the oldest. The order in which the rules come makes no difference.
/// </summary>
internal sealed class PromotionEngine : IPromotionEngine
{
    /// <inheritdoc/>
    public PromotionOutcome Apply(QuoteDraft draft, PromotionRules rules)
    {
        if (rules.Promotions.Count == 0 && draft.Coupons.Count == 0)
        {
            return new PromotionOutcome(new long[draft.Items.Count], 0, [], []);
        }

        var unknown = new List<QuoteDecision>();
        var candidates = Candidates(draft, rules, unknown);
        candidates.Sort(Candidate.Compare);
        Choose([.. candidates.Where(static candidate => candidate.Rejection is null)], draft);

        var items = new long[draft.Items.Count];
        foreach (var (index, amount) in candidates.Where(static candidate => candidate.IsApplied).SelectMany(static candidate => candidate.Discount.Items.Index()))
        {
            items[index] += amount;
        }

        return new PromotionOutcome(
            items,
            candidates.Where(static candidate => candidate.IsApplied).Sum(static candidate => candidate.Discount.Shipping),
            [.. candidates.Select(candidate => candidate.Decision(draft)), .. unknown],
            [.. candidates.Select(candidate => candidate.Redemption(draft)).OfType<Redemption>()]);
    }

    private static List<Candidate> Candidates(QuoteDraft draft, PromotionRules rules, List<QuoteDecision> unknown)
    {
        var candidates = rules.Promotions.Where(static rule => !rule.Content.ByCoupon).Select(static rule => new Candidate(rule, null)).ToList();
        foreach (var candidate in candidates)
        {
            candidate.Rejection = Eligibility.Refusal(candidate, draft);
        }

        var used = new HashSet<Guid>();
        foreach (var code in draft.Coupons.Select(CouponCode.Plain).Where(static code => code.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var coupon = rules.Coupons.FirstOrDefault(known => known.Code == code);
            if (coupon is null || rules.Promotions.FirstOrDefault(known => known.Id == coupon.PromotionId) is not { } rule)
            {
                unknown.Add(new QuoteDecision("coupon", CouponCode.Shown(code), "Unknown coupon", false, "There is no such coupon. Check how it is spelt."));
                continue;
            }

            var candidate = new Candidate(rule, coupon);
            candidate.Rejection = Eligibility.Refusal(candidate, draft) ?? (used.Add(rule.Id) ? null : "Another coupon of the same promotion is used already.");
            candidates.Add(candidate);
        }

        return candidates;
    }

    private static void Choose(List<Candidate> eligible, QuoteDraft draft)
    {
        var stackable = eligible.FindAll(static candidate => !candidate.IsExclusive);
        var exclusive = eligible.FindAll(static candidate => candidate.IsExclusive);
        var together = Take(stackable, draft);
        foreach (var candidate in exclusive)
        {
            Take([candidate], draft);
        }

        var best = exclusive.Where(static candidate => candidate.IsApplied).MaxBy(static candidate => candidate.Discount.Total);
        if (best is not null && best.Discount.Total > together)
        {
            Outbid(stackable, $"It cannot be combined with '{best.Content.Title}', which saves more.");
            Outbid(exclusive.Where(candidate => candidate != best), $"'{best.Content.Title}' is the better deal, and it cannot be combined.");
        }
        else
        {
            Outbid(exclusive, $"It cannot be combined, and other promotions save {new Money(together, draft.Currency)}.");
        }
    }

    // Those that would take nothing off keep their own reason.
    private static void Outbid(IEnumerable<Candidate> candidates, string reason)
    {
        foreach (var candidate in candidates.Where(static candidate => candidate.IsApplied))
        {
            (candidate.Rejection, candidate.Discount) = (reason, Discount.None);
        }
    }

    private static long Take(List<Candidate> candidates, QuoteDraft draft)
    {
        var left = new RemainingAmounts(draft);
        foreach (var candidate in candidates)
        {
            var budget = candidate.Content.Limits?.Budget.In(draft.Currency) - candidate.Rule.Given;
            candidate.Discount = left.Take(candidate.Content.Actions, budget) ?? Discount.None;
            candidate.Rejection = candidate.Discount.Total > 0 ? null : Vain(candidate, draft);
        }

        return candidates.Sum(static candidate => candidate.Discount.Total);
    }

    private static string Vain(Candidate candidate, QuoteDraft draft)
    {
        if (new RemainingAmounts(draft).Take(candidate.Content.Actions, null) is { Total: > 0 } alone)
        {
            return candidate.Content.Limits?.Budget.In(draft.Currency) - candidate.Rule.Given < alone.Total
                ? "What is left of the campaign's budget is not enough."
                : "Other promotions have taken off all that it could.";
        }

        return candidate.Content.Actions.All(static action => action.FreeShipping is not null) && draft.ShippingPrice is null
            ? "What delivering costs is not known yet."
            : "There is nothing in the order that it could take off.";
    }
}
