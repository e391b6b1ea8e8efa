using System.Net;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Baskets.Tests;

/// <summary>Stands on a host of its own, because it sets the clock forward.</summary>
public sealed class ExpiryTests(BasketsHost shop) : IClassFixture<BasketsHost>
{
    [Fact]
    public async Task A_basket_ends_thirty_days_after_its_last_change()
    {
        var variant = shop.Sell();
        var (changed, untouched) = (await shop.CreateAsync(), await shop.CreateAsync());
        shop.Host.Time.Advance(TimeSpan.FromDays(29));
        await shop.AddAsync(changed, new { sku = variant.Sku });
        shop.Host.Time.Advance(TimeSpan.FromDays(2));

        await shop.ShowAsync(changed);
        await shop.ShowAsync(untouched, HttpStatusCode.NotFound);
        await shop.AddAsync(untouched, new { sku = variant.Sku }, HttpStatusCode.NotFound);
        Assert.Null(await shop.Host.SendAsync(new Contracts.GetBasket(untouched)));
        shop.Host.Time.Advance(TimeSpan.FromDays(29));
        await shop.ShowAsync(changed, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_sweep_removes_expired_baskets_a_batch_at_a_time_and_no_others()
    {
        var store = shop.Host.Services.GetRequiredService<IBasketsStore>();
        await shop.Host.SendAsync(new DeleteExpiredBaskets());
        var now = shop.Host.Time.GetUtcNow();
        var expired = Enumerable.Range(0, DeleteExpiredBasketsHandler.BatchSize + 5).Select(number => new Basket
        {
            Id = BasketId.Create(),
            CreatedAt = now,
            ExpiresAt = now.AddDays(-1).AddMinutes(-number),
        }).ToList();
        await store.BulkInsertAsync(expired);
        var alive = await shop.CreateAsync();

        await shop.Host.SendAsync(new DeleteExpiredBaskets());
        var left = await IdsAsync(store);
        await shop.Host.SendAsync(new DeleteExpiredBaskets());

        Assert.Equal(expired.Take(5).Select(basket => basket.Id).Order(), expired.Select(basket => basket.Id).Intersect(left).Order());
        Assert.Empty(expired.Select(basket => basket.Id).Intersect(await IdsAsync(store)));
        await shop.ShowAsync(alive);
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData("7", 7)]
    public void The_lifetime_can_be_configured(string? setting, int days) =>
        Assert.Equal(TimeSpan.FromDays(days), BasketLifetime.From(Configuration(setting)).AfterLastChange);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("3651")]
    [InlineData("a month")]
    public void A_lifetime_that_makes_no_sense_stops_the_host_with_a_hint(string setting)
    {
        var refused = Assert.Throws<ModuleConfigurationException>(() => BasketLifetime.From(Configuration(setting)));

        Assert.Contains("baskets:ExpiryDays", refused.Message, StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(string? days) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ExpiryDays"] = days }).Build();

    private static async Task<IReadOnlyList<string>> IdsAsync(IBasketsStore store)
    {
        await using var session = store.QuerySession();
        return await session.Query<Basket>().Select(basket => basket.Id).ToListAsync();
    }
}
