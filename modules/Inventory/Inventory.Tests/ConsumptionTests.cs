using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Reservations at their end: expired, consumed, returned, in any order and more than once. These tests set the clock forward.</summary>
public sealed class ConsumptionTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private static readonly TimeSpan Beyond = TimeSpan.FromMinutes(11);
    private readonly ModuleHost _host = inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public async Task A_timer_gives_back_what_has_expired()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));

        _host.Time.Advance(Beyond);

        await inventory.WaitForAsync(id, ReservationStatus.Expired);
        Assert.Empty((await inventory.ItemAsync(sku))!.Holds);
        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
        Assert.False(await _host.SendAsync(new ExtendReservation(id, _host.Time.GetUtcNow().AddMinutes(5))));
    }

    [Fact]
    public async Task What_has_expired_can_be_reserved_at_once()
    {
        var sku = await inventory.StockedAsync(1);
        await inventory.ReserveAsync(Guid.NewGuid(), (sku, 1));

        _host.Time.Advance(Beyond);

        Assert.Equal((1, 0, 1), await inventory.LevelAsync(sku));
        Assert.True((await inventory.ReserveAsync(Guid.NewGuid(), (sku, 1))).IsReserved);
        Assert.Equal((1, 1, 0), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_reservation_consumed_after_it_expired_takes_what_is_still_available()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));
        _host.Time.Advance(Beyond);
        await inventory.WaitForAsync(id, ReservationStatus.Expired);

        await inventory.ConsumeAsync(id, (sku, 2));

        Assert.Equal((3, 0, 3), await inventory.LevelAsync(sku));
        Assert.Equal(ReservationStatus.Committed, (await inventory.ReservationAsync(id))!.Status);
    }

    [Fact]
    public async Task An_unknown_reservation_that_is_consumed_takes_its_lines_from_what_is_available()
    {
        var sku = await inventory.StockedAsync(5);

        await inventory.ConsumeAsync(Guid.NewGuid(), (sku, 2), (sku, 1));

        Assert.Equal((2, 0, 2), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_consumption_whose_stock_was_sold_meanwhile_takes_nothing_and_is_told_once()
    {
        var scarce = await inventory.StockedAsync(1);
        var plenty = await inventory.StockedAsync(9);
        var late = Guid.NewGuid();
        await inventory.ReserveAsync(late, (scarce, 1), (plenty, 2));
        _host.Time.Advance(Beyond);
        await inventory.ReserveAsync(Guid.NewGuid(), (scarce, 1));

        await inventory.ConsumeAsync(late, (scarce, 1), (plenty, 2));
        await inventory.ConsumeAsync(late, (scarce, 1), (plenty, 2));

        var told = Assert.Single(await _host.PublishedAsync<StockUnavailable>(), unavailable => unavailable.ReservationId == late);
        Assert.Equal(new ShortLine(scarce, 1, 0), Assert.Single(told.Short));
        Assert.Equal("order " + late, told.Reference);
        Assert.Equal((1, 1, 0), await inventory.LevelAsync(scarce));
        Assert.Equal((9, 0, 9), await inventory.LevelAsync(plenty));
        Assert.Equal(ReservationStatus.Unavailable, (await inventory.ReservationAsync(late))!.Status);
    }

    [Fact]
    public async Task Only_what_was_lost_is_replaced_when_a_part_of_the_reservation_is_still_held()
    {
        var sold = await inventory.StockedAsync(2);
        var kept = await inventory.StockedAsync(2);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sold, 2), (kept, 2));
        _host.Time.Advance(Beyond);
        var other = Guid.NewGuid();
        await inventory.ReserveAsync(other, (sold, 2));
        await _host.SendAsync(new ReleaseReservation(other));

        await inventory.ConsumeAsync(id, (sold, 2), (kept, 2));

        Assert.Equal((0, 0, 0), await inventory.LevelAsync(sold));
        Assert.Equal((0, 0, 0), await inventory.LevelAsync(kept));
    }

    [Fact]
    public async Task Returned_stock_is_back_once()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));
        await inventory.ConsumeAsync(id, (sku, 2));

        await inventory.ReturnAsync(id, (sku, 2));
        await inventory.ReturnAsync(id, (sku, 2));
        await inventory.ConsumeAsync(id, (sku, 2));

        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
        Assert.Equal(ReservationStatus.Returned, (await inventory.ReservationAsync(id))!.Status);
    }

    [Fact]
    public async Task No_more_comes_back_than_was_taken()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));
        await inventory.ConsumeAsync(id, (sku, 2));

        await inventory.ReturnAsync(id, (sku, 1_000), ("another", 1));

        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_return_that_overtakes_the_consumption_cancels_it()
    {
        var sku = await inventory.StockedAsync(5);
        var (reserved, unknown) = (Guid.NewGuid(), Guid.NewGuid());
        await inventory.ReserveAsync(reserved, (sku, 2));

        await inventory.ReturnAsync(reserved, (sku, 2));
        await inventory.ReturnAsync(unknown, (sku, 2));
        await inventory.ConsumeAsync(reserved, (sku, 2));
        await inventory.ConsumeAsync(unknown, (sku, 2));

        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
    }
}
