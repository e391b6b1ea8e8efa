using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Reservations and their timers. These tests set the clock forward.</summary>
public sealed class ExpiryTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private readonly ModuleHost _host = inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public async Task An_extension_moves_the_timer()
    {
        var sku = await inventory.StockedAsync(5);
        var (extended, other) = (Guid.NewGuid(), Guid.NewGuid());
        await inventory.ReserveAsync(extended, (sku, 2));
        await inventory.ReserveAsync(other, (sku, 1));
        var later = _host.Time.GetUtcNow().AddMinutes(30);
        await _host.SendAsync(new ExtendReservation(extended, later));
        Assert.Equal(1L, await inventory.ScalarAsync("select count(*) from inventory.log_timer where id = $1 and due_at between $2 and $3", extended, later.AddSeconds(-1), later));

        _host.Time.Advance(TimeSpan.FromMinutes(11));
        await inventory.WaitForAsync(other, ReservationStatus.Expired);
        Assert.Equal(ReservationStatus.Active, (await inventory.ReservationAsync(extended))!.Status);
        Assert.Equal((5, 2, 3), await inventory.LevelAsync(sku));

        _host.Time.Advance(TimeSpan.FromMinutes(20));
        await inventory.WaitForAsync(extended, ReservationStatus.Expired);
        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task Every_end_of_a_reservation_ends_its_timer()
    {
        var sku = await inventory.StockedAsync(9);
        var (consumed, released, returned, expired) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        foreach (var id in new[] { consumed, released, returned, expired })
        {
            await inventory.ReserveAsync(id, (sku, 1));
            Assert.True(await HasTimerAsync(id));
        }

        await _host.SendAsync(new ReleaseReservation(released));
        Assert.False(await HasTimerAsync(released));
        await _host.PublishAsync(new ReservationConsumed(consumed, "order", [new StockLine(sku, 1)]));
        await inventory.WaitForAsync(consumed, ReservationStatus.Committed);
        Assert.False(await HasTimerAsync(consumed));
        await _host.PublishAsync(new ReservationReturned(returned, "order", [new StockLine(sku, 1)]));
        await inventory.WaitForAsync(returned, ReservationStatus.Returned);
        Assert.False(await HasTimerAsync(returned));
        _host.Time.Advance(TimeSpan.FromMinutes(11));
        await inventory.WaitForAsync(expired, ReservationStatus.Expired);
        Assert.False(await HasTimerAsync(expired));

        Assert.Equal((8, 0, 8), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_timer_that_fires_while_an_order_consumes_loses_no_stock()
    {
        const int Rounds = 50;
        var skus = await Task.WhenAll(Enumerable.Range(0, Rounds).Select(_ => inventory.StockedAsync(5)));

        var end = _host.Time.GetUtcNow().AddMinutes(10);
        var ids = await Task.WhenAll(skus.Select(async sku =>
        {
            var id = Guid.NewGuid();
            Assert.True((await _host.SendAsync(new ReserveStock(id, [new StockLine(sku, 2)], end))).IsReserved);
            return id;
        }));

        // Long enough before the end for the timers to be waited for to the millisecond, and then so short before it that orders and timers meet.
        _host.Time.Advance(end - _host.Time.GetUtcNow() - TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Task.FromResult(_host.Time.GetUtcNow() >= end - TimeSpan.FromMilliseconds(20)));
        await Task.WhenAll(ids.Zip(skus, (id, sku) => _host.PublishAsync(new ReservationConsumed(id, "order", [new StockLine(sku, 2)]))));

        foreach (var (id, sku) in ids.Zip(skus))
        {
            await inventory.WaitForAsync(id, ReservationStatus.Committed);
            Assert.Equal((3, 0, 3), await inventory.LevelAsync(sku));
            Assert.Equal((3, 0), ((await inventory.ItemAsync(sku))!.OnHand, (await inventory.ItemAsync(sku))!.Reserved));
        }

        await Eventually.Async(() => inventory.ScalarAsync("select count(*) from inventory.log_timer where id = any($1)", ids), static left => left is 0L);
    }

    [Fact]
    public async Task A_reservation_that_expires_twice_at_once_gives_its_stock_back_once()
    {
        var sku = await inventory.StockedAsync(60);
        var ids = Enumerable.Range(0, 10).Select(static _ => Guid.NewGuid()).ToList();
        await Task.WhenAll(ids.Select(id => inventory.ReserveAsync(id, (sku, 3))));
        await Task.WhenAll(ids.Select(id => _host.SendAsync(new ExpireReservation(id))));
        Assert.Equal((60, 30, 30), await inventory.LevelAsync(sku));
        _host.Time.Advance(TimeSpan.FromMinutes(11));

        await Task.WhenAll(ids.SelectMany(id => Enumerable.Range(0, 3).Select(_ => _host.SendAsync(new ExpireReservation(id)))));

        Assert.All(await Task.WhenAll(ids.Select(inventory.ReservationAsync)), static reservation => Assert.Equal(ReservationStatus.Expired, reservation!.Status));
        Assert.Equal((60, 0), ((await inventory.ItemAsync(sku))!.OnHand, (await inventory.ItemAsync(sku))!.Reserved));
    }

    [Fact]
    public async Task Two_hundred_reservations_of_one_sku_that_end_at_the_same_second_are_all_released()
    {
        var sku = await inventory.StockedAsync(500);
        var end = _host.Time.GetUtcNow().AddMinutes(10);
        var ids = Enumerable.Range(0, 200).Select(static _ => Guid.NewGuid()).ToList();
        await Parallel.ForEachAsync(ids, async (id, _) =>
            Assert.True((await _host.SendAsync(new ReserveStock(id, [new StockLine(sku, 2)], end))).IsReserved));
        Assert.Equal((500, 400, 100), await inventory.LevelAsync(sku));

        _host.Time.Advance(TimeSpan.FromMinutes(10));

        var item = await Eventually.Async(() => inventory.ItemAsync(sku), static found => found!.Holds.IsEmpty);
        Assert.Equal((500, 0), (item!.OnHand, item.Reserved));
        Assert.All(await Task.WhenAll(ids.Select(inventory.ReservationAsync)), static reservation => Assert.Equal(ReservationStatus.Expired, reservation!.Status));
        Assert.Equal(0L, await inventory.ScalarAsync("select count(*) from inventory.log_timer where id = any($1)", ids.ToArray()));
    }

    private async Task<bool> HasTimerAsync(Guid id) => await inventory.ScalarAsync("select count(*) from inventory.log_timer where id = $1", id) is 1L;
}

/// <summary>Each with a host of its own, because it stops or is migrated.</summary>
public sealed class ExpiryAcrossHostsTests : IAsyncLifetime
{
    private readonly InventoryHost _inventory = new();

    private ModuleHost Host => _inventory.Host;

    public Task InitializeAsync() => _inventory.InitializeAsync();

    public Task DisposeAsync() => _inventory.DisposeAsync();

    [Fact]
    public async Task A_reservation_that_ends_while_no_host_runs_is_released_by_the_next_one()
    {
        var sku = await _inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await _inventory.ReserveAsync(id, (sku, 2));

        await Host.StopAsync();
        Host.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(ReservationStatus.Active, (await _inventory.ReservationAsync(id))!.Status);
        await using (await Host.StartAnotherAsync())
        {
            await _inventory.WaitForAsync(id, ReservationStatus.Expired);
        }

        Assert.Equal((5, 0), ((await _inventory.ItemAsync(sku))!.OnHand, (await _inventory.ItemAsync(sku))!.Reserved));
        await _inventory.AssertSoundAsync();
    }

    [Fact]
    public async Task Reservations_of_the_version_without_timers_get_theirs_by_the_migration()
    {
        var sku = await _inventory.StockedAsync(9);
        var (old, released, present) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await _inventory.ReserveAsync(old, (sku, 2));
        await _inventory.ReserveAsync(released, (sku, 2));
        await Host.SendAsync(new ReleaseReservation(released));
        var written = await TimerOfAsync(old);
        await _inventory.ScalarAsync("delete from inventory.log_timer");
        await _inventory.ReserveAsync(present, TimeSpan.FromHours(2), (sku, 1));
        var untouched = await TimerOfAsync(present);

        await Host.MigrateAsync();
        await Host.MigrateAsync();

        Assert.Equal(written, await TimerOfAsync(old));
        Assert.Equal(untouched, await TimerOfAsync(present));
        Assert.Equal(2L, await _inventory.ScalarAsync("select count(*) from inventory.log_timer"));
        Host.Time.Advance(TimeSpan.FromMinutes(11));
        await _inventory.WaitForAsync(old, ReservationStatus.Expired);
        Assert.Equal((9, 1, 8), await _inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task An_extension_by_a_host_without_timers_is_kept()
    {
        var sku = await _inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await _inventory.ReserveAsync(id, (sku, 2));
        await Host.SendAsync(new ExtendReservation(id, Host.Time.GetUtcNow().AddHours(2)));
        await _inventory.ScalarAsync("update inventory.log_timer set due_at = now(), next_attempt_at = now() where id = $1", id);

        await Eventually.Async(() => _inventory.ScalarAsync("select due_at > now() + interval '1 hour' from inventory.log_timer where id = $1", id), static moved => moved is true);

        Assert.Equal((5, 2, 3), await _inventory.LevelAsync(sku));
        Host.Time.Advance(TimeSpan.FromHours(2));
        await _inventory.WaitForAsync(id, ReservationStatus.Expired);
    }

    private async Task<object?> TimerOfAsync(Guid id) => await _inventory.ScalarAsync(
        "select row(name, payload::text, due_at, next_attempt_at, attempts, state)::text from inventory.log_timer where id = $1", id);
}
