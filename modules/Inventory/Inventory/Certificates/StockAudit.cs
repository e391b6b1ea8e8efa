using JasperFx.Events;
using Marten;
using Marten.Linq.MatchesSql;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Stock;

namespace ModularMonolith.Inventory.Certificates;

/// <summary>
/// Adds up the whole history again, in parts, on one snapshot of the database: sales go on meanwhile and do not look like differences. What it keeps in memory is one part and the sums.
/// </summary>
/// <param name="reading">A session whose transaction sees one moment.</param>
/// <param name="now">That moment.</param>
internal sealed class StockAudit(IQuerySession reading, DateTimeOffset now)
{
    private const int ItemsInPart = 500;
    private const int DocumentsInPart = 1_000;
    private const int MostDifferences = 100;

    private static readonly IReadOnlyList<string> Invariants =
    [
        "No movement is missing, and each left the balance that it names.",
        "At every step what was on hand was not below 0, and no more was reserved than was on hand.",
        "Each hold was ended once, by the quantity that it began with.",
        "Items and ledgers are what their histories add up to.",
        "What is held is held for an active reservation, and what an active reservation holds is held.",
        "What orders took, by reservation and place, is what left the warehouses for them, each once.",
        "No back-order was promised beyond the limit of its moment, and what waits is what the back-orders wait for.",
    ];

    private readonly List<StockDifference> _differences = [];
    private TakenSums _taken = new();
    private TakenSums _ahead = new();
    private int _count;
    private long _upTo;
    private long _items;
    private long _movements;
    private long _ledgers;
    private long _entries;
    private long _reservations;
    private long _pieces;

    public async Task<StockFindings> RunAsync(CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        var events = await reading.Events.QueryAllRawEvents().CountAsync(cancellationToken);
        if (events != _movements + _entries)
        {
            Note(new StockDifference(string.Empty, string.Empty, $"There are {events} events; those of all items and ledgers are {_movements + _entries}. An item or a ledger is missing."));
        }

        var findings = new StockFindings(_upTo, _items, _movements, _ledgers, _entries, _reservations, _pieces, Invariants, [.. _differences], _count);
        var (taken, ahead) = (_taken.Suspicious.Take(MostDifferences).ToHashSet(), _ahead.Suspicious.Take(MostDifferences).ToHashSet());
        return taken.Count + ahead.Count == 0 ? findings : await new StockAudit(reading, now).LookAgainAsync(findings, taken, ahead, cancellationToken);
    }

    // The second look is for the parts of what did not agree in sum.
    private async Task<StockFindings> LookAgainAsync(StockFindings findings, HashSet<int> taken, HashSet<int> ahead, CancellationToken cancellationToken)
    {
        _taken = new TakenSums(taken);
        _ahead = new TakenSums(ahead);
        await PassAsync(cancellationToken);
        List<StockDifference> found =
        [
            .. _taken.Differences.Select(static part => new StockDifference(StockKey.SkuOf(part.Place), StockKey.LocationOf(part.Place), part.Difference > 0
                ? $"{part.Difference} more left for reservation {part.Reservation} than its order took."
                : $"{-part.Difference} fewer left for reservation {part.Reservation} than its order took.")),
            .. _ahead.Differences.Select(static part => new StockDifference(part.Place, string.Empty, $"The ledger and reservation {part.Reservation} differ by {part.Difference} in what was ordered before it was there.")),
        ];
        return findings with { Differences = [.. findings.Differences.Concat(found).Take(MostDifferences)], DifferenceCount = findings.DifferenceCount + found.Count };
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        await PagesAsync<StockItem>(ItemsInPart, static (query, last) => (last is null ? query : query.Where(item => item.Id.CompareTo(last.Id) > 0)).OrderBy(item => item.Id), ItemsAsync, cancellationToken);
        await PagesAsync<SkuLedger>(ItemsInPart, static (query, last) => (last is null ? query : query.Where(ledger => ledger.Id.CompareTo(last.Id) > 0)).OrderBy(ledger => ledger.Id), LedgersAsync, cancellationToken);
        await PagesAsync<Backorder>(
            DocumentsInPart, static (query, last) => (last is null ? query : query.Where(backorder => backorder.Id.CompareTo(last.Id) > 0)).OrderBy(backorder => backorder.Id), BackordersAsync, cancellationToken);
        await PagesAsync<Reservation>(
            DocumentsInPart, static (query, last) => (last is null ? query : query.Where(reservation => reservation.MatchesSql("d.id > ?", last.Id))).OrderBy(reservation => reservation.Id), ReservationsAsync, cancellationToken);
    }

    private async Task PagesAsync<T>(int size, Func<IQueryable<T>, T?, IQueryable<T>> from, Func<IReadOnlyList<T>, CancellationToken, Task> audit, CancellationToken cancellationToken)
        where T : class
    {
        IReadOnlyList<T> page;
        T? last = null;
        do
        {
            page = await from(reading.Query<T>(), last).Take(size).ToListAsync(cancellationToken);
            if (page.Count > 0)
            {
                await audit(page, cancellationToken);
                last = page[^1];
            }
        }
        while (page.Count == size);
    }

    private async Task ItemsAsync(IReadOnlyList<StockItem> items, CancellationToken cancellationToken)
    {
        var ledger = new StockLedger(items);
        await foreach (var stored in EventsOf(items.Select(static item => item.Id)).ToAsyncEnumerable(cancellationToken))
        {
            _upTo = Math.Max(_upTo, stored.Sequence);
            ledger.Add(stored.StreamKey!, (IStockMovement)stored.Data, stored.Version);
            if (stored.Data is ReservationCommitted committed)
            {
                Take(committed.ReservationId, stored.StreamKey!, committed.Quantity);
            }
            else if (stored.Data is BackorderTaken filled)
            {
                Take(filled.ReservationId, stored.StreamKey!, filled.Quantity);
            }
        }

        ledger.CompareItems();
        var holders = items.SelectMany(static item => item.Holds.Keys).Distinct().ToList();
        ledger.CompareHolds(holders.Count == 0 ? [] : await reading.LoadManyAsync<Reservation>(cancellationToken, holders));
        _items += items.Count;
        _movements += ledger.Movements;
        Note(ledger.Differences);
    }

    private async Task LedgersAsync(IReadOnlyList<SkuLedger> ledgers, CancellationToken cancellationToken)
    {
        var audit = new BackorderAudit(ledgers);
        await foreach (var stored in EventsOf(ledgers.Select(static ledger => ledger.Id)).ToAsyncEnumerable(cancellationToken))
        {
            _upTo = Math.Max(_upTo, stored.Sequence);
            _entries++;
            audit.Add(stored.StreamKey!, (ILedgerEntry)stored.Data, stored.Version);
            if (stored.Data is BackorderCommitted { Quantity: > 0 } committed)
            {
                _ahead.Add(committed.ReservationId, StockKey.SkuOf(stored.StreamKey!), committed.Quantity);
            }
        }

        var skus = ledgers.Select(static ledger => ledger.Sku).ToArray();
        var waiting = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var backorder in reading.Query<Backorder>().Where(backorder => backorder.Sku.IsOneOf(skus) && backorder.Place != null).ToAsyncEnumerable(cancellationToken))
        {
            waiting[backorder.Sku] = waiting.GetValueOrDefault(backorder.Sku) + backorder.Waiting;
        }

        _ledgers += ledgers.Count;
        Note(audit.Differences(waiting));
    }

    private Task BackordersAsync(IReadOnlyList<Backorder> backorders, CancellationToken cancellationToken)
    {
        foreach (var backorder in backorders)
        {
            foreach (var arrival in backorder.Arrivals)
            {
                _taken.Add(backorder.ReservationId, StockKey.Of(arrival.Location, backorder.Sku), -arrival.Quantity);
            }
        }

        return Task.CompletedTask;
    }

    private async Task ReservationsAsync(IReadOnlyList<Reservation> reservations, CancellationToken cancellationToken)
    {
        foreach (var reservation in reservations.Where(static reservation => reservation.WasTaken))
        {
            foreach (var line in reservation.Lines)
            {
                if (line.IsBackordered)
                {
                    _ahead.Add(reservation.Id, line.Sku, -line.Quantity);
                }
                else
                {
                    _taken.Add(reservation.Id, StockKey.Of(line.Location, line.Sku), -line.Quantity);
                }
            }
        }

        var alive = reservations.Where(reservation => reservation.DueAt > now).ToList();
        if (alive.Count > 0)
        {
            var ledger = new StockLedger([]);
            ledger.CompareReservations(alive, await reading.LoadManyAsync<StockItem>(cancellationToken, alive.SelectMany(static reservation => reservation.Keys()).Distinct(StringComparer.Ordinal)));
            Note(ledger.Differences);
        }

        _reservations += reservations.Count;
    }

    private IQueryable<IEvent> EventsOf(IEnumerable<string> streams)
    {
        var keys = streams.ToArray();
        return reading.Events.QueryAllRawEvents().Where(stored => stored.StreamKey!.IsOneOf(keys)).OrderBy(stored => stored.Version);
    }

    private void Take(Guid reservation, string place, int quantity)
    {
        _taken.Add(reservation, place, quantity);
        _pieces += quantity;
    }

    private void Note(params IEnumerable<StockDifference> differences)
    {
        foreach (var difference in differences)
        {
            _count++;
            if (_differences.Count < MostDifferences)
            {
                _differences.Add(difference);
            }
        }
    }
}
