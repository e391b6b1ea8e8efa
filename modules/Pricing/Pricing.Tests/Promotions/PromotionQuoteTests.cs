using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Tests.Redemptions;

namespace ModularMonolith.Pricing.Tests.Promotions;

/// <summary>Promotions in whole quotes, from the stored promotion to the reservation.</summary>
public sealed class PromotionQuoteTests(PromotionHost pricing) : IClassFixture<PromotionHost>
{
    private readonly ModuleHost _host = pricing.Host;

    [Fact]
    public async Task A_quote_with_a_coupon_can_be_computed_again_when_the_promotion_is_long_gone()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 5, limits: new PromotionLimits(UsesByCustomer: 1, Budget: [new Money(100_000, "EUR")]));

        var quote = await QuoteAsync("anna", coupon.ToLowerInvariant());
        await _host.SendAsync(new EndPromotion(promotion, null));
        pricing.Service<PromotionCache>().Forget();
        var reproduced = await _host.SendAsync(new ReproduceQuote(quote));
        var now = await QuoteAsync("anna", coupon);

        Assert.Equal(new Money(200, "EUR"), quote.Discount);
        Assert.Equal(new Redemption(promotion, coupon, new Money(200, "EUR")), Assert.Single(quote.Redemptions));
        Assert.True(reproduced.IsSame, string.Join(' ', reproduced.Differences));
        Assert.Equal(0, now.Discount.Amount);
        Assert.Equal("It has ended.", Assert.Single(now.Decisions, static decision => decision.Kind == "coupon").Reason);
        Assert.True((await _host.SendAsync(new ReproduceQuote(now))).IsSame);
    }

    [Fact]
    public async Task A_promotion_without_coupon_applies_by_itself_while_it_is_active()
    {
        // In a currency of its own, because it applies to everybody.
        var content = new PromotionContent("Welcome", [new PromotionAction(FixedAmount: new FixedAmountAction([new Money(150, "SEK")]))]);
        var created = await _host.SendAsync(new CreatePromotion(content));

        Assert.Equal(0, (await QuoteAsync(null, "SEK", [])).Discount.Amount);
        await ChangeAsync(new ActivatePromotion(created.Id, null));
        Assert.Equal(150, (await QuoteAsync(null, "SEK", [])).Discount.Amount);
        Assert.Equal(0, (await QuoteAsync(null, "NOK", [])).Discount.Amount);
        await ChangeAsync(new EditPromotion(created.Id, null, content with { EndsAt = _host.Time.GetUtcNow() }));
        Assert.DoesNotContain((await QuoteAsync(null, "SEK", [])).Decisions, decision => decision.Rule == created.Id.ToString());
        await ChangeAsync(new EndPromotion(created.Id, null));
        Assert.Equal(0, (await QuoteAsync(null, "SEK", [])).Discount.Amount);
    }

    [Fact]
    public async Task Another_host_knows_a_change_within_about_a_second()
    {
        var (promotion, coupon) = await pricing.CouponAsync();
        await using var other = await _host.StartAnotherAsync();
        var draft = Drafts.Of(Drafts.Item("A", 1_000)).WithCoupons(coupon);
        var source = other.Services.GetRequiredService<Pricing.Quotes.IPromotionSource>();
        Assert.Equal(PromotionStatus.Active, Assert.Single((await source.ForAsync(draft, default)).Promotions, rule => rule.Id == promotion).Status);

        await _host.SendAsync(new PausePromotion(promotion, null));

        await Eventually.Async(
            async () => (await source.ForAsync(draft, default)).Promotions.Single(rule => rule.Id == promotion).Status, static status => status == PromotionStatus.Paused, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task No_more_than_200_promotions_are_active()
    {
        await using var alone = await ModuleHost.StartAsync(typeof(PricingModule).Assembly);
        var content = new PromotionContent("Many", [new PromotionAction(FreeShipping: new FreeShippingAction())]);
        for (var number = 0; number < 200; number++)
        {
            await alone.SendAsync(new ActivatePromotion((await alone.SendAsync(new CreatePromotion(content))).Id, null));
        }

        var one = await alone.SendAsync(new CreatePromotion(content));

        var refused = await Assert.ThrowsAsync<Platform.Http.ProblemException>(() => alone.SendAsync(new ActivatePromotion(one.Id, null)));
        Assert.Contains("200 promotions are active", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_data_has_a_promotion_for_those_who_write_its_coupon()
    {
        await using var alone = await ModuleHost.StartAsync(typeof(PricingModule).Assembly);
        var filled = 0;
        for (var start = 0; start < 2; start++)
        {
            await using var scope = alone.Services.CreateAsyncScope();
            filled += await scope.ServiceProvider.GetServices<ISampleData>().OfType<SamplePromotion>().Single().FillAsync(new Progress<(int Done, int Total)>(), default);
        }

        var promotion = Assert.Single((await alone.SendAsync(new ListPromotions(PromotionStatus.Active, null, 10))).Items);
        Assert.Equal((1, true), (filled, promotion.ByCoupon));
        Assert.Equal(promotion.Id, (await alone.SendAsync(new Pricing.Coupons.GetCoupon(SamplePromotion.Code))).Coupon.PromotionId);
    }

    private async Task ChangeAsync(ICommand<PromotionView> change)
    {
        await _host.SendAsync(change);
        pricing.Service<PromotionCache>().Forget();
    }

    private Task<Quote> QuoteAsync(string? customer, string coupon) => QuoteAsync(customer, "EUR", [coupon]);

    private Task<Quote> QuoteAsync(string? customer, string currency, IReadOnlyList<string> coupons) => _host.SendAsync(new CalculateQuote(new QuoteRequest(
        Guid.NewGuid(), currency, [new QuoteItem(Guid.NewGuid(), Guid.NewGuid(), "A", "A", 2, new Money(1_000, currency))], coupons, customer, null, null, _host.Time.GetUtcNow())));
}
