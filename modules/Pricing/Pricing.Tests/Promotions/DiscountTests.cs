using ModularMonolith.Pricing.Promotions;
using static ModularMonolith.Pricing.Tests.Promotions.Drafts;

namespace ModularMonolith.Pricing.Tests.Promotions;

/// <summary>What each kind of action takes off, computed by hand.</summary>
public sealed class DiscountTests
{
    [Fact]
    public void A_percentage_is_rounded_once_and_divided_by_largest_remainder()
    {
        // 10 % of 10.01 is 1.001: 1.00, of which 3.33 of 10.01 is 0.3327 and 3.35 is 0.3347.
        var outcome = Of(Item("A", 333), Item("B", 333), Item("C", 335)).Apply(Rule(Percent(10)));

        Assert.Equal([33, 33, 34], outcome.ItemDiscounts);
        Assert.Equal(Euro(100), Assert.Single(outcome.Decisions).Amount);
    }

    [Fact]
    public void Half_a_unit_is_rounded_up() => Assert.Equal([3], Of(Item("A", 10)).Apply(Rule(Percent(25))).ItemDiscounts);

    [Fact]
    public void A_percentage_of_some_items_leaves_the_others_alone()
    {
        var draft = Of(Item("A", 1_000, tags: "Summer"), Item("B", 1_000), Item("C", 1_000, 2, tags: ["summer", "new"]));

        Assert.Equal([500, 0, 1_000], draft.Apply(Rule(Percent(50, new LineMatch(Tags: ["SUMMER"])))).ItemDiscounts);
    }

    [Fact]
    public void Every_list_of_a_match_has_to_fit()
    {
        var product = Item("A", 1_000, type: "Shirt", vendor: "Acme");
        var draft = Of(product, Item("B", 1_000, type: "Shirt", vendor: "Other"), Item("C", 1_000));

        Assert.Equal([1_000, 0, 0], draft.Apply(Rule(Percent(100, new LineMatch(Vendors: ["acme"], Types: ["shirt"])))).ItemDiscounts);
        Assert.Equal([1_000, 0, 0], draft.Apply(Rule(Percent(100, new LineMatch(Products: [product.ProductId])))).ItemDiscounts);
        Assert.Equal("There is nothing in the order that it could take off.", draft.Apply(Rule(Percent(100, Sku("a")))).Refusal());
    }

    [Fact]
    public void A_percentage_stops_at_its_maximum() =>
        Assert.Equal([334, 166], Of(Item("A", 10_000), Item("B", 4_970)).Apply(Rule(Percent(50, null, Euro(500)))).ItemDiscounts);

    [Fact]
    public void A_fixed_amount_is_divided_over_the_order() =>
        Assert.Equal([4, 3, 3], Of(Item("A", 100), Item("B", 100), Item("C", 100)).Apply(Rule(Amount(10))).ItemDiscounts);

    [Fact]
    public void A_fixed_amount_takes_no_more_than_there_is() =>
        Assert.Equal([100, 0], Of(Item("A", 100), Item("B", 900)).Apply(Rule(Amount(500, match: Sku("A")))).ItemDiscounts);

    [Fact]
    public void A_fixed_amount_off_each_piece_takes_no_more_than_the_piece_costs() =>
        Assert.Equal([600, 150], Of(Item("A", 1_000, 3), Item("B", 50, 3)).Apply(Rule(Amount(200, perUnit: true))).ItemDiscounts);

    [Theory]
    [InlineData(1, null, 0)]
    [InlineData(2, null, 0)]
    [InlineData(3, null, 1)]
    [InlineData(8, null, 2)]
    [InlineData(9, null, 3)]
    [InlineData(9, 2, 2)]
    public void Of_each_three_pieces_one_is_free(int quantity, int? repetitions, int free) =>
        Assert.Equal([free * 100], Of(Item("A", 100, quantity)).Apply(Rule(BuyGet(2, 1, repetitions: repetitions))).ItemDiscounts);

    [Fact]
    public void The_cheapest_pieces_are_free() =>
        Assert.Equal([0, 400, 300], Of(Item("A", 900, 3), Item("B", 400, 2), Item("C", 300)).Apply(Rule(BuyGet(2, 1))).ItemDiscounts);

    [Fact]
    public void Pieces_that_are_meant_both_ways_are_kept_for_buying_when_they_are_needed()
    {
        // A may be bought or become cheaper, B only become cheaper. The one A is needed for buying, so that the dearer B is free.
        var draft = Of(Item("A", 100), Item("B", 500, 2));

        Assert.Equal([0, 500], draft.Apply(Rule(BuyGet(1, 1, Sku("A")))).ItemDiscounts);
    }

    [Fact]
    public void Who_buys_one_thing_gets_another_at_half_price() =>
        Assert.Equal([0, 300], Of(Item("A", 900, 2), Item("B", 300, 5)).Apply(Rule(BuyGet(1, 1, Sku("A"), Sku("B"), 50))).ItemDiscounts);

    [Fact]
    public void Free_shipping_takes_off_what_delivering_costs()
    {
        var draft = Of(Item("A", 900)).WithShipping(490);

        Assert.Equal(490, draft.Apply(Rule(FreeShipping())).ShippingDiscount);
        Assert.Equal(300, draft.Apply(Rule(FreeShipping(Euro(300)))).ShippingDiscount);
        Assert.Equal([0], draft.Apply(Rule(FreeShipping())).ItemDiscounts);
    }

    [Fact]
    public void Stackable_promotions_take_their_shares_of_what_the_one_before_left()
    {
        var outcome = Of(Item("A", 10_000)).Apply(Rule(Percent(10)).First(20), Rule(Amount(1_000)).First(10));

        Assert.Equal([1_900], outcome.ItemDiscounts);
        Assert.Equal([Euro(1_000), Euro(900)], outcome.Decisions.Select(static decision => decision.Amount!.Value));
    }

    [Fact]
    public void Actions_of_one_promotion_add_up()
    {
        var outcome = Of(Item("A", 1_000)).WithShipping(500).Apply(Rule(Percent(50), Amount(100), FreeShipping()));

        Assert.Equal([600], outcome.ItemDiscounts);
        Assert.Equal(500, outcome.ShippingDiscount);
        Assert.Equal(Euro(1_100), Assert.Single(outcome.Decisions).Amount);
    }

    [Fact]
    public void Amounts_have_the_digits_of_their_currency()
    {
        var yen = Of(Item("A", 999, 1, "JPY")).Apply(Rule(Percent(10)));
        var dinar = Of(Item("A", 9_999, 1, "KWD")).Apply(Rule(Percent(12.5m)));

        Assert.Equal([100], yen.ItemDiscounts);
        Assert.Contains("100 JPY", Assert.Single(yen.Decisions).Reason, StringComparison.Ordinal);
        Assert.Equal([1_250], dinar.ItemDiscounts);
        Assert.Contains("1.250 KWD", Assert.Single(dinar.Decisions).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exclusive_promotion_is_taken_when_it_saves_more_than_all_others_together()
    {
        var (tenth, fifth) = (Rule(Percent(10)), Rule(Percent(5)));
        var outcome = Of(Item("A", 10_000)).Apply(tenth, Rule(Percent(20)).Exclusive("Big deal"), fifth, Rule(Percent(15)).Exclusive("Small deal"));

        Assert.Equal([2_000], outcome.ItemDiscounts);
        Assert.Equal(
            [
                (false, "It cannot be combined with 'Big deal', which saves more."),
                (false, "It cannot be combined with 'Big deal', which saves more."),
                (true, "Its conditions are met; it takes 20.00 EUR off."),
                (false, "'Big deal' is the better deal, and it cannot be combined."),
            ],
            outcome.Decisions.Select(static decision => (decision.IsApplied, decision.Reason)));
    }

    [Fact]
    public void Stackable_promotions_are_taken_when_together_they_save_as_much_as_the_exclusive_one()
    {
        var outcome = Of(Item("A", 10_000)).Apply(Rule(Amount(500)), Rule(Amount(500)), Rule(Percent(10)).Exclusive());

        Assert.Equal([1_000], outcome.ItemDiscounts);
        Assert.Equal("It cannot be combined, and other promotions save 10.00 EUR.", outcome.Decisions[^1].Reason);
    }

    [Fact]
    public void Of_equal_exclusive_promotions_the_first_by_priority_is_taken()
    {
        var (late, early) = (Rule(Percent(10)).Exclusive("Late").First(200), Rule(Amount(1_000)).Exclusive("Early").First(1));
        var outcome = Of(Item("A", 10_000)).Apply(late, early);

        Assert.Equal(early.Id.ToString(), Assert.Single(outcome.Decisions, static decision => decision.IsApplied).Rule);
    }

    [Fact]
    public void Limited_promotions_and_coupons_are_to_be_reserved()
    {
        var (free, limited, coupon) = (Rule(Amount(1)), Rule(Amount(2)).Limited(new PromotionLimits(Uses: 5)), Rule(Amount(3)).ByCoupon());
        var rules = new PromotionRules { Promotions = [free, limited, coupon], Coupons = [coupon.Coupon("SAVE3")] };
        var outcome = Of(Item("A", 1_000)).WithCoupons(" save 3 ").Apply(rules);

        Assert.Equal([(limited.Id, null, Euro(2)), (coupon.Id, "SAVE3", Euro(3))], outcome.Redemptions.Select(static one => (one.PromotionId, one.Coupon, one.Discount)));
        Assert.Equal(["promotion", "promotion", "coupon"], outcome.Decisions.Select(static decision => decision.Kind));
    }
}
