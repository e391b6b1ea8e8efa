using ModularMonolith.Inventory.Reservations;

namespace ModularMonolith.Inventory.Stock;

/// <summary>Sums of movements, made independently of the snapshots that they are compared with.</summary>
internal sealed class StockLedger(IReadOnlyList<StockItem> items)
{
    private readonly Dictionary<string, (long OnHand, long Reserved, bool WasBroken)> _sums = items.ToDictionary(static item => item.Id, static _ => (0L, 0L, false), StringComparer.Ordinal);
    private readonly List<StockDifference> _differences = [];

    public IReadOnlyList<StockDifference> Differences => _differences;

    public long Movements { get; private set; }

    public void Add(string key, IStockMovement movement)
    {
        var (onHand, reserved, wasBroken) = _sums[key];
        onHand += movement.OnHandChange;
        reserved += movement.ReservedChange;
        wasBroken |= reserved < 0 || reserved > onHand || movement.Balance != new StockBalance((int)onHand, (int)reserved);
        _sums[key] = (onHand, reserved, wasBroken);
        Movements++;
    }

    public void CompareItems()
    {
        foreach (var item in items)
        {
            var (onHand, reserved, wasBroken) = _sums[item.Id];
            var held = item.Holds.Values.Sum(static hold => (long)hold.Quantity);
            Check(item, onHand == item.OnHand, $"The movements add up to {onHand} on hand; the item says {item.OnHand}.");
            Check(item, reserved == item.Reserved, $"The movements add up to {reserved} reserved; the item says {item.Reserved}.");
            Check(item, held == item.Reserved, $"The open holds add up to {held}; the item says {item.Reserved} reserved.");
            Check(item, item.Reserved >= 0 && item.Reserved <= item.OnHand, $"{item.Reserved} of {item.OnHand} are reserved.");
            Check(item, !wasBroken, "A movement of the past left a balance that is impossible or is not the one it names.");
        }
    }

    /// <summary>Every hold belongs to a line of an active reservation.</summary>
    /// <param name="holders">The reservations that the items name.</param>
    public void CompareHolds(IReadOnlyList<Reservation> holders)
    {
        var byId = holders.ToDictionary(static reservation => reservation.Id);
        foreach (var item in items)
        {
            foreach (var (id, hold) in item.Holds)
            {
                var line = byId.GetValueOrDefault(id) is { Status: ReservationStatus.Active } active
                    ? active.Lines.FirstOrDefault(line => line.Sku == item.Sku && line.Location == item.Location)
                    : null;
                Check(item, line is not null, $"It holds {hold.Quantity} for reservation {id}, which is not active or has no such line.");
                Check(item, line is null || line.Quantity == hold.Quantity, $"It holds {hold.Quantity} for reservation {id}, whose line says {line?.Quantity}.");
            }
        }
    }

    /// <summary>Every line of an active reservation is held, unless the reservation has expired: buyers may then have taken it already.</summary>
    public void CompareReservations(IReadOnlyList<Reservation> alive, IReadOnlyList<StockItem> held)
    {
        var byKey = held.ToDictionary(static item => item.Id, StringComparer.Ordinal);
        foreach (var reservation in alive)
        {
            foreach (var line in reservation.Lines)
            {
                var item = byKey.GetValueOrDefault(StockKey.Of(line.Location, line.Sku)) ?? new StockItem { Id = StockKey.Of(line.Location, line.Sku) };
                Check(item, item.Holds.ContainsKey(reservation.Id), $"It does not hold the {line.Quantity} of the active reservation {reservation.Id}.");
            }
        }
    }

    private void Check(StockItem item, bool agrees, string problem)
    {
        if (!agrees)
        {
            _differences.Add(new StockDifference(item.Sku, item.Location, problem));
        }
    }
}
