using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Certificates;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Inventory.Tests;

/// <summary>The module in a host of its own, with the steps that many tests need. Tests share it and use SKUs of their own.</summary>
public sealed class InventoryHost : IAsyncLifetime
{
    private static int _skus;

    public ModuleHost Host { get; private set; } = null!;

    /// <summary>Configuration, by key.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(typeof(InventoryModule).Assembly, settings: Settings);

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public static string NewSku(string name = "SKU") => $"{name}-{Interlocked.Increment(ref _skus)}";

    /// <summary>Declares stock as the catalogue does and waits until it is there.</summary>
    public async Task<string> StockedAsync(int quantity, string name = "SKU")
    {
        var sku = NewSku(name);
        await DeclareAsync((sku, quantity));
        return sku;
    }

    public async Task DeclareAsync(params (string Sku, int Quantity)[] lines)
    {
        await Host.PublishAsync(new StockDeclared(Guid.NewGuid(), [.. lines.Select(line => new DeclaredStock(line.Sku, line.Quantity))]));
        var skus = lines.Select(line => line.Sku).Distinct().ToArray();
        await Eventually.Async(() => Host.SendAsync(new GetStockLevels(skus)), levels => levels.Count == skus.Length);
    }

    public Task<StockReservation> ReserveAsync(Guid id, params (string Sku, int Quantity)[] lines) => ReserveAsync(id, TimeSpan.FromMinutes(10), lines);

    public Task<StockReservation> ReserveAsync(Guid id, TimeSpan duration, params (string Sku, int Quantity)[] lines) =>
        Host.SendAsync(new ReserveStock(id, [.. lines.Select(line => new StockLine(line.Sku, line.Quantity))], Host.Time.GetUtcNow() + duration));

    public async Task<(int OnHand, int Reserved, int Available)> LevelAsync(string sku)
    {
        var level = Assert.Single(await Host.SendAsync(new GetStockLevels([sku])));
        return (level.OnHand, level.Reserved, level.Available);
    }

    internal async Task<Reservation?> ReservationAsync(Guid id)
    {
        await using var session = Host.Services.GetRequiredService<IInventoryStore>().QuerySession();
        return await session.LoadAsync<Reservation>(id);
    }

    internal async Task<StockItem?> ItemAsync(string sku, string location = "main")
    {
        await using var session = Host.Services.GetRequiredService<IInventoryStore>().QuerySession();
        return await session.LoadAsync<StockItem>(StockKey.Of(location, sku));
    }

    internal async Task<SkuLedger?> LedgerAsync(string sku)
    {
        await using var session = Host.Services.GetRequiredService<IInventoryStore>().QuerySession();
        return await session.LoadAsync<SkuLedger>(SkuLedger.KeyOf(sku));
    }

    /// <summary>Has an order take a reservation.</summary>
    internal async Task ConsumeAsync(Guid id, params (string Sku, int Quantity)[] lines)
    {
        await Host.PublishAsync(new ReservationConsumed(id, "order " + id, [.. lines.Select(line => new StockLine(line.Sku, line.Quantity))]));
        var marker = MarkerFor(id);
        await Host.PublishAsync(new ReservationConsumed(marker, "marker", []));
        await WaitForAsync(marker, ReservationStatus.Committed);
    }

    /// <summary>Has an order give back what it took, or a part of it.</summary>
    internal async Task ReturnAsync(Guid id, params (string Sku, int Quantity)[] lines)
    {
        await Host.PublishAsync(new ReservationReturned(id, "order " + id, [.. lines.Select(line => new StockLine(line.Sku, line.Quantity))]));
        var marker = MarkerFor(id);
        await Host.PublishAsync(new ReservationReturned(marker, "marker", []));
        await WaitForAsync(marker, ReservationStatus.Returned);
    }

    // Events of one lane are handled in order, so that the effect of a later one shows that the earlier one is done. The lane is the key's hash, FNV-1a (Fowler, Noll, Vo), modulo four.
    private static Guid MarkerFor(Guid id)
    {
        var marker = Guid.NewGuid();
        while (Lane(marker) != Lane(id))
        {
            marker = Guid.NewGuid();
        }

        return marker;

        static uint Lane(Guid key) => key.ToString().Aggregate(2_166_136_261u, static (hash, letter) => unchecked((hash ^ letter) * 16_777_619u)) % 4;
    }

    internal async Task WaitForAsync(Guid id, ReservationStatus status) =>
        await Eventually.Async(async () => (await ReservationAsync(id))?.Status, found => found == status);

    /// <summary>The movements add up, and no event was given up.</summary>
    public async Task AssertSoundAsync()
    {
        var verification = await Host.SendAsync(new VerifyStock());
        Assert.Empty(verification.Differences);
        Assert.Null(verification.Next);
        Assert.Equal(0L, await ScalarAsync("select count(*) from inventory.log_dead_letter"));
        Assert.Equal(0L, await ScalarAsync("select count(*) from inventory.log_timer where state <> 'waiting'"));
    }

    /// <summary>Has the whole history verified.</summary>
    internal async Task<CertificateView> CertifyAsync()
    {
        var asked = await Host.SendAsync(new RequestCertificate("auditor"));
        return await Eventually.Async(() => Host.SendAsync(new GetCertificate(asked.Id)), static certificate => certificate.Status != CertificateStatus.Requested);
    }

    /// <summary>Asks the database as its admin.</summary>
    internal async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }
}
