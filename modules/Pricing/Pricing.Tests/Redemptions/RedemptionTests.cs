using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Redemptions;

namespace ModularMonolith.Pricing.Tests.Redemptions;

/// <summary>Limited discounts from their reservation to their end. These tests set the clock forward.</summary>
public sealed class RedemptionTests(PromotionHost pricing) : IClassFixture<PromotionHost>, IAsyncLifetime
{
    private static readonly TimeSpan Beyond = TimeSpan.FromMinutes(11);

    private readonly ModuleHost _host = pricing.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => pricing.AssertSoundAsync();

    [Fact]
    public async Task A_coupon_is_used_as_often_as_it_may_be()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 2);

        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);
        var refused = await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon);

        Assert.False(refused.IsReserved);
        Assert.Equal(new RefusedRedemption(promotion, coupon, "It is used up."), Assert.Single(refused.Refused));
        Assert.Equal((2, 200), await pricing.UsageAsync(promotion));
        await Eventually.TrueAsync(async () => await pricing.WhyAsync(null, coupon) == "It is used up.");
    }

    [Fact]
    public async Task A_reservation_is_made_once_however_often_it_is_asked_for()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 1);
        var id = Guid.NewGuid();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => pricing.ReserveAsync(id, promotion, coupon)));

        Assert.All(answers, static answer => Assert.True(answer.IsReserved));
        Assert.Equal((1, 100), await pricing.UsageAsync(promotion));
        var other = await Assert.ThrowsAsync<ProblemException>(() => pricing.ReserveAsync(id, promotion, coupon, discount: 101));
        Assert.Equal("redemption-ended", other.Type.Name);
    }

    [Fact]
    public async Task All_are_reserved_or_none()
    {
        var (full, fullCoupon) = await pricing.CouponAsync(uses: 1);
        var (free, freeCoupon) = await pricing.CouponAsync(uses: 1);
        await pricing.ReserveAsync(Guid.NewGuid(), full, fullCoupon);

        var refused = await pricing.ReserveAsync(
            Guid.NewGuid(), null, 10, new Redemption(free, freeCoupon, new Money(5, "EUR")), new Redemption(full, fullCoupon, new Money(7, "EUR")));

        Assert.Equal(full, Assert.Single(refused.Refused).PromotionId);
        Assert.Equal((0, 0), await pricing.UsageAsync(free));
        Assert.Equal((1, 100), await pricing.UsageAsync(full));
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), free, freeCoupon)).IsReserved);
    }

    [Fact]
    public async Task A_customer_uses_it_as_often_as_one_may()
    {
        var (promotion, coupon) = await pricing.CouponAsync(limits: new PromotionLimits(UsesByCustomer: 1));

        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, "anna")).IsReserved);
        Assert.Equal("You have used it as often as one customer may.", Assert.Single((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, "anna")).Refused).Reason);
        Assert.Equal("It is limited by customer: sign in with an account to use it.", Assert.Single((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).Refused).Reason);
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, "bert")).IsReserved);
        Assert.Equal("You have used it as often as one customer may.", await pricing.WhyAsync("anna", coupon));
        Assert.StartsWith("Its conditions are met", await pricing.WhyAsync("carl", coupon), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_is_for_its_currencies_and_never_passed()
    {
        var (promotion, coupon) = await pricing.CouponAsync(limits: new PromotionLimits(Budget: [new Money(1_000, "EUR"), new Money(500, "JPY")]));

        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, discount: 600)).IsReserved);
        Assert.Equal("The campaign's budget is used up.", Assert.Single((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, discount: 401)).Refused).Reason);
        Assert.Equal("The campaign's budget is used up.", Assert.Single((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, discount: 5_000)).Refused).Reason);
        Assert.Equal("It does not apply to orders in USD.", Assert.Single((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, discount: 1, currency: "USD")).Refused).Reason);
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, discount: 500, currency: "JPY")).IsReserved);
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, discount: 400)).IsReserved);
        var usage = await _host.SendAsync(new GetPromotionUsage(promotion));
        Assert.Equal(
            [new PromotionMoney(new Money(1_000, "EUR"), new Money(1_000, "EUR"), new Money(0, "EUR")), new PromotionMoney(new Money(500, "JPY"), new Money(500, "JPY"), new Money(0, "JPY"))],
            usage.Money);
    }

    [Fact]
    public async Task What_has_expired_can_be_had_at_once_and_is_released_by_itself()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 1);
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await pricing.ReserveAsync(first, promotion, coupon);

        _host.Time.Advance(Beyond);

        Assert.Equal((0, 0), await pricing.UsageAsync(promotion));
        Assert.True((await pricing.ReserveAsync(second, promotion, coupon)).IsReserved);
        Assert.False((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);
        await Eventually.TrueAsync(async () => (bool)(await pricing.ScalarAsync("select not exists (select from pricing.redemption where id = $1)", first))!);
        Assert.Equal((1, 100), await pricing.UsageAsync(promotion));
    }

    [Fact]
    public async Task What_a_quote_has_reserved_does_not_count_against_it()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 1, limits: new PromotionLimits(UsesByCustomer: 1, Budget: [new Money(1_050, "EUR")]));
        var quote = Guid.NewGuid();
        Assert.True((await pricing.ReserveForAsync(quote, Guid.NewGuid(), promotion, coupon, "anna", 1_000)).IsReserved);

        Assert.Equal(1_000, Assert.Single((await pricing.QuoteAsync(quote, "anna", coupon)).Redemptions).Discount.Amount);
        Assert.Empty((await pricing.QuoteAsync(Guid.NewGuid(), "anna", coupon)).Redemptions);
        Assert.False((await pricing.ReserveForAsync(Guid.NewGuid(), Guid.NewGuid(), promotion, coupon, "anna")).IsReserved);
        // The order has changed, so the same quote reserves something else; for the others nothing is free.
        var again = Guid.NewGuid();
        Assert.True((await pricing.ReserveForAsync(quote, again, promotion, coupon, "anna", 900)).IsReserved);
        Assert.False((await pricing.ReserveForAsync(quote, Guid.NewGuid(), promotion, coupon, "anna", 1_051)).IsReserved);
        Assert.False((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, "bert")).IsReserved);
        await ConsumeAsync(again, promotion, coupon, "anna");
        _host.Time.Advance(Beyond);

        Assert.Equal((1, 900), await pricing.UsageAsync(promotion));
        Assert.Empty((await pricing.QuoteAsync(quote, "anna", coupon)).Redemptions);
    }

    [Fact]
    public async Task A_reservation_that_is_asked_for_again_lasts_longer_and_is_made_anew_when_its_time_was_over()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 1);
        var id = Guid.NewGuid();
        await pricing.ReserveAsync(id, promotion, coupon, minutes: 1);
        Assert.True((await pricing.ReserveAsync(id, promotion, coupon, minutes: 30)).IsReserved);
        _host.Time.Advance(Beyond);
        Assert.False((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);

        _host.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.True((await pricing.ReserveAsync(id, promotion, coupon)).IsReserved);
        Assert.False((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);
        Assert.Equal((1, 100), await pricing.UsageAsync(promotion));

        _host.Time.Advance(Beyond);
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);
        Assert.False((await pricing.ReserveAsync(id, promotion, coupon)).IsReserved);
    }

    [Fact]
    public async Task A_reservation_that_was_returned_is_not_answered_as_if_it_stood()
    {
        var (promotion, coupon) = await pricing.CouponAsync();
        var id = Guid.NewGuid();
        await pricing.ReserveAsync(id, promotion, coupon);
        await ReturnAsync(id);

        var over = await Assert.ThrowsAsync<ProblemException>(() => pricing.ReserveAsync(id, promotion, coupon));

        Assert.Equal("redemption-ended", over.Type.Name);
    }

    [Fact]
    public async Task What_an_order_used_stays_used()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 1);
        var id = Guid.NewGuid();
        await pricing.ReserveAsync(id, promotion, coupon);

        await ConsumeAsync(id, promotion, coupon);
        await ConsumeAsync(id, promotion, coupon);
        _host.Time.Advance(Beyond);
        await _host.SendAsync(new ReleaseExpiredRedemptions());

        Assert.Equal((1, 100), await pricing.UsageAsync(promotion));
        Assert.False((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);
        Assert.True((await pricing.ReserveAsync(id, promotion, coupon)).IsReserved);
    }

    [Fact]
    public async Task An_order_that_used_it_after_its_time_counts_all_the_same()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 1);
        var (late, unknown) = (Guid.NewGuid(), Guid.NewGuid());
        await pricing.ReserveAsync(late, promotion, coupon);
        _host.Time.Advance(Beyond);
        await _host.SendAsync(new ReleaseExpiredRedemptions());
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);

        await ConsumeAsync(late, promotion, coupon);
        await ConsumeAsync(unknown, promotion, coupon);

        Assert.Equal((3, 300), await pricing.UsageAsync(promotion));
        await ReturnAsync(unknown);
        Assert.Equal((2, 200), await pricing.UsageAsync(promotion));
    }

    [Fact]
    public async Task What_is_returned_can_be_had_again_once()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 1, limits: new PromotionLimits(UsesByCustomer: 1, Budget: [new Money(100, "EUR")]));
        var (consumed, reserved) = (Guid.NewGuid(), Guid.NewGuid());
        await pricing.ReserveAsync(consumed, promotion, coupon, "anna");
        await ConsumeAsync(consumed, promotion, coupon, "anna");

        await ReturnAsync(consumed);
        await ReturnAsync(consumed);
        Assert.True((await pricing.ReserveAsync(reserved, promotion, coupon, "anna")).IsReserved);
        await ReturnAsync(reserved);

        Assert.Equal((0, 0), await pricing.UsageAsync(promotion));
        Assert.True((await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, "anna")).IsReserved);
    }

    [Fact]
    public async Task A_return_that_overtakes_the_order_cancels_it()
    {
        var (promotion, coupon) = await pricing.CouponAsync();
        var (reserved, unknown) = (Guid.NewGuid(), Guid.NewGuid());
        await pricing.ReserveAsync(reserved, promotion, coupon);

        await ReturnAsync(reserved);
        await ReturnAsync(unknown);
        await ConsumeAsync(reserved, promotion, coupon);
        await ConsumeAsync(unknown, promotion, coupon);

        Assert.Equal((0, 0), await pricing.UsageAsync(promotion));
    }

    [Fact]
    public async Task What_is_stopped_cannot_be_reserved_any_more()
    {
        var (promotion, coupon) = await pricing.CouponAsync();
        var id = Guid.NewGuid();
        await pricing.ReserveAsync(id, promotion, coupon);
        await _host.SendAsync(new PausePromotion(promotion, null));

        await Eventually.TrueAsync(async () => !(await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon)).IsReserved);

        Assert.True((await pricing.ReserveAsync(id, promotion, coupon)).IsReserved);
        Assert.Equal("It is paused at the moment.", await pricing.WhyAsync(null, coupon));
        Assert.Equal("There is no such coupon.", Assert.Single((await pricing.ReserveAsync(Guid.NewGuid(), (await pricing.CouponAsync()).Promotion, coupon)).Refused).Reason);
    }

    [Fact]
    public async Task What_is_settled_long_ago_is_forgotten_and_stays_counted()
    {
        var (promotion, coupon) = await pricing.CouponAsync();
        var id = Guid.NewGuid();
        await pricing.ReserveAsync(id, promotion, coupon);
        await ConsumeAsync(id, promotion, coupon);
        await pricing.ScalarAsync("update pricing.redemption set settled_at = settled_at - interval '3 years' where id = $1", id);

        await _host.SendAsync(new ReleaseExpiredRedemptions());

        Assert.False((bool)(await pricing.ScalarAsync("select exists (select from pricing.redemption where id = $1)", id))!);
        Assert.Equal((1, 100), await pricing.UsageAsync(promotion));
        await pricing.ScalarAsync("delete from pricing.usage_counter where key like '%' || $1 || '%' or key like '%' || $2 || '%'", promotion.ToString(), coupon);
    }

    /// <summary>A subscription works in order of a key, and these tests wait for the state itself.</summary>
    private async Task ConsumeAsync(Guid id, Guid promotion, string coupon, string? customer = null)
    {
        var marker = Guid.NewGuid();
        await _host.PublishAsync(new RedemptionsConsumed(id, "order " + id, [new Redemption(promotion, coupon, new Money(100, "EUR"))], customer));
        await _host.PublishAsync(new RedemptionsConsumed(marker, "marker", [new Redemption(marker, null, new Money(1, "EUR"))], null));
        await WaitForAsync(marker, "consumed");
        await Eventually.TrueAsync(async () => await StatusAsync(id) is "consumed" or "returned");
    }

    private async Task ReturnAsync(Guid id)
    {
        await _host.PublishAsync(new RedemptionsReturned(id, "order " + id));
        await WaitForAsync(id, "returned");
    }

    private Task WaitForAsync(Guid id, string status) => Eventually.TrueAsync(async () => await StatusAsync(id) == status);

    private async Task<string?> StatusAsync(Guid id) => (string?)await pricing.ScalarAsync("select status from pricing.redemption where id = $1", id);
}
