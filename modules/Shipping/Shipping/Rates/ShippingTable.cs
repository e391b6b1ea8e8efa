using JasperFx;
using Marten;

namespace ModularMonolith.Shipping.Rates;

/// <summary>Changes with every change of zones, methods and pickup points, so that all of them are read again only then, and so that two changes at once cannot contradict each other.</summary>
internal sealed class TableStamp : IRevisioned
{
    public const string OnlyId = "table";

    public string Id { get; set; } = OnlyId;

    public int Version { get; set; }

    /// <summary>Makes the unit of work one that changes the table.</summary>
    public static async Task TakeTurnAsync(IDocumentSession session, CancellationToken cancellationToken)
    {
        if (await session.LoadAsync<TableStamp>(OnlyId, cancellationToken) is { } stamp)
        {
            session.UpdateRevision(stamp, stamp.Version + 1);
        }
        else
        {
            session.Insert(new TableStamp());
        }
    }
}

/// <summary>
/// Zones, methods and pickup points in memory. Once a second at most it is asked whether they have changed, so what is answered is never older than about a second, on whichever
/// host they were changed.
/// </summary>
internal sealed class ShippingTable(IShippingStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Loaded? _loaded;
    private int _changes;

    /// <summary>The table as it was at most about a second ago.</summary>
    public async ValueTask<ShippingRates> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } fresh)
        {
            return fresh;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Fresh() ?? await ReadAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Has the next caller see what this host has just changed.</summary>
    public void Changed()
    {
        Interlocked.Increment(ref _changes);
        _loaded = null;
    }

    public void Dispose() => _turn.Dispose();

    private ShippingRates? Fresh() => _loaded is { } loaded && time.GetElapsedTime(loaded.AskedAt) < FreshFor ? loaded.Rates : null;

    private async Task<ShippingRates> ReadAsync(CancellationToken cancellationToken)
    {
        var (asked, changes, known) = (time.GetTimestamp(), Volatile.Read(ref _changes), _loaded);
        await using var session = store.QuerySession();

        // The stamp first: what changes behind it is read now already, and once more a second later.
        var version = (await session.LoadAsync<TableStamp>(TableStamp.OnlyId, cancellationToken))?.Version ?? 0;
        var rates = known is not null && known.Version == version
            ? known.Rates
            : new ShippingRates(
                await session.Query<Zone>().OrderBy(static zone => zone.Id).Take(Zone.MaximumCount).ToListAsync(cancellationToken),
                await session.Query<ShippingMethod>().OrderBy(static method => method.Id).Take(ShippingMethod.MaximumCount).ToListAsync(cancellationToken),
                await session.Query<PickupPoint>().OrderBy(static point => point.Id).Take(PickupPoint.MaximumCount).ToListAsync(cancellationToken));
        if (Volatile.Read(ref _changes) == changes)
        {
            _loaded = new Loaded(rates, version, asked);
        }

        return rates;
    }

    private sealed record Loaded(ShippingRates Rates, int Version, long AskedAt);
}
