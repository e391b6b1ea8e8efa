using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Tests.Promotions;

/// <summary>Short forms of drafts and rules for the tests of the engine.</summary>
internal static class Drafts
{
    public static readonly DateTimeOffset At = new(2026, 7, 15, 10, 30, 0, TimeSpan.Zero);

    private static int _rules;

    public static DraftItem Item(string sku, long price, int quantity = 1, string currency = "EUR", string? type = null, string? vendor = null, params string[] tags) =>
        new(Guid.NewGuid(), Guid.NewGuid(), sku, sku, quantity, new Money(price, currency), type, vendor, tags);

    public static QuoteDraft Of(params DraftItem[] items) => new(items.Length > 0 ? items[0].UnitPrice.Currency : "EUR", items, null, null, null, [], null, [], At);

    public static QuoteDraft WithShipping(this QuoteDraft draft, long price) => draft with { ShippingPrice = new Money(price, draft.Currency), ShippingMethod = "post" };

    public static QuoteDraft WithCoupons(this QuoteDraft draft, params string[] codes) => draft with { Coupons = codes };

    public static PromotionAction Percent(decimal percent, LineMatch? match = null, params Money[] maximum) => new(Percentage: new PercentageAction(percent, match, maximum));

    public static PromotionAction Amount(long amount, bool perUnit = false, LineMatch? match = null) => new(FixedAmount: new FixedAmountAction([Euro(amount)], perUnit, match));

    public static PromotionAction BuyGet(int buy, int get, LineMatch? bought = null, LineMatch? cheaper = null, decimal percent = 100, int? repetitions = null) =>
        new(BuyGet: new BuyGetAction(buy, get, bought, cheaper, percent, repetitions));

    public static PromotionAction FreeShipping(params Money[] maximum) => new(FreeShipping: new FreeShippingAction(maximum));

    public static Money Euro(long amount) => new(amount, "EUR");

    public static LineMatch Sku(params string[] skus) => new(Skus: skus);

    public static PromotionRule Rule(params PromotionAction[] actions) => new(new Guid(Interlocked.Increment(ref _rules), 0, 0, new byte[8]), 1, PromotionStatus.Active, new PromotionContent("Promotion", actions));

    public static PromotionRule If(this PromotionRule rule, params PromotionCondition[] conditions) => rule with { Content = rule.Content with { Conditions = conditions } };

    public static PromotionRule Exclusive(this PromotionRule rule, string title = "Exclusive") =>
        rule with { Content = rule.Content with { Stacking = PromotionStacking.Exclusive, Title = title } };

    public static PromotionRule ByCoupon(this PromotionRule rule) => rule with { Content = rule.Content with { ByCoupon = true } };

    public static PromotionRule First(this PromotionRule rule, int priority) => rule with { Content = rule.Content with { Priority = priority } };

    public static PromotionRule Limited(this PromotionRule rule, PromotionLimits limits) => rule with { Content = rule.Content with { Limits = limits } };

    public static CouponRule Coupon(this PromotionRule rule, string code, int? uses = null, int? byCustomer = null) => new(code, rule.Id, uses, byCustomer);

    public static PromotionRules Rules(params PromotionRule[] rules) => new() { Promotions = rules };

    public static PromotionOutcome Apply(this QuoteDraft draft, params PromotionRule[] rules) => draft.Apply(Rules(rules));

    public static PromotionOutcome Apply(this QuoteDraft draft, PromotionRules rules) => new PromotionEngine().Apply(draft, rules);

    /// <summary>The only decision, which is a refusal.</summary>
    public static string Refusal(this PromotionOutcome outcome)
    {
        var decision = Assert.Single(outcome.Decisions);
        Assert.False(decision.IsApplied, decision.Reason);
        Assert.Null(decision.Amount);
        Assert.All(outcome.ItemDiscounts, static discount => Assert.Equal(0, discount));
        Assert.Equal(0, outcome.ShippingDiscount);
        Assert.Empty(outcome.Redemptions);
        return decision.Reason;
    }
}
