using JasperFx.Events;
using Marten;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Reservations;
using ModularMonolith.Platform.Data;
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

/// <summary>
/// Stock items that the current transaction has locked. All of them are locked at once and in one order (by key, ordinal), so that
/// transactions wait for each other in a line and never in a circle.
/// </summary>
internal sealed class LockedStock
{
    private readonly Dictionary<string, LockedItem> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LockedItem>> _bySku = new(StringComparer.Ordinal);

    private LockedStock()
    {
    }

    public LockedItem this[string key] => _items[key];

    /// <summary>The committed state of all items of given SKUs, without locks.</summary>
    public static Task<IReadOnlyList<StockItem>> FindAsync(IQuerySession session, IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        var wanted = skus.ToArray();
        return session.Query<StockItem>().Where(item => item.Sku.IsOneOf(wanted)).ToListAsync(cancellationToken);
    }

    public static async Task<LockedStock> LockAsync(IModuleSession<IInventoryStore> session, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var locked = new LockedStock();
        foreach (var key in keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var item = new LockedItem(await session.Events.FetchForExclusiveWriting<StockItem>(key, cancellationToken), key);
            locked._items.Add(key, item);
            if (!locked._bySku.TryGetValue(item.State.Sku, out var sameSku))
            {
                locked._bySku.Add(item.State.Sku, sameSku = []);
            }

            sameSku.Add(item);
        }

        if (locked._bySku.Values.Any(static items => items.Count > 1))
        {
            await locked.SortByLocationAsync(session.Documents, cancellationToken);
        }

        return locked;
    }

    /// <summary>The lines that the items cannot fill.</summary>
    public static IReadOnlyList<ShortLine> ShortOf(IEnumerable<StockLine> lines, IEnumerable<StockItem> items, DateTimeOffset now)
    {
        var available = items.GroupBy(static item => item.Sku, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, group => group.Sum(item => (long)item.AvailableAt(now)), StringComparer.Ordinal);
        return [.. lines
            .Select(line => new ShortLine(line.Sku, line.Quantity, (int)Math.Min(int.MaxValue, available.GetValueOrDefault(line.Sku))))
            .Where(static line => line.Available < line.Requested)];
    }

    public IReadOnlyList<ShortLine> ShortOf(IEnumerable<StockLine> lines, DateTimeOffset now) => ShortOf(lines, _items.Values.Select(static item => item.State), now);

    /// <summary>The lines that cannot be filled even with what a reservation holds itself.</summary>
    public IReadOnlyList<ShortLine> ShortOf(IEnumerable<StockLine> lines, DateTimeOffset now, Guid reservationId) =>
        ShortOf(lines, _items.Values.Select(item => item.State.Holds.ContainsKey(reservationId) ? item.State.Apply(item.State.Release(reservationId)) : item.State), now);

    /// <summary>
    /// Reserves lines that are not short: each at the first location that can fill it alone, else over the locations in their order.
    /// </summary>
    public List<ReservedLine> Reserve(IEnumerable<StockLine> lines, Guid reservationId, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var taken = new List<ReservedLine>();
        foreach (var line in lines)
        {
            var items = _bySku[line.Sku];
            var whole = items.Find(item => item.State.AvailableAt(now) >= line.Quantity);
            var rest = line.Quantity;
            foreach (var item in whole is null ? items : [whole])
            {
                var quantity = Math.Min(rest, item.State.AvailableAt(now));
                if (quantity > 0)
                {
                    item.Append(item.State.Reserve(reservationId, quantity, expiresAt, now));
                    taken.Add(new ReservedLine(line.Sku, item.State.Location, quantity));
                    rest -= quantity;
                }
            }

            if (rest > 0)
            {
                throw new InvalidOperationException($"{rest} of {line.Sku} could not be reserved. The caller has to ask for what is short first.");
            }
        }

        return taken;
    }

    public bool HoldsAny(Guid reservationId) => _items.Values.Any(item => item.State.Holds.ContainsKey(reservationId));

    public bool Holds(Guid reservationId, ReservedLine line) =>
        _items.TryGetValue(StockKey.Of(line.Location, line.Sku), out var item) && item.State.Holds.ContainsKey(reservationId);

    /// <summary>Gives back what a reservation still holds.</summary>
    public void Release(Reservation reservation)
    {
        foreach (var item in HeldBy(reservation))
        {
            item.Append(item.State.Release(reservation.Id));
        }
    }

    /// <summary>As <see cref="Release"/>, because its time is over.</summary>
    public void Expire(Reservation reservation)
    {
        foreach (var item in HeldBy(reservation))
        {
            item.Append(item.State.Expire(reservation.Id));
        }
    }

    /// <summary>Takes what a reservation holds out of the warehouse.</summary>
    public void Commit(Guid reservationId, IEnumerable<ReservedLine> held, string? reference)
    {
        foreach (var item in held.Select(ItemOf))
        {
            item.Append(item.State.Commit(reservationId, reference));
        }
    }

    private IEnumerable<LockedItem> HeldBy(Reservation reservation) => reservation.Lines.Where(line => Holds(reservation.Id, line)).Select(ItemOf);

    public LockedItem ItemOf(ReservedLine line) => _items[StockKey.Of(line.Location, line.Sku)];

    private async Task SortByLocationAsync(IQuerySession session, CancellationToken cancellationToken)
    {
        var rank = (await Location.AllAsync(session, cancellationToken)).Select(static (location, index) => (location.Id, index)).ToDictionary(StringComparer.Ordinal);
        foreach (var items in _bySku.Values)
        {
            items.Sort((left, right) =>
            {
                var order = rank.GetValueOrDefault(left.State.Location, int.MaxValue).CompareTo(rank.GetValueOrDefault(right.State.Location, int.MaxValue));
                return order != 0 ? order : string.CompareOrdinal(left.State.Id, right.State.Id);
            });
        }
    }
}
