using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Quotes;
using static ModularMonolith.Pricing.Tests.Promotions.Drafts;

namespace ModularMonolith.Pricing.Tests.Promotions;

/// <summary>Each reason for which a promotion does not apply, in the words that the customer reads; and that it applies when the reason is gone.</summary>
public sealed class RefusalTests
{
    private static readonly QuoteDraft Draft = Of(Item("A", 1_000, 2)) with { Customer = "anna", CountedAs = "anna", CustomerGroups = ["staff"], Destination = new QuoteDestination("DE") };

    private static readonly PromotionRule Tenth = Rule(Percent(10));

    [Theory]
    [InlineData("Draft", "It is not active yet.")]
    [InlineData("Paused", "It is paused at the moment.")]
    [InlineData("Ended", "It has ended.")]
    public void It_is_not_active(string status, string reason) => Assert.Equal(reason, Draft.Apply(Tenth with { Status = Enum.Parse<PromotionStatus>(status) }).Refusal());

    [Fact]
    public void It_has_not_begun()
    {
        var rule = Tenth with { Content = Tenth.Content with { StartsAt = At } };

        Assert.Equal("It is not active yet: it starts on 2026-07-15 at 10:30 UTC.", (Draft with { At = At.AddTicks(-1) }).Apply(rule).Refusal());
        AssertApplied(Draft.Apply(rule));
    }

    [Fact]
    public void It_has_expired()
    {
        var rule = Tenth with { Content = Tenth.Content with { EndsAt = At } };

        Assert.Equal("It has expired: it ended on 2026-07-15 at 10:30 UTC.", Draft.Apply(rule).Refusal());
        AssertApplied((Draft with { At = At.AddTicks(-1) }).Apply(rule));
    }

    [Fact]
    public void It_is_used_up()
    {
        var rule = Tenth.Limited(new PromotionLimits(Uses: 7));

        Assert.Equal("It is used up.", Draft.Apply(rule with { Uses = 7 }).Refusal());
        AssertApplied(Draft.Apply(rule with { Uses = 6 }));
    }

    [Fact]
    public void Its_coupon_is_used_up()
    {
        var rule = Tenth.ByCoupon();

        Assert.Equal("It is used up.", Apply(rule.Coupon("SAVE", uses: 3) with { Uses = 3 }).Refusal());
        AssertApplied(Apply(rule.Coupon("SAVE", uses: 3) with { Uses = 2 }));
        Assert.Equal("You have used it as often as one customer may.", Apply(rule.Coupon("SAVE", byCustomer: 1) with { UsesByCustomer = 1 }).Refusal());

        PromotionOutcome Apply(CouponRule coupon) => Draft.WithCoupons("save").Apply(new PromotionRules { Promotions = [rule], Coupons = [coupon] });
    }

    [Fact]
    public void The_customer_has_used_it_often_enough()
    {
        var rule = Tenth.Limited(new PromotionLimits(UsesByCustomer: 2));

        Assert.Equal("You have used it as often as one customer may.", Draft.Apply(rule with { UsesByCustomer = 2 }).Refusal());
        AssertApplied(Draft.Apply(rule with { UsesByCustomer = 1 }));
    }

    [Fact]
    public void Nobody_is_counted_who_is_not_known() => Assert.Equal(
        "It is limited by customer: sign in with an account to use it.", (Draft with { Customer = null, CountedAs = null }).Apply(Tenth.Limited(new PromotionLimits(UsesByCustomer: 2))).Refusal());

    [Fact]
    public void The_budget_is_spent()
    {
        var rule = Tenth.Limited(new PromotionLimits(Budget: [Euro(1_000)]));

        Assert.Equal("The campaign's budget is used up.", Draft.Apply(rule with { Given = 1_000 }).Refusal());
        Assert.Equal("What is left of the campaign's budget is not enough.", Draft.Apply(rule with { Given = 801 }).Refusal());
        AssertApplied(Draft.Apply(rule with { Given = 800 }));
    }

    [Fact]
    public void It_is_for_other_currencies()
    {
        var yen = new Money(100, "JPY");

        Assert.All(
            new[]
            {
                Rule(new PromotionAction(FixedAmount: new FixedAmountAction([yen]))), Rule(Percent(10, null, yen)), Rule(FreeShipping(yen)), Tenth.Limited(new PromotionLimits(Budget: [yen])),
                Tenth.If(new PromotionCondition(Order: new OrderCondition(Currencies: ["JPY"]))), Tenth.If(new PromotionCondition(Order: new OrderCondition(MinimumTotal: [yen]))),
                Tenth.If(new PromotionCondition(Lines: new LinesCondition(MinimumAmount: [yen]))),
            },
            static rule => Assert.Equal("It does not apply to orders in EUR.", Draft.WithShipping(100).Apply(rule).Refusal()));
        AssertApplied(Draft.Apply(Tenth.If(new PromotionCondition(Order: new OrderCondition(Currencies: ["JPY", "EUR"])))));
    }

    [Fact]
    public void The_order_is_too_small()
    {
        Assert.Equal("It needs an order of 25.00 EUR; 5.00 EUR is missing.", Draft.Apply(Tenth.If(Total(2_500))).Refusal());
        Assert.Equal("It needs 3 pieces; 1 piece is missing.", Draft.Apply(Tenth.If(new PromotionCondition(Order: new OrderCondition(MinimumItems: 3)))).Refusal());
        AssertApplied(Draft.Apply(Tenth.If(Total(2_000), new PromotionCondition(Order: new OrderCondition(MinimumItems: 2)))));

        static PromotionCondition Total(long amount) => new(Order: new OrderCondition([Euro(amount)]));
    }

    [Fact]
    public void A_minimum_counts_prices_before_discounts() =>
        Assert.Equal([2_000], Draft.Apply(Rule(Amount(1_500)).First(1), Rule(Amount(500)).If(new PromotionCondition(Order: new OrderCondition([Euro(2_000)])))).ItemDiscounts);

    [Fact]
    public void There_is_not_enough_of_certain_items()
    {
        Assert.Equal("None of the items is one that it is for.", Draft.Apply(Tenth.If(Lines(new LinesCondition(Sku("B"))))).Refusal());
        Assert.Equal("It needs 4 pieces of certain items; 2 pieces are missing.", Draft.Apply(Tenth.If(Lines(new LinesCondition(Sku("A"), 4)))).Refusal());
        Assert.Equal("It needs items that it is for worth 0.01 EUR more.", Draft.Apply(Tenth.If(Lines(new LinesCondition(Sku("A"), 1, [Euro(2_001)])))).Refusal());
        AssertApplied(Draft.Apply(Tenth.If(Lines(new LinesCondition(Sku("A"), 2, [Euro(2_000)])))));

        static PromotionCondition Lines(LinesCondition lines) => new(Lines: lines);
    }

    [Fact]
    public void It_is_for_other_customers()
    {
        Assert.Equal("It is for other customers.", Draft.Apply(Tenth.If(Customer(new CustomerCondition(["press", "vip"])))).Refusal());
        Assert.Equal(
            "It is for customers who are signed in with an account.", (Draft with { Customer = "guest:1" }).Apply(Tenth.If(Customer(new CustomerCondition(SignedIn: true)))).Refusal());
        Assert.Equal(
            "You have used it as often as one customer may.", Draft.Apply(Tenth.If(Customer(new CustomerCondition(NotRedeemedBefore: true))) with { UsesByCustomer = 1 }).Refusal());
        AssertApplied(Draft.Apply(Tenth.If(Customer(new CustomerCondition(["press", "staff"], true, true)))));

        static PromotionCondition Customer(CustomerCondition customer) => new(Customer: customer);
    }

    [Fact]
    public void It_is_for_other_countries()
    {
        var rule = Tenth.If(new PromotionCondition(Destination: new DestinationCondition(["FR", "AT"])));

        Assert.Equal("It is for deliveries to other countries.", Draft.Apply(rule).Refusal());
        Assert.Equal("It depends on where the order is delivered to, which is not known yet.", (Draft with { Destination = null }).Apply(rule).Refusal());
        AssertApplied((Draft with { Destination = new QuoteDestination("AT") }).Apply(rule));
    }

    // The draft is of a Wednesday, half past ten.
    [Theory]
    [InlineData(null, 10, 11, true)]
    [InlineData(null, 11, 12, false)]
    [InlineData(null, null, 10, false)]
    [InlineData(null, 22, 6, false)]
    [InlineData(null, 22, 11, true)]
    [InlineData(DayOfWeek.Wednesday, null, null, true)]
    [InlineData(DayOfWeek.Thursday, null, null, false)]
    public void It_is_for_other_times(DayOfWeek? weekday, int? from, int? until, bool applies)
    {
        var outcome = Draft.Apply(Tenth.If(new PromotionCondition(Time: new TimeCondition(weekday is { } day ? [day] : null, from, until))));

        Assert.Equal(applies, Assert.Single(outcome.Decisions).IsApplied);
        Assert.Equal(applies, outcome.Refusals().Count == 0);
    }

    [Fact]
    public void Nothing_is_left_to_take_off()
    {
        var outcome = Draft.Apply(Rule(Percent(100)).First(1), Tenth);

        Assert.Equal("Other promotions have taken off all that it could.", outcome.Decisions[1].Reason);
        Assert.Equal([2_000], outcome.ItemDiscounts);
        Assert.Equal("What delivering costs is not known yet.", Draft.Apply(Rule(FreeShipping())).Refusal());
        Assert.Equal("There is nothing in the order that it could take off.", Draft.WithShipping(0).Apply(Rule(FreeShipping())).Refusal());
    }

    [Fact]
    public void An_unknown_coupon_is_said_to_be_unknown_and_harms_nothing()
    {
        Assert.Equal("There is no such coupon. Check how it is spelt.", Draft.WithCoupons("NO-SUCH").Apply(new PromotionRules()).Refusal());
        Assert.Empty(Draft.WithCoupons(" ", string.Empty).Apply(new PromotionRules()).Decisions);
        Assert.Equal(61, Assert.Single(Draft.WithCoupons(new string('x', 10_000)).Apply(new PromotionRules()).Decisions).Rule.Length);
        Assert.Equal([200], Draft.WithCoupons("NO-SUCH").Apply(Tenth).ItemDiscounts);
    }

    [Fact]
    public void A_promotion_needs_its_coupon() => Assert.Empty(Draft.Apply(Tenth.ByCoupon()).Decisions);

    [Fact]
    public void One_coupon_of_a_promotion_counts()
    {
        var rule = Tenth.ByCoupon();
        var coupons = new[] { rule.Coupon("FULL", uses: 1) with { Uses = 1 }, rule.Coupon("ONE"), rule.Coupon("TWO") };
        var outcome = Draft.WithCoupons("two", "ONE", "O N E", "full").Apply(new PromotionRules { Promotions = [rule], Coupons = coupons });

        Assert.Equal([200], outcome.ItemDiscounts);
        Assert.Equal(
            [("FULL", "It is used up."), ("ONE", "Its conditions are met; it takes 2.00 EUR off."), ("TWO", "Another coupon of the same promotion is used already.")],
            outcome.Decisions.Select(static decision => (decision.Rule, decision.Reason)));
    }

    private static void AssertApplied(PromotionOutcome outcome) => Assert.True(Assert.Single(outcome.Decisions).IsApplied, outcome.Decisions[0].Reason);
}

internal static class OutcomeReading
{
    public static IReadOnlyList<string> Refusals(this PromotionOutcome outcome) => [.. outcome.Decisions.Where(static decision => !decision.IsApplied).Select(static decision => decision.Reason)];
}
