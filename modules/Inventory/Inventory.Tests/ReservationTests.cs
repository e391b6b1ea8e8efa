using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

public sealed class ReservationTests(InventoryHost inventory) : IClassFixture<InventoryHost>
{
    private readonly ModuleHost _host = inventory.Host;

    [Fact]
    public async Task Declared_stock_is_there_and_a_second_declaration_changes_nothing()
    {
        var sku = InventoryHost.NewSku("Größe L / rot");
        await inventory.DeclareAsync((sku, 7), (sku, 9));
        var other = InventoryHost.NewSku();
        await inventory.DeclareAsync((sku, 100), (other, 0));

        Assert.Equal((7, 0, 7), await inventory.LevelAsync(sku));
        Assert.Equal((0, 0, 0), await inventory.LevelAsync(other));
    }

    [Fact]
    public async Task Unknown_skus_are_left_out_of_the_levels() =>
        Assert.Empty(await _host.SendAsync(new GetStockLevels(["nobody has this"])));

    [Fact]
    public async Task A_reservation_takes_from_what_is_available_and_leaves_what_is_on_hand()
    {
        var sku = await inventory.StockedAsync(5);

        var answer = await inventory.ReserveAsync(Guid.NewGuid(), (sku, 2));

        Assert.True(answer.IsReserved);
        Assert.Empty(answer.Short);
        Assert.Equal((5, 2, 3), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task All_lines_are_reserved_or_none()
    {
        var plenty = await inventory.StockedAsync(5);
        var scarce = await inventory.StockedAsync(1);

        var answer = await inventory.ReserveAsync(Guid.NewGuid(), (plenty, 2), (scarce, 2), ("no such sku", 1));

        Assert.False(answer.IsReserved);
        Assert.Equal([new ShortLine(scarce, 2, 1), new ShortLine("no such sku", 1, 0)], answer.Short);
        Assert.Equal((5, 0, 5), await inventory.LevelAsync(plenty));
    }

    [Fact]
    public async Task Repeating_a_reservation_reserves_nothing_more()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();

        await inventory.ReserveAsync(id, (sku, 2));
        var again = await inventory.ReserveAsync(id, (sku, 2));

        Assert.True(again.IsReserved);
        Assert.Equal((5, 2, 3), await inventory.LevelAsync(sku));
        var other = await Assert.ThrowsAsync<ProblemException>(() => inventory.ReserveAsync(id, (sku, 3)));
        Assert.Equal("reservation-ended", other.Type.Name);
    }

    [Fact]
    public async Task A_refused_reservation_may_be_tried_again_under_the_same_id()
    {
        var sku = await inventory.StockedAsync(1);
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await inventory.ReserveAsync(first, (sku, 1));
        Assert.False((await inventory.ReserveAsync(second, (sku, 1))).IsReserved);
        await _host.SendAsync(new ReleaseReservation(first));

        Assert.True((await inventory.ReserveAsync(second, (sku, 1))).IsReserved);
    }

    [Fact]
    public async Task A_released_reservation_gives_its_stock_back_once()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));

        Assert.True(await _host.SendAsync(new ReleaseReservation(id)));
        Assert.False(await _host.SendAsync(new ReleaseReservation(id)));
        Assert.False(await _host.SendAsync(new ReleaseReservation(Guid.NewGuid())));

        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
        var over = await Assert.ThrowsAsync<ProblemException>(() => inventory.ReserveAsync(id, (sku, 2)));
        Assert.Equal("reservation-ended", over.Type.Name);
    }

    [Fact]
    public async Task An_extension_moves_the_end_and_never_back()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));
        var later = _host.Time.GetUtcNow().AddHours(2);

        Assert.True(await _host.SendAsync(new ExtendReservation(id, later)));
        Assert.True(await _host.SendAsync(new ExtendReservation(id, later.AddHours(-1))));

        Assert.Equal(later, (await inventory.ReservationAsync(id))!.ExpiresAt);
        Assert.Equal(later, (await inventory.ItemAsync(sku))!.Holds[id].ExpiresAt);
        Assert.False(await _host.SendAsync(new ExtendReservation(Guid.NewGuid(), later)));
        await _host.SendAsync(new ReleaseReservation(id));
        Assert.False(await _host.SendAsync(new ExtendReservation(id, later)));
    }

    [Fact]
    public async Task Two_hundred_buyers_of_the_last_unit_get_it_exactly_once()
    {
        var sku = await inventory.StockedAsync(1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => inventory.ReserveAsync(Guid.NewGuid(), (sku, 1))));

        Assert.Single(answers, answer => answer.IsReserved);
        Assert.All(answers.Where(answer => !answer.IsReserved), answer => Assert.Equal(new ShortLine(sku, 1, 0), Assert.Single(answer.Short)));
        Assert.Equal((1, 1, 0), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task The_same_reservation_sent_many_times_at_once_is_made_once()
    {
        var sku = await inventory.StockedAsync(2);
        var id = Guid.NewGuid();
        var expiresAt = _host.Time.GetUtcNow().AddMinutes(5);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _host.SendAsync(new ReserveStock(id, [new StockLine(sku, 2)], expiresAt))));

        Assert.All(answers, answer => Assert.True(answer.IsReserved));
        Assert.Equal((2, 2, 0), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_consumed_reservation_leaves_the_warehouse_once()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));

        await _host.PublishAsync(new ReservationConsumed(id, "order 1", [new StockLine(sku, 2)]));
        await _host.PublishAsync(new ReservationConsumed(id, "order 1", [new StockLine(sku, 2)]));
        var last = Guid.NewGuid();
        await _host.PublishAsync(new ReservationConsumed(last, "order 2", [new StockLine(sku, 1)]));
        await inventory.WaitForAsync(last, ReservationStatus.Committed);

        Assert.Equal((2, 0, 2), await inventory.LevelAsync(sku));
        Assert.True((await inventory.ReserveAsync(id, (sku, 2))).IsReserved);
        Assert.False(await _host.SendAsync(new ReleaseReservation(id)));
    }
}
