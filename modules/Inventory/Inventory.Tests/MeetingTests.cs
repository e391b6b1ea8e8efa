using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Two who want something of one reservation or SKU at one moment, in the one order in which it could go wrong. These tests set the clock forward.</summary>
public sealed class MeetingTests(RedirectTests.ThreePlaces places) : IClassFixture<RedirectTests.ThreePlaces>, IAsyncLifetime
{
    private static readonly StockDestination Germany = new("DE", "BE", "10117");
    private static readonly StockDestination Bavaria = new("DE", "BY", "80333");
    private static readonly StockDestination Austria = new("AT", null, "1010");

    private InventoryHost Inventory => places.Inventory;

    private ModuleHost Host => places.Inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Inventory.AssertSoundAsync();

    [Fact]
    public async Task A_reservation_that_ends_while_it_is_moved_holds_nothing_anywhere_afterwards()
    {
        var sku = await places.StockAsync(("vienna", 5), ("berlin", 5));
        var id = await ReservedAsync(sku, 3, Austria);
        Task<bool> moved;
        await using (var row = await HeldRow.OfReservationAsync(Inventory, id))
        {
            moved = Host.SendAsync(new RedirectReservation(id, Austria, Germany));
            await row.AwaitedByAsync(1);
            Host.Time.Advance(TimeSpan.FromMinutes(11));
            await row.AwaitedByAsync(2);
        }

        Assert.True(await moved);
        await Inventory.WaitForAsync(id, ReservationStatus.Expired);
        Assert.Empty((await Inventory.ItemAsync(sku, "berlin"))!.Holds);
        Assert.Empty((await Inventory.ItemAsync(sku, "vienna"))!.Holds);
    }

    [Fact]
    public async Task A_reservation_that_is_extended_while_it_is_moved_is_not_taken_for_gone()
    {
        var sku = await places.StockAsync(("vienna", 5), ("berlin", 5));
        var id = await ReservedAsync(sku, 3, Austria);
        var later = Host.Time.GetUtcNow().AddHours(1);
        Task<bool> extended;
        await using (var row = await HeldRow.OfReservationAsync(Inventory, id))
        {
            var moved = Host.SendAsync(new RedirectReservation(id, Austria, Germany));
            await row.AwaitedByAsync(1);
            extended = Host.SendAsync(new ExtendReservation(id, later));
            await row.AwaitedByAsync(2);
        }

        Assert.True(await extended);
        Assert.Equal(later, (await Inventory.ItemAsync(sku, "berlin"))!.Holds[id].ExpiresAt);
        Assert.Equal(later, (await Inventory.ReservationAsync(id))!.ExpiresAt);
    }

    [Fact]
    public async Task An_order_that_takes_a_reservation_while_it_is_moved_gets_what_it_holds_then()
    {
        var sku = await places.StockAsync(("vienna", 6), ("munich", 3));
        var id = await ReservedAsync(sku, 3, Bavaria);
        await using (var row = await HeldRow.OfReservationAsync(Inventory, id))
        {
            var moved = Host.SendAsync(new RedirectReservation(id, Bavaria, Austria));
            await row.AwaitedByAsync(1);
            await Host.PublishAsync(new ReservationConsumed(id, "order", [new StockLine(sku, 3)]));
            await row.AwaitedByAsync(2);
        }

        await Inventory.WaitForAsync(id, ReservationStatus.Committed);
        Assert.Equal([new ReservedLine(sku, "vienna", 3)], (await Inventory.ReservationAsync(id))!.Lines);
        Assert.Equal((6, 0, 6), await Inventory.LevelAsync(sku));
        Assert.Equal(0L, await Inventory.ScalarAsync("select count(*) from inventory.log_dead_letter where key = $1", id.ToString()));
    }

    [Fact]
    public async Task A_release_that_meets_a_move_gives_back_what_is_held_then()
    {
        var sku = await places.StockAsync(("vienna", 5), ("berlin", 5));
        var id = await ReservedAsync(sku, 3, Austria);
        Task<bool> released;
        await using (var row = await HeldRow.OfReservationAsync(Inventory, id))
        {
            var moved = Host.SendAsync(new RedirectReservation(id, Austria, Germany));
            await row.AwaitedByAsync(1);
            released = Host.SendAsync(new ReleaseReservation(id));
            await row.AwaitedByAsync(2);
        }

        Assert.True(await released);
        Assert.Equal((10, 0, 10), await Inventory.LevelAsync(sku));
        Assert.Empty((await Inventory.ItemAsync(sku, "berlin"))!.Holds);
    }

    [Fact]
    public async Task A_move_that_begins_before_the_end_and_gets_its_turn_after_it_changes_nothing()
    {
        var sku = await places.StockAsync(("vienna", 4), ("berlin", 2));
        var other = await ReservedAsync(sku, 2, Austria);
        await Host.SendAsync(new ExtendReservation(other, Host.Time.GetUtcNow().AddHours(2)));
        var id = await ReservedAsync(sku, 4, Germany);
        Assert.Equal([("berlin", 2), ("vienna", 2)], (await places.HeldAsync(id)).Order());
        Task<bool> moved;
        await using (var row = await HeldRow.OfStockAsync(Inventory, sku, "berlin"))
        {
            moved = Host.SendAsync(new RedirectReservation(id, Germany, Austria));
            await row.AwaitedByAsync(1);
            Host.Time.Advance(TimeSpan.FromMinutes(11));
        }

        Assert.False(await moved);
        await Inventory.WaitForAsync(id, ReservationStatus.Expired);
        Assert.Equal((6, 2, 4), await Inventory.LevelAsync(sku));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_buyer_who_meets_the_first_policy_of_a_sku_is_served_by_it(bool isHeldBack)
    {
        var sku = await places.StockAsync(("vienna", 10));
        var policy = isHeldBack ? new StockPolicy(SafetyStock: 4, LowStockThreshold: 2) : new StockPolicy(LowStockThreshold: 2);
        Task<StockReservation> reserved;
        await using (var row = await HeldRow.OfStockAsync(Inventory, sku, "vienna"))
        {
            var put = Host.SendAsync(new PutPolicy(sku, null, policy));
            await row.AwaitedByAsync(1);
            reserved = Inventory.ReserveAsync(Guid.NewGuid(), (sku, 9));
            await row.AwaitedByAsync(2);
        }

        Assert.Equal(!isHeldBack, (await reserved).IsReserved);
        Assert.Equal(isHeldBack ? [] : [1], (await Host.PublishedAsync<LowStockReached>()).Where(told => told.Sku == sku).Select(static told => told.Available));
    }

    private async Task<Guid> ReservedAsync(string sku, int quantity, StockDestination destination)
    {
        var id = Guid.NewGuid();
        Assert.True((await Host.SendAsync(new ReserveStock(id, [new StockLine(sku, quantity)], Host.Time.GetUtcNow().AddMinutes(10), destination))).IsReserved);
        return id;
    }
}
