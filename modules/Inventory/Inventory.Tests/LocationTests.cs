using Microsoft.Extensions.Configuration;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Sourcing;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Several locations: what they are, and from which an order is served. The host takes the fewest parcels. These tests set the clock forward.</summary>
public sealed class LocationTests : IAsyncLifetime
{
    private readonly InventoryHost _inventory = new() { Settings = new Dictionary<string, string?> { ["inventory:Sourcing"] = "fewest-parcels" } };

    private ModuleHost Host => _inventory.Host;

    public Task InitializeAsync() => _inventory.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _inventory.AssertSoundAsync();
        await _inventory.DisposeAsync();
    }

    [Fact]
    public async Task An_order_is_sent_in_as_few_parcels_as_can_be_and_from_the_nearest()
    {
        await Host.SendAsync(new CreateLocation("vienna", "Vienna", 1, "AT", "9", "1010"));
        await Host.SendAsync(new CreateLocation("berlin", "Berlin", 2, "DE", "BE", "10115"));
        await Host.SendAsync(new CreateLocation("munich", "Munich", 3, "DE", "BY", "80331"));
        var (one, other) = (InventoryHost.NewSku(), InventoryHost.NewSku());
        foreach (var (place, sku) in new[] { ("vienna", one), ("vienna", other), ("berlin", one), ("munich", one), ("munich", other) })
        {
            await Host.SendAsync(new ReceiveStock(sku, 10, place));
        }

        Assert.Equal(["vienna"], await PlacesAsync(null, (one, 2), (other, 2)));
        Assert.Equal(["munich"], await PlacesAsync(new StockDestination("DE", "BE", "10117"), (one, 2), (other, 2)));
        Assert.Equal(["berlin"], await PlacesAsync(new StockDestination("DE", "BE", "10117"), (one, 2)));
    }

    [Fact]
    public async Task What_stands_where_no_orders_are_sent_from_is_on_hand_and_cannot_be_ordered()
    {
        await Host.SendAsync(new CreateLocation("showroom", "Showroom", 1, Fulfils: false));
        var sku = InventoryHost.NewSku();
        await Host.SendAsync(new ReceiveStock(sku, 3, "showroom"));
        await Host.SendAsync(new ReceiveStock(sku, 1));

        Assert.Equal((4, 0, 1), await _inventory.LevelAsync(sku));
        Assert.Equal(new ShortLine(sku, 2, 1), Assert.Single((await _inventory.ReserveAsync(Guid.NewGuid(), (sku, 2))).Short));
        await Host.SendAsync(new TransferStock(sku, "showroom", "main", 1));
        Assert.True((await _inventory.ReserveAsync(Guid.NewGuid(), (sku, 2))).IsReserved);
    }

    [Fact]
    public async Task A_location_that_is_not_active_takes_nothing_in_and_sells_nothing()
    {
        await Host.SendAsync(new CreateLocation("closing", "Closing", 1));
        var sku = InventoryHost.NewSku();
        await Host.SendAsync(new ReceiveStock(sku, 3, "closing"));
        var read = await Host.SendAsync(new GetLocation("closing"));

        var edited = await Host.SendAsync(new EditLocation("closing", read.Version, new LocationContent("Closed", 1, IsActive: false)));

        // Each host knows of it within a second.
        Host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((3, 0, 0), await _inventory.LevelAsync(sku));
        Assert.False((await _inventory.ReserveAsync(Guid.NewGuid(), (sku, 1))).IsReserved);
        Assert.Equal("inactive-location", (await Assert.ThrowsAsync<ProblemException>(() => Host.SendAsync(new ReceiveStock(sku, 1, "closing")))).Type.Name);
        Assert.Equal("precondition-failed", (await Assert.ThrowsAsync<ProblemException>(() => Host.SendAsync(new EditLocation("closing", read.Version, new LocationContent("Open", 1))))).Type.Name);
        await Host.SendAsync(new TransferStock(sku, "closing", "main", 3));
        Assert.Equal((3, 0, 3), await _inventory.LevelAsync(sku));
        await Host.SendAsync(new EditLocation("closing", edited.Version, new LocationContent("Open", 1)));
        Assert.True((await Host.SendAsync(new GetLocation("closing"))).View.IsActive);
    }

    [Fact]
    public async Task Of_many_changes_of_one_version_of_a_location_one_is_made()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async index =>
        {
            try
            {
                return (await Host.SendAsync(new EditLocation("main", 0, new LocationContent("Main " + index, 0)))).View.Name;
            }
            catch (ProblemException stale) when (stale.Type.Name == "precondition-failed")
            {
                return null;
            }
        }));

        Assert.Equal((await Host.SendAsync(new GetLocation("main"))).View.Name, Assert.Single(answers, static name => name is not null));
    }

    [Fact]
    public async Task Fifty_buyers_of_the_last_unit_of_each_of_two_locations_get_two()
    {
        await Host.SendAsync(new CreateLocation("second", "Second", 1));
        var sku = await _inventory.StockedAsync(1);
        await Host.SendAsync(new ReceiveStock(sku, 1, "second"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _inventory.ReserveAsync(Guid.NewGuid(), (sku, 1))));

        Assert.Equal(2, answers.Count(static answer => answer.IsReserved));
        Assert.Equal((2, 2, 0), await _inventory.LevelAsync(sku));
        Assert.Equal(1, (await _inventory.ItemAsync(sku, "second"))!.Reserved);
    }

    [Fact]
    public async Task Goods_that_come_back_are_in_stock_once()
    {
        await Host.SendAsync(new CreateLocation("returns", "Returns", 1));
        var (known, unknown) = (await _inventory.StockedAsync(1), InventoryHost.NewSku());
        var id = Guid.NewGuid();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await Host.PublishAsync(new GoodsRestocked(id, "order 7", "returns", [new StockLine(known, 2), new StockLine(unknown, 1)]));
        }

        await Host.PublishAsync(new GoodsRestocked(Guid.NewGuid(), "order 8", null, [new StockLine(known, 1)]));

        await Eventually.Async(() => _inventory.LevelAsync(known), static level => level.OnHand == 4);
        Assert.Equal((1, 0, 1), await _inventory.LevelAsync(unknown));
        Assert.Equal(2, (await _inventory.ItemAsync(known, "returns"))!.OnHand);
        var movement = Assert.Single((await Host.SendAsync(new ListMovements(unknown, "returns", 10, null))).Items);
        Assert.Equal(("goods_restocked", 1, "order 7"), (movement.Type, movement.OnHandChange, movement.Note));
    }

    private async Task<IEnumerable<string>> PlacesAsync(StockDestination? destination, params (string Sku, int Quantity)[] lines)
    {
        var id = Guid.NewGuid();
        var answer = await Host.SendAsync(new ReserveStock(id, [.. lines.Select(line => new StockLine(line.Sku, line.Quantity))], Host.Time.GetUtcNow().AddMinutes(5), destination));
        Assert.True(answer.IsReserved);
        return (await _inventory.ReservationAsync(id))!.Lines.Select(static line => line.Location).Distinct();
    }
}

/// <summary>The setting that chooses from where stock is taken.</summary>
public sealed class SourcingSettingTests
{
    [Theory]
    [InlineData(null, "Priority")]
    [InlineData("priority", "Priority")]
    [InlineData("nearest", "Nearest")]
    [InlineData("fewest-parcels", "FewestParcels")]
    public void Stock_is_taken_by_priority_unless_the_configuration_says_otherwise(string? value, string strategy) =>
        Assert.Equal(strategy, SourcingSettings.From(Configuration(value)).Strategy.ToString());

    [Fact]
    public void An_unknown_rule_stops_the_host() =>
        Assert.Contains("inventory:Sourcing", Assert.Throws<ModuleConfigurationException>(() => SourcingSettings.From(Configuration("cheapest"))).Message, StringComparison.Ordinal);

    private static IConfiguration Configuration(string? value) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Sourcing"] = value }).Build();
}
