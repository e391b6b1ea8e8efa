using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Testing;
using Npgsql;

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
    public async Task The_rows_of_expired_deleted_and_ordered_baskets_are_removed_and_no_others()
    {
        var variant = shop.Sell();
        var (expired, ordered, changed, deleted) = (await shop.CreateAsync(), await shop.CreateAsync(), await shop.CreateAsync(), await shop.CreateAsync());
        await shop.Host.PublishAsync(new Contracts.BasketOrdered(ordered, Guid.NewGuid()));
        await shop.CallAsync(HttpMethod.Delete, "/" + deleted, HttpStatusCode.NoContent);
        shop.Host.Time.Advance(TimeSpan.FromMinutes(11));
        await LeftAsync([deleted], 0);
        Assert.Equal(3, await CountAsync([expired, ordered, changed]));
        shop.Host.Time.Advance(TimeSpan.FromDays(29));
        await shop.AddAsync(changed, new { sku = variant.Sku });

        shop.Host.Time.Advance(TimeSpan.FromDays(2));
        await LeftAsync([expired, ordered], 0);

        Assert.Equal(1, await CountAsync([changed]));
        await shop.ShowAsync(changed);
        await Eventually.Async(() => ScalarAsync("select count(*) from baskets.log_timer where id = any($1)", Timers(expired, ordered, deleted)), static left => left is 0L);
        Assert.Equal(1L, await ScalarAsync("select count(*) from baskets.log_timer where id = any($1) and state = 'waiting'", Timers(changed)));
    }

    [Fact]
    public async Task A_basket_that_was_changed_behind_its_timer_is_kept_until_its_new_end()
    {
        var id = await shop.CreateAsync();
        await ScalarAsync("update baskets.log_timer set due_at = now(), next_attempt_at = now() where id = any($1)", Timers(id));

        var due = await Eventually.Async(() => ScalarAsync("select due_at from baskets.log_timer where id = any($1) and due_at > now() + interval '1 day'", Timers(id)), static due => due is not null);

        Assert.InRange(new DateTimeOffset((DateTime)due!) - shop.Host.Time.GetUtcNow(), TimeSpan.FromDays(29.9), TimeSpan.FromDays(30.1));
        await shop.ShowAsync(id);
    }

    [Fact]
    public async Task Baskets_of_the_version_without_timers_get_theirs_by_the_migration()
    {
        const string Timer = "select row(name, payload::text, due_at, next_attempt_at, attempts, state)::text from baskets.log_timer where id = any($1)";
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.CreateAsync()));
        var written = await Task.WhenAll(ids.Select(id => ScalarAsync(Timer, Timers(id))));
        Assert.All(written, Assert.NotNull);
        await ScalarAsync("delete from baskets.log_timer where id = any($1)", Timers(ids));

        await shop.Host.MigrateAsync();
        await shop.Host.MigrateAsync();

        Assert.Equal(written, await Task.WhenAll(ids.Select(id => ScalarAsync(Timer, Timers(id)))));
        shop.Host.Time.Advance(TimeSpan.FromDays(31));
        await LeftAsync(ids, 0);
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

    private static Guid[] Timers(params string[] baskets) => Array.ConvertAll(baskets, BasketId.ToTimerId);

    private Task<int> LeftAsync(string[] ids, int count) => Eventually.Async(() => CountAsync(ids), left => left == count);

    private async Task<int> CountAsync(string[] ids)
    {
        await using var session = shop.Host.Services.GetRequiredService<IBasketsStore>().QuerySession();
        return (await session.LoadManyAsync<Basket>(ids)).Count;
    }

    private async Task<object?> ScalarAsync(string sql, params Guid[] timers)
    {
        await using var source = NpgsqlDataSource.Create(shop.Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(timers);
        return await command.ExecuteScalarAsync();
    }
}
