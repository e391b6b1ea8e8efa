using JasperFx.Events;
using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Inventory.Sourcing;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Stock;

/// <summary>One stock item under its row lock, with the movements that were decided so far.</summary>
internal sealed class LockedItem(IEventStream<StockItem> stream, string key)
{
    public StockItem State { get; private set; } = stream.Aggregate ?? new StockItem { Id = key };

    /// <summary>The state of an item that has movements.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public StockItem Existing(string location, string sku) => stream.Aggregate is null ? throw ProblemException.NotFound($"stock at {location} of the SKU", sku) : State;

    public void Append(IEnumerable<IStockMovement> movements)
    {
        foreach (var movement in movements)
        {
            State = State.Apply(movement);
            stream.AppendOne(movement);
        }
    }

    public void Append(IStockMovement movement) => Append([movement]);
}

/// <summary>A SKU's ledger under its row lock.</summary>
internal sealed class LockedLedger(IEventStream<SkuLedger> stream, string key)
{
    public SkuLedger State { get; private set; } = stream.Aggregate ?? new SkuLedger { Id = key };

    public void Append(IEnumerable<ILedgerEntry> entries)
    {
        foreach (var entry in entries)
        {
            State = State.Apply(entry);
            stream.AppendOne(entry);
        }
    }

    public void Append(ILedgerEntry entry) => Append([entry]);
}

/// <summary>
/// What the current transaction has locked: stock items, and the ledgers of those of their SKUs that have one, then with all of the SKU's items. <see cref="StockLocks"/> makes it.
/// </summary>
internal sealed class LockedStock(IReadOnlyCollection<LockedItem> items, IReadOnlyCollection<LockedLedger> ledgers, LocationMap locations, SourcingStrategy strategy, DateTimeOffset now)
{
    private readonly Dictionary<string, LockedItem> _items = items.ToDictionary(static item => item.State.Id, StringComparer.Ordinal);
    private readonly ILookup<string, LockedItem> _bySku = items.ToLookup(static item => item.State.Sku, StringComparer.Ordinal);
    private readonly Dictionary<string, LockedLedger> _ledgers = ledgers.ToDictionary(static ledger => ledger.State.Sku, StringComparer.Ordinal);

    private readonly Dictionary<string, Backorder> _changed = new(StringComparer.Ordinal);

    public LockedItem this[string key] => _items[key];

    public IEnumerable<LockedLedger> Ledgers => _ledgers.Values;

    public IEnumerable<Backorder> Changed => _changed.Values;

    public LockedItem? Find(string location, string sku) => _items.GetValueOrDefault(StockKey.Of(location, sku));

    public LockedLedger? LedgerOf(string sku) => _ledgers.GetValueOrDefault(sku);

    /// <summary>The lines of which more is wanted than can be ordered.</summary>
    public static IReadOnlyList<ShortLine> ShortOf(IEnumerable<StockLine> lines, Func<string, long> orderable) =>
        [.. lines
            .Select(line => new ShortLine(line.Sku, line.Quantity, (int)Math.Min(int.MaxValue, orderable(line.Sku))))
            .Where(static line => line.Available < line.Requested)];

    public StockPromise PromiseOf(string sku) => StockPromise.Of(_bySku[sku].Select(static item => item.State), LedgerOf(sku)?.State, locations, now);

    public IReadOnlyList<ShortLine> ShortOf(IEnumerable<StockLine> lines) => ShortOf(lines, sku => PromiseOf(sku).Orderable);

    /// <summary>The lines that cannot be filled even with what a reservation holds itself.</summary>
    public IReadOnlyList<ShortLine> ShortOf(IEnumerable<StockLine> lines, Guid reservationId) => ShortOf(lines, sku =>
    {
        var without = _bySku[sku].Select(item => item.State.Holds.ContainsKey(reservationId) ? item.State.Apply(item.State.Release(reservationId)) : item.State);
        var held = _bySku[sku].Where(item => item.State.Holds.ContainsKey(reservationId)).Sum(item => (long)item.State.Holds[reservationId].Quantity);
        var ledger = LedgerOf(sku)?.State;
        var backordered = 0;
        if (ledger?.Holds.TryGetValue(reservationId, out var hold) == true)
        {
            backordered = hold.Quantity;
            ledger = ledger.Apply(ledger.Release(reservationId, now));
        }

        // What was promised to this reservation stays promised, whatever has become of safety stock and limits.
        var promise = StockPromise.Of(without, ledger, locations, now);
        return Math.Max(held, promise.FromStock) + Math.Max(backordered, promise.Backorderable);
    });

    /// <summary>Reserves lines that are not short: from stock as far as it goes, the rest before it is there.</summary>
    public List<ReservedLine> Reserve(IEnumerable<StockLine> lines, Guid reservationId, DateTimeOffset expiresAt, StockDestination? destination = null)
    {
        var wanted = lines.Select(line => (Line: line, FromStock: (int)Math.Min(line.Quantity, PromiseOf(line.Sku).FromStock))).ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        var ranking = LocationRanking.Rank(locations.All, strategy, destination);
        var taken = FromStock([.. wanted.Where(static pair => pair.FromStock > 0).Select(static pair => pair.Line with { Quantity = pair.FromStock })], ranking)
            .Select(static quantity => new ReservedLine(quantity.Sku, quantity.Location, quantity.Quantity)).ToList();
        foreach (var line in taken)
        {
            var item = ItemOf(line);
            item.Append(item.State.Reserve(reservationId, line.Quantity, expiresAt, now));
        }

        foreach (var (line, fromStock) in wanted.Where(static pair => pair.FromStock < pair.Line.Quantity))
        {
            var ledger = LedgerOf(line.Sku) ?? throw new InvalidOperationException($"{line.Quantity - fromStock} of {line.Sku} could not be reserved. The caller has to ask for what is short first.");
            ledger.Append(ledger.State.Hold(reservationId, line.Quantity - fromStock, expiresAt, now));
            var place = taken.Find(other => other.Sku == line.Sku)?.Location ?? (taken.Count > 0 ? taken[0].Location : ranking.Count > 0 ? ranking[0] : Location.DefaultCode);
            taken.Add(new ReservedLine(line.Sku, place, line.Quantity - fromStock, true));
        }

        return taken;
    }

    /// <summary>Moves what a reservation holds in stock to where it would be taken from for a destination. What is back-ordered stays where it is.</summary>
    /// <returns>Its lines then; null when they are the same, when it does not hold them any more, or when they cannot be had there: then nothing has changed.</returns>
    public IReadOnlyList<ReservedLine>? Redirect(Reservation reservation, StockDestination destination)
    {
        var held = reservation.Lines.Where(static line => !line.IsBackordered).ToList();
        var wanted = held.GroupBy(static line => line.Sku, StringComparer.Ordinal).Select(static group => new StockLine(group.Key, group.Sum(static line => line.Quantity))).ToList();
        var own = held.ToDictionary(static line => StockKey.Of(line.Location, line.Sku), static line => line.Quantity, StringComparer.Ordinal);
        var sources = Sources(wanted.Select(static line => line.Sku), LocationRanking.Rank(locations.All, strategy, destination), own);
        // Whoever has waited for the locks beyond the end holds nothing any more that could be moved.
        if (reservation.ExpiresAt <= now || !reservation.Lines.All(line => Holds(reservation.Id, line)) || wanted.Any(line => sources.Sum(source => (long)source.Of(line.Sku)) < line.Quantity))
        {
            return null;
        }

        var planned = SourcingPlan.Of(strategy, wanted, sources).Select(static quantity => new ReservedLine(quantity.Sku, quantity.Location, quantity.Quantity)).ToList();
        if (planned.ToHashSet().SetEquals(held))
        {
            return null;
        }

        foreach (var line in held.Except(planned))
        {
            ItemOf(line).Append(ItemOf(line).State.Release(reservation.Id));
        }

        foreach (var line in planned.Except(held))
        {
            ItemOf(line).Append(ItemOf(line).State.Reserve(reservation.Id, line.Quantity, reservation.ExpiresAt, now));
        }

        return [.. planned, .. reservation.Lines.Where(static line => line.IsBackordered)];
    }

    public bool HoldsAny(Guid reservationId) =>
        _items.Values.Any(item => item.State.Holds.ContainsKey(reservationId)) || _ledgers.Values.Any(ledger => ledger.State.Holds.ContainsKey(reservationId));

    public bool Holds(Guid reservationId, ReservedLine line) => line.IsBackordered
        ? LedgerOf(line.Sku)?.State.Holds.ContainsKey(reservationId) == true
        : Find(line.Location, line.Sku)?.State.Holds.ContainsKey(reservationId) == true;

    /// <summary>Whether a reservation holds stock elsewhere than its lines say: they were read before it was moved, and nothing may be decided on them.</summary>
    public bool HasMoved(Reservation reservation) => reservation.Skus().Distinct(StringComparer.Ordinal).SelectMany(sku => _bySku[sku])
        .Any(item => item.State.Holds.ContainsKey(reservation.Id)
            && !reservation.Lines.Any(line => !line.IsBackordered && line.Sku == item.State.Sku && line.Location == item.State.Location));

    /// <summary>Gives back what a reservation still holds.</summary>
    public void Release(Reservation reservation) => End(reservation, item => item.Release(reservation.Id), ledger => ledger.Release(reservation.Id, now));

    /// <summary>As <see cref="Release"/>, because its time is over.</summary>
    public void Expire(Reservation reservation) => End(reservation, item => item.Expire(reservation.Id), ledger => ledger.Expire(reservation.Id, now));

    public void Extend(Reservation reservation, DateTimeOffset expiresAt)
    {
        foreach (var line in reservation.Lines)
        {
            if (line.IsBackordered)
            {
                var ledger = LedgerOf(line.Sku)!;
                ledger.Append(ledger.State.Extend(reservation.Id, expiresAt, now));
            }
            else
            {
                ItemOf(line).Append(ItemOf(line).State.Extend(reservation.Id, expiresAt));
            }
        }
    }

    /// <summary>Takes what a reservation holds at one location out of the warehouse.</summary>
    public void Commit(Guid reservationId, ReservedLine held, string? reference) => ItemOf(held).Append(ItemOf(held).State.Commit(reservationId, reference));

    /// <summary>Notes a back-order that was changed, so that it is saved once, and that nobody decides on what it was before.</summary>
    public void Change(Backorder backorder) => _changed[backorder.Id] = backorder;

    /// <summary>A back-order as it was left by what was decided so far.</summary>
    public Backorder Latest(Backorder stored) => _changed.GetValueOrDefault(stored.Id, stored);

    /// <summary>Gives waiting orders of a SKU, in their order, what is free of it.</summary>
    /// <param name="ledger">The SKU's ledger.</param>
    /// <param name="backorder">The order whose turn it is.</param>
    /// <returns>What it gets now, by location.</returns>
    public IReadOnlyList<BackorderArrival> Fill(LockedLedger ledger, Backorder backorder)
    {
        var free = Sources([backorder.Sku], LocationRanking.Rank(locations.All, SourcingStrategy.Priority, null));
        var quantity = (int)Math.Min(backorder.Waiting, FillableOf(ledger));
        if (quantity <= 0)
        {
            return [];
        }

        var arrivals = SourcingPlan.Of(SourcingStrategy.Priority, [new StockLine(backorder.Sku, quantity)], free).Select(static taken => new BackorderArrival(taken.Location, taken.Quantity)).ToList();
        foreach (var arrival in arrivals)
        {
            var item = _items[StockKey.Of(arrival.Location, backorder.Sku)];
            item.Append(item.State.TakeForBackorder(backorder.ReservationId, arrival.Quantity, backorder.Reference, now));
            ledger.Append(ledger.State.Arrive(backorder.ReservationId, arrival.Quantity, arrival.Location, now));
        }

        return arrivals;
    }

    /// <summary>What waiting orders of a SKU can have now. The safety stock is kept back from them too.</summary>
    public long FillableOf(LockedLedger ledger) => Math.Max(0, PromiseOf(ledger.State.Sku).Free + ledger.State.Waiting - ledger.State.Policy.SafetyStock);

    public LockedItem ItemOf(ReservedLine line) => _items[StockKey.Of(line.Location, line.Sku)];

    private IReadOnlyList<SourcedQuantity> FromStock(IReadOnlyList<StockLine> lines, IReadOnlyList<string> ranking) =>
        SourcingPlan.Of(strategy, lines, Sources(lines.Select(static line => line.Sku), ranking));

    private List<StockSource> Sources(IEnumerable<string> skus, IReadOnlyList<string> ranking, Dictionary<string, int>? own = null)
    {
        var available = skus.SelectMany(sku => _bySku[sku]).ToLookup(static item => item.State.Location, StringComparer.Ordinal);
        return [.. ranking.Where(available.Contains)
            .Select(code => new StockSource(code, available[code].ToDictionary(static item => item.State.Sku, item => item.State.AvailableAt(now) + (own?.GetValueOrDefault(item.State.Id) ?? 0), StringComparer.Ordinal)))];
    }

    private void End(Reservation reservation, Func<StockItem, IStockMovement> item, Func<SkuLedger, ILedgerEntry> ledger)
    {
        foreach (var line in reservation.Lines.Where(line => Holds(reservation.Id, line)))
        {
            if (line.IsBackordered)
            {
                LedgerOf(line.Sku)!.Append(ledger(LedgerOf(line.Sku)!.State));
            }
            else
            {
                ItemOf(line).Append(item(ItemOf(line).State));
            }
        }
    }
}
