using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Selling what is not there yet, and keeping back what is. These tests set the clock forward.</summary>
public sealed class BackorderTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private readonly ModuleHost _host = inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public async Task What_is_missing_is_sold_before_it_is_there_up_to_the_limit()
    {
        var sku = await inventory.StockedAsync(2);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 5, RestockDays: 7));
        var id = Guid.NewGuid();

        Assert.Equal(new StockLevel(sku, 2, 0, 7, 5, 7), Assert.Single(await _host.SendAsync(new GetStockLevels([sku]))));
        Assert.True((await inventory.ReserveAsync(id, (sku, 4))).IsReserved);
        Assert.Equal(3, await OrderableAsync(sku));
        Assert.Equal(new ShortLine(sku, 4, 3), Assert.Single((await inventory.ReserveAsync(Guid.NewGuid(), (sku, 4))).Short));

        await inventory.ConsumeAsync(id, (sku, 4));

        var told = Assert.Single(await _host.PublishedAsync<StockCommitted>(), committed => committed.ReservationId == id);
        Assert.Equal([new SourcedLine(sku, "main", 2), new SourcedLine(sku, "main", 2, true)], told.Lines);
        Assert.Equal((0, 0), await HandAsync(sku));
        Assert.Equal(3, await OrderableAsync(sku));
    }

    [Fact]
    public async Task What_arrives_goes_to_those_who_waited_longest_and_is_told()
    {
        var sku = await inventory.StockedAsync(0);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 100));
        var orders = new List<Guid>();
        for (var order = 0; order < 3; order++)
        {
            orders.Add(await OrderAsync(sku, 4));
        }

        await _host.SendAsync(new ReceiveStock(sku, 6));

        await AssertArrivedAsync(orders, 4, 2, 0);
        Assert.Equal((0, 0), await HandAsync(sku));
        await _host.SendAsync(new AdjustStock(sku, 3, "found"));
        await AssertArrivedAsync(orders, 4, 4, 1);
        await _host.SendAsync(new ReceiveStock(sku, 10));
        await AssertArrivedAsync(orders, 4, 4, 4);
        Assert.Equal((7, 0), await HandAsync(sku));
        Assert.Equal(0, (await LedgerAsync(sku)).Waiting);
        Assert.Equal(107, await OrderableAsync(sku));
    }

    [Fact]
    public async Task More_orders_than_one_transaction_serves_are_all_served_in_order()
    {
        const int Orders = 230;
        var sku = await inventory.StockedAsync(0);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 1_000));
        var ids = Enumerable.Range(0, Orders).Select(static _ => Guid.NewGuid()).ToList();
        await Parallel.ForEachAsync(ids, async (id, _) => await _host.PublishAsync(new ReservationConsumed(id, "order", [new StockLine(sku, 1)])));
        await Eventually.Async(() => LedgerAsync(sku), static ledger => ledger.Waiting == Orders);

        await _host.SendAsync(new ReceiveStock(sku, Orders + 5));

        await Eventually.Async(() => LedgerAsync(sku), static ledger => ledger.Waiting == 0);
        Assert.Equal((5, 0), await HandAsync(sku));
        var told = (await _host.PublishedAsync<BackorderFilled>()).Where(filled => filled.Lines[0].Sku == sku).Select(static filled => filled.ReservationId).ToList();
        Assert.Equal(ids.Order(), told.Order());
    }

    [Fact]
    public async Task What_arrived_while_a_checkout_went_on_is_taken_from_stock()
    {
        var sku = await inventory.StockedAsync(0);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 5));
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 3));
        await _host.SendAsync(new ReceiveStock(sku, 2));

        await inventory.ConsumeAsync(id, (sku, 3));

        Assert.Equal([new SourcedLine(sku, "main", 2), new SourcedLine(sku, "main", 1, true)], (await CommittedAsync(id)).Lines);
        Assert.Equal((0, 0), await HandAsync(sku));
        Assert.Equal(1, (await LedgerAsync(sku)).Waiting);
    }

    [Fact]
    public async Task A_promise_is_kept_when_the_policy_is_tightened_during_the_checkout()
    {
        var sku = await inventory.StockedAsync(3);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 5));
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 5));
        await PolicyAsync(sku, new StockPolicy(SafetyStock: 2));
        Assert.Equal(0, await OrderableAsync(sku));

        await inventory.ConsumeAsync(id, (sku, 5));

        Assert.Equal(ReservationStatus.Committed, (await inventory.ReservationAsync(id))!.Status);
        Assert.Equal(2, (await LedgerAsync(sku)).Waiting);
    }

    [Fact]
    public async Task A_back_order_that_is_given_back_frees_the_limit_and_what_had_come_goes_back_to_stock()
    {
        var sku = await inventory.StockedAsync(0);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 5));
        var (first, second) = (await OrderAsync(sku, 3), await OrderAsync(sku, 2));
        Assert.Equal(0, await OrderableAsync(sku));
        await _host.SendAsync(new ReceiveStock(sku, 1));

        await inventory.ReturnAsync(first, (sku, 1));
        Assert.Equal((3, 2), ((await LedgerAsync(sku)).Waiting, await OrderableAsync(sku)));
        await inventory.ReturnAsync(first, (sku, 5));

        // The piece that had come for the first order is the second one's now.
        Assert.Equal(ReservationStatus.Returned, (await inventory.ReservationAsync(first))!.Status);
        Assert.Equal(1, await ArrivedAsync(second));
        Assert.Equal(1, (await LedgerAsync(sku)).Waiting);
        Assert.Equal((0, 0), await HandAsync(sku));
        await inventory.ReturnAsync(second, (sku, 2));
        Assert.Equal(0, (await LedgerAsync(sku)).Waiting);
        Assert.Equal((1, 0), await HandAsync(sku));
    }

    [Fact]
    public async Task A_back_order_of_a_checkout_that_expires_is_free_again()
    {
        var sku = await inventory.StockedAsync(0);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 3));
        var (released, expired) = (Guid.NewGuid(), Guid.NewGuid());
        await inventory.ReserveAsync(released, (sku, 1));
        await inventory.ReserveAsync(expired, (sku, 2));
        Assert.Equal(0, await OrderableAsync(sku));
        Assert.True(await _host.SendAsync(new ReleaseReservation(released)));
        Assert.Equal(1, await OrderableAsync(sku));
        Assert.True(await _host.SendAsync(new ExtendReservation(expired, _host.Time.GetUtcNow().AddMinutes(12))));

        _host.Time.Advance(TimeSpan.FromMinutes(13));

        Assert.Equal(3, await OrderableAsync(sku));
        await inventory.WaitForAsync(expired, ReservationStatus.Expired);
        Assert.Equal(0, (await LedgerAsync(sku)).Held);
    }

    [Fact]
    public async Task A_pre_order_sells_what_does_not_exist_until_its_date()
    {
        var sku = InventoryHost.NewSku("SOON");
        await PolicyAsync(sku, new StockPolicy(PreorderUntil: _host.Time.GetUtcNow().AddDays(3), PreorderLimit: 10));
        Assert.Equal(10, await OrderableAsync(sku));
        var order = await OrderAsync(sku, 6);

        _host.Time.Advance(TimeSpan.FromDays(4));

        Assert.Equal(0, await OrderableAsync(sku));
        await inventory.DeclareAsync((sku, 8));
        await Eventually.Async(() => ArrivedAsync(order), static arrived => arrived == 6);
        Assert.Equal((2, 0), await HandAsync(sku));
    }

    [Fact]
    public async Task Parallel_orders_never_exceed_the_limit()
    {
        var sku = await inventory.StockedAsync(3);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 7));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            var id = Guid.NewGuid();
            var isReserved = (await inventory.ReserveAsync(id, (sku, 1))).IsReserved;
            if (isReserved)
            {
                await _host.PublishAsync(new ReservationConsumed(id, "order", [new StockLine(sku, 1)]));
            }

            return isReserved;
        }));

        Assert.Equal(10, answers.Count(static isReserved => isReserved));
        await Eventually.Async(() => LedgerAsync(sku), static ledger => ledger is { Held: 0, Waiting: 7 });
        Assert.Equal((0, 0), await HandAsync(sku));
    }

    [Fact]
    public async Task Receipts_and_orders_at_once_leave_nobody_waiting_who_could_be_served()
    {
        var sku = await inventory.StockedAsync(0);
        await PolicyAsync(sku, new StockPolicy(BackorderLimit: 1_000));
        await _host.SendAsync(new CreateLocation("backorder-north", "North", 10));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async index =>
        {
            if (index % 2 == 0)
            {
                await _host.SendAsync(new ReceiveStock(sku, 2, index % 4 == 0 ? "main" : "backorder-north"));
            }
            else
            {
                await OrderAsync(sku, 3);
            }
        }));

        await Eventually.Async(() => LedgerAsync(sku), static ledger => ledger.Waiting == 20);
        Assert.Equal((0, 0), await HandAsync(sku));
        await _host.SendAsync(new ReceiveStock(sku, 25));
        Assert.Equal((5, 0), await HandAsync(sku));
    }

    private async Task PolicyAsync(string sku, StockPolicy policy) => await _host.SendAsync(new PutPolicy(sku, null, policy));

    private async Task<Guid> OrderAsync(string sku, int quantity)
    {
        var id = Guid.NewGuid();
        Assert.True((await inventory.ReserveAsync(id, (sku, quantity))).IsReserved);
        await _host.PublishAsync(new ReservationConsumed(id, "order", [new StockLine(sku, quantity)]));
        await inventory.WaitForAsync(id, ReservationStatus.Committed);
        return id;
    }

    private async Task<int> OrderableAsync(string sku) => (await inventory.LevelAsync(sku)).Available;

    private async Task<(int OnHand, int Reserved)> HandAsync(string sku) => ((await inventory.LevelAsync(sku)).OnHand, (await inventory.LevelAsync(sku)).Reserved);

    private async Task<StockCommitted> CommittedAsync(Guid id) => Assert.Single(await _host.PublishedAsync<StockCommitted>(), committed => committed.ReservationId == id);

    private async Task<int> ArrivedAsync(Guid id) =>
        (await _host.PublishedAsync<BackorderFilled>()).Where(filled => filled.ReservationId == id).SelectMany(static filled => filled.Lines).Sum(static line => line.Quantity);

    private async Task<SkuLedger> LedgerAsync(string sku) => (await inventory.LedgerAsync(sku))!;

    private async Task AssertArrivedAsync(IEnumerable<Guid> orders, params int[] expected) => Assert.Equal(expected, await Task.WhenAll(orders.Select(ArrivedAsync)));
}
