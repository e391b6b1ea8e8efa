using System.Security.Cryptography;
using System.Text;
using JasperFx;
using Marten;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Sourcing;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Stock;

/// <summary>
/// Locks what a unit of work decides on, once and all of it: first the ledgers, then the items, each by key, ordinal, so that transactions wait for each other in a line and never
/// in a circle. A SKU with a ledger is locked with all of its items: what waits for it and what it is worth telling is decided on the sum.
/// </summary>
internal sealed class StockLocks(IModuleSession<IInventoryStore> session, LocationDirectory directory, SourcingSettings sourcing, StockTurns turns, TimeProvider time)
{
    /// <summary>Waiting orders that one transaction serves; the rest is served by the next one, and what is kept for it cannot be sold meanwhile.</summary>
    private const int MostFilled = 200;

    /// <summary>SKUs of one unit of work that wait for turns; larger ones, such as many orders taken together, are few and go straight to the locks.</summary>
    private const int MostTurns = 16;

    /// <summary>Locks items by key, and the ledgers of their SKUs.</summary>
    public Task<LockedStock> LockAsync(IEnumerable<string> keys, CancellationToken cancellationToken) => LockAsync(keys, Array.Empty<string>(), cancellationToken);

    /// <summary>Locks items by key, and the ledgers of their SKUs and of others.</summary>
    /// <param name="keys">The items; there need be no such item yet.</param>
    /// <param name="skus">SKUs whose ledger is needed although none of the items is theirs.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<LockedStock> LockAsync(IEnumerable<string> keys, IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        var wanted = keys.Distinct(StringComparer.Ordinal).ToList();
        var ledgers = wanted.Select(StockKey.SkuOf).Concat(skus).Distinct(StringComparer.Ordinal).Select(SkuLedger.KeyOf);
        var found = await session.Documents.LoadManyAsync<SkuLedger>(cancellationToken, ledgers);
        return await LockAsync(wanted, found, cancellationToken);
    }

    /// <summary>Locks items by key, and ledgers that exist.</summary>
    public async Task<LockedStock> LockAsync(IEnumerable<string> keys, IReadOnlyList<SkuLedger> known, CancellationToken cancellationToken)
    {
        await TakeTurnsAsync(keys.Select(StockKey.SkuOf).Concat(known.Select(static ledger => ledger.Sku)), cancellationToken);
        var ledgers = await LockLedgersAsync(known.Select(static ledger => ledger.Id), cancellationToken);
        var wanted = keys;
        if (ledgers.Count > 0)
        {
            // Under the locks of the ledgers no item of these SKUs changes, and none is added.
            var all = await LockedItemsOfAsync(ledgers.Select(static ledger => ledger.State.Sku), cancellationToken);
            wanted = wanted.Concat(all.Select(static item => item.Id));
        }

        return await CompleteAsync(wanted, ledgers, cancellationToken);
    }

    /// <summary>Locks the ledger of a SKU, which it may not have yet, and all of its items.</summary>
    public async Task<LockedStock> LockLedgersOfAsync(IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        await TakeTurnsAsync(skus, cancellationToken);
        var ledgers = await LockLedgersAsync(skus.Select(SkuLedger.KeyOf), cancellationToken);
        var all = await LockedItemsOfAsync(ledgers.Select(static ledger => ledger.State.Sku), cancellationToken);
        return await CompleteAsync(all.Select(static item => item.Id), ledgers, cancellationToken);
    }

    /// <summary>
    /// Draws the consequences of what was decided for SKUs with a ledger: waiting orders get what is free, first come, first served, and what has become low or can be sold again is told.
    /// The last step of every unit of work that moves stock.
    /// </summary>
    public async Task SettleAsync(LockedStock stock, CancellationToken cancellationToken)
    {
        foreach (var ledger in stock.Ledgers.Where(static ledger => ledger.State.PolicyVersion > 0))
        {
            await FillAsync(stock, ledger, cancellationToken);
            Mark(stock, ledger);
        }

        foreach (var backorder in stock.Changed)
        {
            session.Documents.UpdateRevision(backorder, backorder.Version + 1);
        }
    }

    private async Task FillAsync(LockedStock stock, LockedLedger ledger, CancellationToken cancellationToken)
    {
        var sku = ledger.State.Sku;
        if (ledger.State.Waiting == 0 || stock.FillableOf(ledger) == 0)
        {
            return;
        }

        var line = await session.Documents.Query<Backorder>().Where(backorder => backorder.Sku == sku && backorder.Place != null)
            .OrderBy(backorder => backorder.Place).Take(MostFilled).ToListAsync(cancellationToken);
        foreach (var backorder in line.Select(stock.Latest).Where(static backorder => backorder.Waiting > 0))
        {
            if (stock.Fill(ledger, backorder) is not { Count: > 0 } arrivals)
            {
                return;
            }

            backorder.Arrivals = [.. backorder.Arrivals, .. arrivals];
            stock.Change(backorder);
            session.Publish(new BackorderFilled(backorder.ReservationId, backorder.Reference, [.. arrivals.Select(arrival => new SourcedLine(sku, arrival.Location, arrival.Quantity, true))]));
        }

        if (line.Count == MostFilled)
        {
            session.Schedule(TimerId(sku), time.GetUtcNow(), new FillBackorders(sku));
        }
    }

    private void Mark(LockedStock stock, LockedLedger ledger)
    {
        var (state, promise) = (ledger.State, stock.PromiseOf(ledger.State.Sku));
        var threshold = state.Policy.LowStockThreshold;
        var isLow = threshold > 0 && promise.Free <= threshold;
        var isOut = promise.FromStock == 0;
        if (isLow == state.IsLow && isOut == state.IsOut)
        {
            return;
        }

        ledger.Append(new StockMarked(isLow, isOut, Shown(promise.Free)));
        if (isLow && !state.IsLow)
        {
            session.Publish(new LowStockReached(state.Sku, Shown(promise.Free), threshold));
        }

        if (!isOut && state.IsOut)
        {
            session.Publish(new BackInStock(state.Sku, Shown(promise.FromStock)));
        }
    }

    private async Task TakeTurnsAsync(IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        var ordered = skus.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (ordered.Count <= MostTurns)
        {
            session.AtEnd((await turns.TakeAsync(ordered, cancellationToken)).Dispose);
        }
    }

    private async Task<List<LockedLedger>> LockLedgersAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var ordered = keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (ordered.Count == 0)
        {
            return [];
        }

        var batch = session.Documents.CreateBatchQuery();
        var streams = ordered.ConvertAll(key => batch.Events.FetchForExclusiveWriting<SkuLedger>(key));
        await batch.Execute(cancellationToken);
        return [.. (await Task.WhenAll(streams)).Zip(ordered, static (stream, key) => new LockedLedger(stream, key))];
    }

    private async Task<LockedStock> CompleteAsync(IEnumerable<string> keys, List<LockedLedger> ledgers, CancellationToken cancellationToken)
    {
        var ordered = keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var locations = await directory.GetAsync(session.Documents, ordered.Select(StockKey.LocationOf), cancellationToken);
        var items = new List<LockedItem>(ordered.Count);
        if (ordered.Count > 0)
        {
            var batch = session.Documents.CreateBatchQuery();
            var streams = ordered.ConvertAll(key => batch.Events.FetchForExclusiveWriting<StockItem>(key));
            var held = ledgers.Select(static ledger => ledger.State.Id).ToHashSet(StringComparer.Ordinal);
            var late = batch.LoadMany<SkuLedger>().ById([.. ordered.Select(static key => SkuLedger.KeyOf(StockKey.SkuOf(key))).Distinct(StringComparer.Ordinal).Where(key => !held.Contains(key))]);
            await batch.Execute(cancellationToken);
            // A SKU that got its first policy since the ledgers were read is sold by it, and its ledger is locked before its items: all begins again.
            if (await late is [var first, ..])
            {
                throw new ConcurrencyException(typeof(SkuLedger), first.Id);
            }

            items.AddRange((await Task.WhenAll(streams)).Zip(ordered, static (stream, key) => new LockedItem(stream, key)));
        }

        return new LockedStock(items, ledgers, locations, sourcing.Strategy, time.GetUtcNow());
    }

    private Task<IReadOnlyList<StockItem>> LockedItemsOfAsync(IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        var wanted = skus.ToArray();
        return session.Documents.Query<StockItem>().Where(item => item.Sku.IsOneOf(wanted)).ToListAsync(cancellationToken);
    }

    private static int Shown(long quantity) => (int)Math.Clamp(quantity, 0, int.MaxValue);

    // One timer for a SKU: a name-based UUID of version 8 (RFC 9562, section 5.8).
    private static Guid TimerId(string sku)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes("fill-backorders " + sku), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
