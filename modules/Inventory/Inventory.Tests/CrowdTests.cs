using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>More want one SKU than the module has connections.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int Connections = 8;

    private readonly InventoryHost _inventory = new() { Settings = new Dictionary<string, string?> { ["Database:MaxPoolSize"] = Connections.ToString(System.Globalization.CultureInfo.InvariantCulture) } };

    private StockTurns Turns => _inventory.Host.Services.GetRequiredService<StockTurns>();

    public Task InitializeAsync() => _inventory.InitializeAsync();

    public Task DisposeAsync() => _inventory.DisposeAsync();

    [Fact]
    public async Task Those_who_wait_for_a_popular_sku_keep_nobody_from_another()
    {
        var (popular, other) = (await _inventory.StockedAsync(100), await _inventory.StockedAsync(5));
        Task<bool>[] crowd;
        await using (var row = await HeldRow.OfStockAsync(_inventory, popular))
        {
            crowd = [.. Enumerable.Range(0, Connections * 3).Select(async _ => (await _inventory.ReserveAsync(Guid.NewGuid(), (popular, 1))).IsReserved)];
            await row.AwaitedByAsync(2);

            Assert.True((await _inventory.ReserveAsync(Guid.NewGuid(), (other, 1))).IsReserved);
            Assert.DoesNotContain(crowd, static buyer => buyer.IsCompleted);
        }

        Assert.All(await Task.WhenAll(crowd), Assert.True);
        Assert.Equal((100, Connections * 3, 100 - (Connections * 3)), await _inventory.LevelAsync(popular));
        await Assert.ThrowsAsync<ProblemException>(() => _inventory.Host.SendAsync(new AdjustStock(popular, -100, "broken")));
        await Eventually.TrueAsync(() => Task.FromResult(Turns.Count == 0));
        await _inventory.AssertSoundAsync();
    }

    [Fact]
    public async Task Turns_are_given_in_the_order_of_coming_and_whoever_gives_up_leaves_the_line()
    {
        var turns = new StockTurns();
        var (first, second) = (await turns.TakeAsync(["a", "b"], CancellationToken.None), await turns.TakeAsync(["b"], CancellationToken.None));
        using var giveUp = new CancellationTokenSource();
        var (third, impatient, fourth) = (turns.TakeAsync(["b"], CancellationToken.None), turns.TakeAsync(["a", "b"], giveUp.Token), turns.TakeAsync(["b"], CancellationToken.None));
        Assert.False(third.IsCompleted || impatient.IsCompleted || fourth.IsCompleted);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        second.Dispose();
        (await third).Dispose();
        var last = await fourth;

        Assert.Equal(2, turns.Count);
        first.Dispose();
        first.Dispose();
        last.Dispose();
        Assert.Equal(0, turns.Count);
    }
}
