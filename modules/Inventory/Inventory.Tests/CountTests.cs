using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Counts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

public sealed class CountTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private readonly ModuleHost _host = inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public async Task What_came_and_went_since_the_count_is_respected()
    {
        var (short_, long_, right) = (await inventory.StockedAsync(10), await inventory.StockedAsync(10), await inventory.StockedAsync(10));
        var count = await OpenAsync();
        await EnterAsync(count, (short_, 8), (long_, 13), (right, 10));
        await _host.SendAsync(new ReceiveStock(short_, 5));
        await _host.SendAsync(new AdjustStock(long_, -4, "broken"));

        var closed = await _host.SendAsync(new CloseCount(count));

        Assert.Equal(CountStatus.Closed, closed.View.Status);
        Assert.Equal((13, 0, 13), await inventory.LevelAsync(short_));
        Assert.Equal((9, 0, 9), await inventory.LevelAsync(long_));
        Assert.Equal((10, 0, 10), await inventory.LevelAsync(right));
        var movement = (await _host.SendAsync(new ListMovements(short_, "main", 1, null))).Items[0];
        Assert.Equal(("stock_counted", -2, "stock count"), (movement.Type, movement.OnHandChange, movement.Note));
        Assert.Single((await _host.SendAsync(new ListMovements(right, "main", 10, null))).Items);
    }

    [Fact]
    public async Task A_sku_that_is_counted_again_counts_by_the_last_time()
    {
        var sku = await inventory.StockedAsync(10);
        var count = await OpenAsync();
        await EnterAsync(count, (sku, 2));
        await _host.SendAsync(new ReceiveStock(sku, 1));
        await EnterAsync(count, (sku, 10));

        await _host.SendAsync(new CloseCount(count));

        Assert.Equal((10, 0, 10), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task What_is_reserved_cannot_be_counted_away_until_the_reservation_is_over()
    {
        var sku = await inventory.StockedAsync(5);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 4));
        var count = await OpenAsync();
        await EnterAsync(count, (sku, 2));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => _host.SendAsync(new CloseCount(count)));

        Assert.Equal(("insufficient-stock", 1), (refused.Type.Name, refused.Extensions["available"]));
        Assert.Equal(CountStatus.Open, (await _host.SendAsync(new GetCount(count))).View.Status);
        await _host.SendAsync(new ReleaseReservation(id));
        await _host.SendAsync(new CloseCount(count));
        Assert.Equal((2, 0, 2), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_sku_is_part_of_one_open_count_at_a_location()
    {
        var sku = await inventory.StockedAsync(5);
        await _host.SendAsync(new CreateLocation("count-north", "North", 5));
        var (first, second, elsewhere) = (await OpenAsync(), await OpenAsync(), await OpenAsync("count-north"));
        await EnterAsync(first, (sku, 5));
        await EnterAsync(elsewhere, (sku, 1));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => EnterAsync(second, (sku, 5)));

        Assert.Equal(("count-in-progress", first), (refused.Type.Name, (Guid)refused.Extensions["countId"]!));
        await _host.SendAsync(new CancelCount(first));
        await EnterAsync(second, (sku, 4));
        await _host.SendAsync(new CloseCount(second));
        await _host.SendAsync(new CloseCount(elsewhere));
        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task Of_many_counts_of_one_sku_at_once_one_gets_it()
    {
        var sku = await inventory.StockedAsync(5);
        var counts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => OpenAsync()));

        var entered = await Task.WhenAll(counts.Select(async count =>
        {
            try
            {
                await EnterAsync(count, (sku, 3));
                await _host.SendAsync(new CloseCount(count));
                return 1;
            }
            catch (ProblemException refused) when (refused.Type.Name == "count-in-progress")
            {
                return 0;
            }
        }));

        // Those that came after the first was closed found 3 where 3 were.
        Assert.InRange(entered.Sum(), 1, 12);
        Assert.Equal((3, 0, 3), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_count_that_sales_race_changes_the_stock_by_what_was_wrong()
    {
        var sku = await inventory.StockedAsync(100);
        var count = await OpenAsync();
        var sold = await Task.WhenAll(Enumerable.Range(0, 30).Select(async index =>
        {
            if (index == 15)
            {
                await EnterAsync(count, (sku, 90));
                return 0;
            }

            var id = Guid.NewGuid();
            Assert.True((await inventory.ReserveAsync(id, (sku, 1))).IsReserved);
            await inventory.ConsumeAsync(id, (sku, 1));
            return 1;
        }));
        var wrong = (await _host.SendAsync(new GetCount(count))).View.Lines[0].Difference;

        await _host.SendAsync(new CloseCount(count));

        Assert.Equal((100 - sold.Sum() + wrong, 0, 100 - sold.Sum() + wrong), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task What_a_count_finds_goes_to_orders_that_wait()
    {
        var sku = await inventory.StockedAsync(0);
        await _host.SendAsync(new PutPolicy(sku, null, new StockPolicy(BackorderLimit: 5)));
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));
        await inventory.ConsumeAsync(id, (sku, 2));
        var count = await OpenAsync();
        await EnterAsync(count, (sku, 3));

        await _host.SendAsync(new CloseCount(count));

        Assert.Equal(2, Assert.Single(await _host.PublishedAsync<BackorderFilled>(), filled => filled.ReservationId == id).Lines[0].Quantity);
        Assert.Equal((1, 0), ((await inventory.LevelAsync(sku)).OnHand, (await inventory.LedgerAsync(sku))!.Waiting));
    }

    [Fact]
    public async Task Counts_are_listed_newest_first()
    {
        var (older, newer) = (await OpenAsync(), await OpenAsync());
        var listed = new List<Guid>();
        Guid? after = null;
        do
        {
            var page = await _host.SendAsync(new ListCounts(2, after));
            listed.AddRange(page.Items.Select(static count => count.Id));
            after = page.Next is null ? null : listed[^1];
        }
        while (after is not null);

        Assert.True(listed.IndexOf(newer) >= 0 && listed.IndexOf(newer) < listed.IndexOf(older));
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    public static readonly TheoryData<string, string, string?> Table = new()
    {
        { "Open", "Enter", "Open" }, { "Open", "Close", "Closed" }, { "Open", "Cancel", "Cancelled" },
        { "Closed", "Enter", null }, { "Closed", "Close", null }, { "Closed", "Cancel", null },
        { "Cancelled", "Enter", null }, { "Cancelled", "Close", null }, { "Cancelled", "Cancel", null },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_state_answers_each_command_as_the_table_says(string state, string command, string? next)
    {
        var sku = await inventory.StockedAsync(3);
        var count = await OpenAsync();
        await EnterAsync(count, (sku, 3));
        if (state != "Open")
        {
            await SendAsync(count, sku, state == "Closed" ? "Close" : "Cancel");
        }

        if (next is null)
        {
            Assert.Equal("illegal-state", (await Assert.ThrowsAsync<ProblemException>(() => SendAsync(count, sku, command))).Type.Name);
            Assert.Equal(state, (await _host.SendAsync(new GetCount(count))).View.Status.ToString());
        }
        else
        {
            Assert.Equal(next, (await SendAsync(count, sku, command)).ToString());
        }
    }

    [Fact]
    public void The_table_has_every_state_and_command() =>
        Assert.Equal(Enum.GetValues<CountStatus>().Length * Enum.GetValues<CountAction>().Length, Table.Select(static row => (row[0], row[1])).Distinct().Count());

    [Fact]
    public void The_page_shows_the_states_as_they_are() => StateDiagram
        .Of<CountStatus, CountAction>("the states of a count", CountStatus.Open, "open", StockCount.Next).CheckShownOn("docs/modules/inventory.md");

    private async Task<CountStatus> SendAsync(Guid count, string sku, string command) => command switch
    {
        "Enter" => (await _host.SendAsync(new EnterQuantities(count, [new FoundQuantity(sku, 3)]))).View.Status,
        "Close" => (await _host.SendAsync(new CloseCount(count))).View.Status,
        _ => (await _host.SendAsync(new CancelCount(count))).View.Status,
    };

    private async Task<Guid> OpenAsync(string location = "main") => (await _host.SendAsync(new OpenCount(location))).Id;

    private Task<Versioned<CountView>> EnterAsync(Guid count, params (string Sku, int Counted)[] items) =>
        _host.SendAsync(new EnterQuantities(count, [.. items.Select(static item => new FoundQuantity(item.Sku, item.Counted))]));
}
