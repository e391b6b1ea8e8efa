using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Policies;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>What is kept back, what is told of low stock, and how policies are changed.</summary>
public sealed class PolicyTests(InventoryHost inventory) : IClassFixture<InventoryHost>, IAsyncLifetime
{
    private readonly ModuleHost _host = inventory.Host;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => inventory.AssertSoundAsync();

    [Fact]
    public async Task The_safety_stock_cannot_be_ordered()
    {
        var sku = await inventory.StockedAsync(10);
        await PolicyAsync(sku, new StockPolicy(SafetyStock: 4));

        Assert.Equal(6, await OrderableAsync(sku));
        Assert.Equal(new ShortLine(sku, 7, 6), Assert.Single((await inventory.ReserveAsync(Guid.NewGuid(), (sku, 7))).Short));
        Assert.True((await inventory.ReserveAsync(Guid.NewGuid(), (sku, 6))).IsReserved);
        Assert.Equal(0, await OrderableAsync(sku));
        Assert.Equal((10, 6), await HandAsync(sku));
    }

    [Fact]
    public async Task Low_stock_and_being_back_are_told_once_for_each_crossing()
    {
        var sku = await inventory.StockedAsync(10);
        await PolicyAsync(sku, new StockPolicy(LowStockThreshold: 3));
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 6));
        await AssertToldAsync(sku);

        await inventory.ReserveAsync(Guid.NewGuid(), (sku, 1));
        await inventory.ReserveAsync(Guid.NewGuid(), (sku, 1));
        await AssertToldAsync(sku, "low 3");
        await inventory.ReserveAsync(Guid.NewGuid(), (sku, 2));
        await AssertToldAsync(sku, "low 3");
        await _host.SendAsync(new ReleaseReservation(id));
        await AssertToldAsync(sku, "low 3", "back 6");
        await _host.SendAsync(new AdjustStock(sku, -4, "broken"));
        await AssertToldAsync(sku, "low 3", "back 6", "low 2");
        await _host.SendAsync(new ReceiveStock(sku, 1));
        await AssertToldAsync(sku, "low 3", "back 6", "low 2");
    }

    [Fact]
    public async Task A_policy_is_changed_by_the_version_that_was_read()
    {
        var sku = await inventory.StockedAsync(1);
        Assert.Equal(0, (await _host.SendAsync(new GetPolicy(sku))).Version);
        await _host.SendAsync(new PutPolicy(sku, 0, new StockPolicy(SafetyStock: 1)));

        var stale = await Assert.ThrowsAsync<ProblemException>(() => _host.SendAsync(new PutPolicy(sku, 0, new StockPolicy(SafetyStock: 2))));

        Assert.Equal("precondition-failed", stale.Type.Name);
        Assert.Equal(1, (await _host.SendAsync(new PutPolicy(sku, 1, new StockPolicy(SafetyStock: 1)))).Version);
        Assert.Equal(2, (await _host.SendAsync(new PutPolicy(sku, 1, new StockPolicy(SafetyStock: 2)))).Version);
        Assert.Contains(new PolicyView(sku, 2, 0, null, 0, 0, null), (await _host.SendAsync(new ListPolicies(100, null))).Items);
        var many = await _host.SendAsync(new PutManyPolicies([new SkuPolicy(sku, new StockPolicy(), 1), new SkuPolicy(InventoryHost.NewSku(), new StockPolicy(BackorderLimit: 1))]));
        Assert.Equal((1, 1), (many.Done, many.Refused));
    }

    private async Task PolicyAsync(string sku, StockPolicy policy) => await _host.SendAsync(new PutPolicy(sku, null, policy));

    private async Task<int> OrderableAsync(string sku) => (await inventory.LevelAsync(sku)).Available;

    private async Task<(int OnHand, int Reserved)> HandAsync(string sku) => ((await inventory.LevelAsync(sku)).OnHand, (await inventory.LevelAsync(sku)).Reserved);

    private async Task AssertToldAsync(string sku, params string[] expected) => Assert.Equal(expected, await ToldAsync(sku));

    private async Task<string[]> ToldAsync(string sku)
    {
        var low = (await _host.PublishedAsync<LowStockReached>()).Where(told => told.Sku == sku).Select(static told => "low " + told.Available).ToList();
        var back = (await _host.PublishedAsync<BackInStock>()).Where(told => told.Sku == sku).Select(static told => "back " + told.Available).ToList();
        return [.. low.Take(1), .. back.Take(1), .. low.Skip(1), .. back.Skip(1)];
    }
}
