using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Redemptions;

namespace ModularMonolith.Pricing.Tests.Redemptions;

/// <summary>Many customers at once.</summary>
public sealed class RedemptionRaceTests(PromotionHost pricing) : IClassFixture<PromotionHost>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => pricing.AssertSoundAsync();

    [Fact]
    public async Task Of_500_customers_at_once_exactly_100_get_a_coupon_for_100()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(user => Task.Run(() => pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, $"user-{user}"))));

        Assert.Equal(100, answers.Count(static answer => answer.IsReserved));
        Assert.All(answers.Where(static answer => !answer.IsReserved), answer => Assert.Equal("It is used up.", Assert.Single(answer.Refused).Reason));
        Assert.Equal((100, 10_000), await pricing.UsageAsync(promotion));
    }

    [Fact]
    public async Task One_customer_with_many_tabs_uses_it_once()
    {
        var (promotion, coupon) = await pricing.CouponAsync(limits: new PromotionLimits(UsesByCustomer: 1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Task.Run(() => pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, $"user-{number % 3}"))));

        Assert.Equal(3, answers.Count(static answer => answer.IsReserved));
    }

    [Fact]
    public async Task A_budget_is_never_overspent_by_amounts_of_any_size()
    {
        var (promotion, coupon) = await pricing.CouponAsync(limits: new PromotionLimits(Budget: [new Money(10_000, "EUR")]));
        var random = new Random(7);
        var amounts = Enumerable.Range(0, 120).Select(_ => (long)random.Next(1, 700)).ToList();

        var answers = await Task.WhenAll(amounts.Select(amount => Task.Run(async () => (amount, (await pricing.ReserveAsync(Guid.NewGuid(), promotion, coupon, discount: amount)).IsReserved))));

        var (uses, given) = await pricing.UsageAsync(promotion);
        Assert.Equal(answers.Count(static answer => answer.IsReserved), uses);
        Assert.Equal(answers.Where(static answer => answer.IsReserved).Sum(static answer => answer.amount), given);
        // Whoever was refused last would not have fitted in.
        Assert.InRange(given, 10_000 - 700, 10_000);
    }

    [Fact]
    public async Task Reservations_of_several_promotions_in_any_order_do_not_stop_each_other()
    {
        var campaigns = new List<(Guid Promotion, string Coupon)>();
        for (var number = 0; number < 4; number++)
        {
            campaigns.Add(await pricing.CouponAsync(uses: 40));
        }

        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            var random = new Random(task);
            var counts = new int[4];
            for (var round = 0; round < 10; round++)
            {
                var chosen = Enumerable.Range(0, 4).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList();
                var redemptions = chosen.Select(index => new Redemption(campaigns[index].Promotion, campaigns[index].Coupon, new Money(1, "EUR"))).ToArray();
                if ((await pricing.ReserveAsync(Guid.NewGuid(), null, 10, redemptions)).IsReserved)
                {
                    chosen.ForEach(index => counts[index]++);
                }
            }

            return counts;
        })));

        for (var index = 0; index < 4; index++)
        {
            var expected = taken.Sum(counts => counts[index]);
            Assert.InRange(expected, 1, 40);
            Assert.Equal((expected, expected), await pricing.UsageAsync(campaigns[index].Promotion));
        }
    }

    [Fact]
    public async Task Reserving_expiring_consuming_and_returning_at_once_keep_the_limit()
    {
        var (promotion, coupon) = await pricing.CouponAsync(uses: 20);
        var ending = Enumerable.Range(0, 20).Select(static _ => Guid.NewGuid()).ToList();
        await Task.WhenAll(ending.Select(id => pricing.ReserveAsync(id, promotion, coupon)));
        pricing.Host.Time.Advance(TimeSpan.FromMinutes(11));

        var work = Enumerable.Range(0, 40).Select(task => Task.Run(async () =>
        {
            if (task % 8 == 0)
            {
                await pricing.Host.SendAsync(new ReleaseExpiredRedemptions());
                return 0;
            }

            var id = Guid.NewGuid();
            if (!(await pricing.ReserveAsync(id, promotion, coupon)).IsReserved)
            {
                return 0;
            }

            IIntegrationEvent told = task % 3 == 0 ? new RedemptionsReturned(id, "order") : new RedemptionsConsumed(id, "order", [new Redemption(promotion, coupon, new Money(100, "EUR"))], null);
            await pricing.Host.PublishAsync(told);
            await Eventually.TrueAsync(async () => (string?)await pricing.ScalarAsync("select status from pricing.redemption where id = $1", id) is "consumed" or "returned");
            return task % 3 == 0 ? 0 : 1;
        }));
        var consumed = (await Task.WhenAll(work)).Sum();
        await pricing.Host.SendAsync(new ReleaseExpiredRedemptions());

        Assert.InRange(consumed, 1, 20);
        Assert.Equal((consumed, consumed * 100), await pricing.UsageAsync(promotion));
    }
}
