using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Coupons;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Quotes;
using ModularMonolith.Pricing.Redemptions;
using Npgsql;

namespace ModularMonolith.Pricing.Tests.Redemptions;

/// <summary>The module in a host of its own, with the steps that tests of promotions need. Tests share it and use promotions of their own.</summary>
public sealed class PromotionHost : IAsyncLifetime
{
    private static int _codes;

    public ModuleHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(typeof(PricingModule).Assembly);

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    /// <summary>An active promotion of 10 % by coupon, with one coupon.</summary>
    internal async Task<(Guid Promotion, string Coupon)> CouponAsync(int? uses = null, int? usesByCustomer = null, PromotionLimits? limits = null)
    {
        var promotion = await ActiveAsync(new PromotionContent("Campaign", [new PromotionAction(Percentage: new PercentageAction(10))], ByCoupon: true, Limits: limits));
        var code = $"CODE-{Interlocked.Increment(ref _codes)}";
        await Host.SendAsync(new CreateCoupon(code, promotion, uses, usesByCustomer));
        return (promotion, code);
    }

    /// <summary>An active promotion that reservations know already.</summary>
    internal async Task<Guid> ActiveAsync(PromotionContent content)
    {
        var created = await Host.SendAsync(new CreatePromotion(content));
        await Host.SendAsync(new ActivatePromotion(created.Id, null));
        Service<PromotionCache>().Forget();
        return created.Id;
    }

    internal Task<RedemptionReservation> ReserveAsync(Guid id, Guid promotion, string? coupon, string? customer = null, long discount = 100, string currency = "EUR", int minutes = 10) =>
        ReserveAsync(id, customer, minutes, new Redemption(promotion, coupon, new Money(discount, currency)));

    internal Task<RedemptionReservation> ReserveAsync(Guid id, string? customer, int minutes, params Redemption[] redemptions) =>
        Host.SendAsync(new ReserveRedemptions(id, redemptions, customer, Host.Time.GetUtcNow().AddMinutes(minutes)));

    internal Task<RedemptionReservation> ReserveForAsync(Guid quote, Guid id, Guid promotion, string coupon, string? customer = null, long discount = 100, int minutes = 10) =>
        Host.SendAsync(new ReserveRedemptions(id, [new Redemption(promotion, coupon, new Money(discount, "EUR"))], customer, Host.Time.GetUtcNow().AddMinutes(minutes), quote));

    internal async Task<(long Uses, long Given)> UsageAsync(Guid promotion)
    {
        var usage = await Host.SendAsync(new GetPromotionUsage(promotion));
        return (usage.Uses, usage.Money.SingleOrDefault(static money => money.Given.Currency == "EUR")?.Given.Amount ?? 0);
    }

    /// <summary>The outcome of promotions for an order of 100 EUR.</summary>
    internal Task<PromotionOutcome> QuoteAsync(string? customer, params string[] coupons) => QuoteAsync(Guid.Empty, customer, coupons);

    internal async Task<PromotionOutcome> QuoteAsync(Guid quote, string? customer, params string[] coupons)
    {
        var item = new DraftItem(Guid.NewGuid(), Guid.NewGuid(), "A", "A", 1, new Money(10_000, "EUR"), null, null, []);
        var draft = new QuoteDraft("EUR", [item], null, null, null, coupons, customer, [], Host.Time.GetUtcNow(), quote, customer);
        return Service<IPromotionEngine>().Apply(draft, await Service<IPromotionSource>().ForAsync(draft, default));
    }

    internal async Task<string> WhyAsync(string? customer, string coupon) =>
        (await QuoteAsync(customer, coupon)).Decisions.Single(decision => decision.Kind == "coupon" && decision.Rule == coupon).Reason;

    internal T Service<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    /// <summary>No counter is below zero, each is what the reservations hold, and no event was given up.</summary>
    internal async Task AssertSoundAsync()
    {
        Assert.Equal(0L, await ScalarAsync("""
            select count(*) from pricing.usage_counter c full join (
                select held.key, sum(held.amount) as amount from pricing.redemption r, unnest(r.keys, r.amounts) as held (key, amount) where r.status <> 'returned' group by held.key) h using (key)
            where coalesce(c.used, 0) <> coalesce(h.amount, 0)
            """));
        Assert.Equal(0L, await ScalarAsync("select count(*) from pricing.usage_counter where used < 0"));
        Assert.Equal(0L, await ScalarAsync("select count(*) from pricing.log_dead_letter"));
    }

    /// <summary>Asks the database as its admin.</summary>
    internal async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }
}
