using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Inventory.Transits;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

public sealed class TransitTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private const string North = "transit-north";
    private readonly ModuleHost _host = inventory.Host;

    public async Task InitializeAsync()
    {
        if ((await _host.SendAsync(new ListLocations())).Items.All(static location => location.Code != North))
        {
            await _host.SendAsync(new CreateLocation(North, "North", 5));
        }
    }

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public async Task Goods_on_their_way_are_nowhere_until_they_arrive()
    {
        var sku = await inventory.StockedAsync(10);

        var sent = await _host.SendAsync(new SendTransit("main", North, [new StockLine(sku, 6)], "van 7"));

        Assert.Equal((4, 0, 4), await inventory.LevelAsync(sku));
        var partly = await ReceiveAsync(sent.Id, (sku, 2));
        Assert.Equal((TransitStatus.PartlyReceived, new TransitLine(sku, 6, 2)), (partly.Status, partly.Lines[0]));
        Assert.Equal(2, (await inventory.ItemAsync(sku, North))!.OnHand);
        var complete = await ReceiveAsync(sent.Id, (sku, 4));
        Assert.Equal(TransitStatus.Completed, complete.Status);
        Assert.NotNull(complete.CompletedAt);
        Assert.Equal((10, 0, 10), await inventory.LevelAsync(sku));
        Assert.Equal("van 7", (await _host.SendAsync(new ListMovements(sku, North, 1, null))).Items[0].Note);
    }

    [Fact]
    public async Task What_is_lost_on_the_way_never_arrives()
    {
        var sku = await inventory.StockedAsync(10);
        var sent = await _host.SendAsync(new SendTransit("main", North, [new StockLine(sku, 6)]));

        var lost = await _host.SendAsync(new ReportLoss(sent.Id, [new StockLine(sku, 1)], "fell off the van"));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => ReceiveAsync(sent.Id, (sku, 6)));
        var complete = await ReceiveAsync(sent.Id, (sku, 5));

        Assert.Equal((TransitStatus.PartlyReceived, "fell off the van"), (lost.View.Status, lost.View.Losses[0].Reason));
        Assert.Equal(("not-in-transit", 5), (refused.Type.Name, refused.Extensions["open"]));
        Assert.Equal((TransitStatus.Completed, new TransitLine(sku, 6, 5, 1)), (complete.Status, complete.Lines[0]));
        Assert.Equal((9, 0, 9), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task What_is_reserved_is_not_sent()
    {
        var (sku, plenty) = (await inventory.StockedAsync(5), await inventory.StockedAsync(5));
        await inventory.ReserveAsync(Guid.NewGuid(), (sku, 3));

        await Assert.ThrowsAsync<ProblemException>(() => _host.SendAsync(new SendTransit("main", North, [new StockLine(plenty, 2), new StockLine(sku, 3)])));

        Assert.Equal((5, 3, 2), await inventory.LevelAsync(sku));
        Assert.Equal((5, 0, 5), await inventory.LevelAsync(plenty));
    }

    [Fact]
    public async Task An_arrival_that_is_noted_many_times_at_once_counts_as_often_as_there_are_goods()
    {
        var sku = await inventory.StockedAsync(10);
        var sent = await _host.SendAsync(new SendTransit("main", North, [new StockLine(sku, 5)]));

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await ReceiveAsync(sent.Id, (sku, 2));
                return 2;
            }
            catch (ProblemException refused) when (refused.Type.Name is "not-in-transit" or "concurrent-change")
            {
                return 0;
            }
        }));

        Assert.InRange(answers.Sum(), 2, 4);
        Assert.Equal(5 + answers.Sum(), (await inventory.LevelAsync(sku)).OnHand);
    }

    [Fact]
    public async Task What_arrives_goes_to_orders_that_wait()
    {
        var sku = await inventory.StockedAsync(3);
        await _host.SendAsync(new PutPolicy(sku, null, new StockPolicy(BackorderLimit: 9)));
        var sent = await _host.SendAsync(new SendTransit("main", North, [new StockLine(sku, 3)]));
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));
        await inventory.ConsumeAsync(id, (sku, 2));

        await ReceiveAsync(sent.Id, (sku, 3));

        var filled = Assert.Single(await _host.PublishedAsync<BackorderFilled>(), filled => filled.ReservationId == id);
        Assert.Equal([new SourcedLine(sku, North, 2, true)], filled.Lines);
        Assert.Equal(1, (await inventory.LevelAsync(sku)).OnHand);
    }

    public static readonly TheoryData<string, string, bool> Table = new()
    {
        { "Sent", "Receive", true }, { "Sent", "Lose", true },
        { "PartlyReceived", "Receive", true }, { "PartlyReceived", "Lose", true },
        { "Completed", "Receive", false }, { "Completed", "Lose", false },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_state_answers_each_command_as_the_table_says(string state, string command, bool isAllowed)
    {
        var sku = await inventory.StockedAsync(9);
        var sent = await _host.SendAsync(new SendTransit("main", North, [new StockLine(sku, 4)]));
        if (state != "Sent")
        {
            await ReceiveAsync(sent.Id, (sku, state == "Completed" ? 4 : 1));
        }

        Assert.Equal(state, (await _host.SendAsync(new GetTransit(sent.Id))).View.Status.ToString());
        if (isAllowed)
        {
            Assert.Equal(TransitStatus.PartlyReceived, await SendAsync(sent.Id, sku, command));
        }
        else
        {
            Assert.Equal("illegal-state", (await Assert.ThrowsAsync<ProblemException>(() => SendAsync(sent.Id, sku, command))).Type.Name);
        }
    }

    [Fact]
    public void The_table_has_every_state_and_command() =>
        Assert.Equal(Enum.GetValues<TransitStatus>().Length * Enum.GetValues<TransitAction>().Length, Table.Select(static row => (row[0], row[1])).Distinct().Count());

    [Fact]
    public void The_page_shows_the_states_as_they_are()
    {
        var diagram = new StateDiagram("the states of a transfer").Moves("[*]", "send", nameof(TransitStatus.Sent));
        foreach (var status in Enum.GetValues<TransitStatus>())
        {
            foreach (var (action, isAll) in Enum.GetValues<TransitAction>().SelectMany(static action => new[] { (action, false), (action, true) }))
            {
                var transit = new StockTransit { Status = status, Lines = [new TransitLine("SKU", 3, status switch { TransitStatus.Sent => 0, TransitStatus.PartlyReceived => 1, _ => 3 })] };
                try
                {
                    transit.Settle([new StockLine("SKU", isAll ? transit.Lines[0].Open : 1)], action, DateTimeOffset.UnixEpoch);
                    diagram.Moves(status.ToString(), $"{action.ToString().ToLowerInvariant()} {(isAll ? "all" : "a part")}", transit.Status.ToString());
                }
                catch (ProblemException)
                {
                    // Refused: no arrow.
                }
            }
        }

        diagram.CheckShownOn("docs/modules/inventory.md");
    }

    private async Task<TransitStatus> SendAsync(Guid transit, string sku, string command) => command == "Receive"
        ? (await ReceiveAsync(transit, (sku, 1))).Status
        : (await _host.SendAsync(new ReportLoss(transit, [new StockLine(sku, 1)], "stolen"))).View.Status;

    private async Task<TransitView> ReceiveAsync(Guid transit, params (string Sku, int Quantity)[] lines) =>
        (await _host.SendAsync(new ReceiveTransit(transit, [.. lines.Select(static line => new StockLine(line.Sku, line.Quantity))]))).View;
}
