using System.Collections.Concurrent;
using System.Diagnostics;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>The destination of a reservation changes, in a shop that takes stock from near there. Locations are the same for all tests: Vienna first by priority, then Berlin and Munich.</summary>
public sealed class RedirectTests(RedirectTests.ThreePlaces places) : IClassFixture<RedirectTests.ThreePlaces>, IAsyncLifetime
{
    private static readonly StockDestination Germany = new("DE", "BE", "10117");
    private static readonly StockDestination Bavaria = new("DE", "BY", "80333");
    private static readonly StockDestination Austria = new("AT", null, "1010");

    private InventoryHost Inventory => places.Inventory;

    private ModuleHost Host => places.Inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Inventory.AssertSoundAsync();

    [Fact]
    public async Task Stock_is_reserved_anew_near_the_destination_and_back_again()
    {
        var sku = await places.StockAsync(("vienna", 5), ("berlin", 5), ("munich", 5));
        var id = await ReservedAsync(sku, 3);
        Assert.Equal([("vienna", 3)], await places.HeldAsync(id));

        Assert.True(await RedirectAsync(id, null, Germany));
        Assert.Equal([("berlin", 3)], await places.HeldAsync(id));
        Assert.True(await RedirectAsync(id, Germany, Austria));

        Assert.Equal([("vienna", 3)], await places.HeldAsync(id));
        Assert.Equal((15, 3, 12), await Inventory.LevelAsync(sku));
        await Inventory.ConsumeAsync(id, (sku, 3));
        Assert.Equal((12, 0, 12), await Inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task What_is_not_there_is_taken_from_elsewhere_and_what_is_held_counts_as_free_for_itself()
    {
        var sku = await places.StockAsync(("vienna", 2), ("munich", 3));
        var id = await ReservedAsync(sku, 5);

        await RedirectAsync(id, null, Bavaria);

        Assert.Equal([("munich", 3), ("vienna", 2)], (await places.HeldAsync(id)).OrderBy(static line => line.Location));
    }

    [Fact]
    public async Task Others_who_were_faster_near_the_destination_leave_the_reservation_as_it_is()
    {
        var sku = await places.StockAsync(("vienna", 4), ("berlin", 4));
        var id = await ReservedAsync(sku, 4);
        var other = Guid.NewGuid();
        await Host.SendAsync(new ReserveStock(other, [new StockLine(sku, 4)], Host.Time.GetUtcNow().AddMinutes(5), Germany));

        Assert.False(await RedirectAsync(id, null, Germany));

        Assert.Equal([("vienna", 4)], await places.HeldAsync(id));
        Assert.Equal((8, 8, 0), await Inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task One_that_is_over_released_consumed_or_unknown_stays_as_it_is()
    {
        var sku = await places.StockAsync(("vienna", 5), ("berlin", 5));
        var (released, consumed) = (await ReservedAsync(sku, 1), await ReservedAsync(sku, 1));
        await Host.SendAsync(new ReleaseReservation(released));
        await Inventory.ConsumeAsync(consumed, (sku, 1));

        Assert.False(await RedirectAsync(released, null, Germany));
        Assert.False(await RedirectAsync(consumed, null, Germany));
        Assert.False(await RedirectAsync(Guid.NewGuid(), null, Germany));
        Assert.Equal((9, 0, 9), await Inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task What_is_back_ordered_keeps_its_place_in_the_line()
    {
        var sku = await places.StockAsync(("vienna", 2), ("berlin", 2));
        await Host.SendAsync(new PutPolicy(sku, null, new StockPolicy(BackorderLimit: 5)));
        var id = await ReservedAsync(sku, 6);
        var before = (await Inventory.LedgerAsync(sku))!.Holds[id];

        await RedirectAsync(id, null, Germany);

        Assert.Equal(before, (await Inventory.LedgerAsync(sku))!.Holds[id]);
        Assert.Equal(4, (await places.HeldAsync(id)).Sum(static line => line.Quantity));
    }

    [Fact]
    public async Task Many_who_change_their_address_while_others_buy_the_rest_lose_nothing()
    {
        var sku = await places.StockAsync(("vienna", 20), ("berlin", 20), ("munich", 20));
        var moving = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReservedAsync(sku, 1)));
        StockDestination[] ways = [Germany, Bavaria, Austria];

        var moves = moving.Select((id, index) => RedirectAsync(id, null, ways[index % 3]));
        var buyers = Enumerable.Range(0, 60).Select(index => Host.SendAsync(new ReserveStock(
            Guid.NewGuid(), [new StockLine(sku, 1)], Host.Time.GetUtcNow().AddMinutes(5), ways[index % 3])));
        var bought = await Task.WhenAll(buyers.Select(async buyer => (await buyer).IsReserved));
        await Task.WhenAll(moves);

        Assert.Equal(40, bought.Count(static isReserved => isReserved));
        Assert.Equal((60, 60, 0), await Inventory.LevelAsync(sku));
        foreach (var id in moving)
        {
            Assert.Equal(1, Assert.Single(await places.HeldAsync(id)).Quantity);
        }
    }

    [Fact]
    public async Task Where_the_destination_makes_no_difference_nothing_is_asked_of_the_database()
    {
        var sku = await places.StockAsync(("vienna", 5), ("berlin", 5));
        var id = await ReservedAsync(sku, 1);
        await RedirectAsync(id, null, Austria);

        Assert.Equal(0, await CountedAsync(Host, new RedirectReservation(id, new StockDestination("FR"), new StockDestination("ES"))));
        Assert.Equal(0, await CountedAsync(Host, new RedirectReservation(id, Germany, Germany with { PostalCode = "10 117" })));
        await using var alone = await ModuleHost.StartAsync(typeof(InventoryModule).Assembly, settings: new Dictionary<string, string?> { ["inventory:Sourcing"] = "nearest" });
        await alone.SendAsync(new RedirectReservation(Guid.NewGuid(), null, Austria));
        Assert.Equal(0, await CountedAsync(alone, new RedirectReservation(Guid.NewGuid(), null, Germany)));
        await using var byPriority = await ModuleHost.StartAsync(typeof(InventoryModule).Assembly);
        Assert.Equal(0, await CountedAsync(byPriority, new RedirectReservation(Guid.NewGuid(), null, Germany)));
    }

    private async Task<Guid> ReservedAsync(string sku, int quantity)
    {
        var id = Guid.NewGuid();
        Assert.True((await Inventory.ReserveAsync(id, (sku, quantity))).IsReserved);
        return id;
    }

    private Task<bool> RedirectAsync(Guid id, StockDestination? from, StockDestination to) => Host.SendAsync(new RedirectReservation(id, from, to));

    private static async Task<int> CountedAsync(ModuleHost host, RedirectReservation request)
    {
        using var test = new Activity("test").Start();
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Npgsql",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == test.TraceId && activity.Kind == ActivityKind.Client)
                {
                    statements.Enqueue(activity.DisplayName);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await host.SendAsync(request);
        return statements.Count;
    }

    public sealed class ThreePlaces : IAsyncLifetime
    {
        public InventoryHost Inventory { get; } = new() { Settings = new Dictionary<string, string?> { ["inventory:Sourcing"] = "nearest" } };

        public async Task InitializeAsync()
        {
            await Inventory.InitializeAsync();
            await Inventory.Host.SendAsync(new CreateLocation("vienna", "Vienna", 1, "AT", "9", "1010"));
            await Inventory.Host.SendAsync(new CreateLocation("berlin", "Berlin", 2, "DE", "BE", "10115"));
            await Inventory.Host.SendAsync(new CreateLocation("munich", "Munich", 3, "DE", "BY", "80331"));
        }

        public Task DisposeAsync() => Inventory.DisposeAsync();

        internal async Task<string> StockAsync(params (string Location, int Quantity)[] stock)
        {
            var sku = InventoryHost.NewSku();
            foreach (var (location, quantity) in stock)
            {
                await Inventory.Host.SendAsync(new ReceiveStock(sku, quantity, location));
            }

            return sku;
        }

        /// <summary>What a reservation holds, as the stock itself has it.</summary>
        internal async Task<IReadOnlyList<(string Location, int Quantity)>> HeldAsync(Guid id)
        {
            var held = new List<(string Location, int Quantity)>();
            foreach (var line in (await Inventory.ReservationAsync(id))!.Lines.Where(static line => !line.IsBackordered))
            {
                var hold = (await Inventory.ItemAsync(line.Sku, line.Location))!.Holds[id];
                Assert.Equal(line.Quantity, hold.Quantity);
                held.Add((line.Location, hold.Quantity));
            }

            return held;
        }
    }
}
