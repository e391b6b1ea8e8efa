using ModularMonolith.Inventory.Reservations;

namespace ModularMonolith.Inventory.Stock;

/// <summary>Sums of movements, made independently of the snapshots that they are compared with.</summary>
internal sealed class StockLedger(IReadOnlyList<StockItem> items)
{
    private readonly Dictionary<string, Sum> _sums = items.ToDictionary(static item => item.Id, static _ => new Sum(), StringComparer.Ordinal);
    private readonly List<StockDifference> _differences = [];

    public IReadOnlyList<StockDifference> Differences => _differences;

    public long Movements { get; private set; }

    /// <summary>Adds the next movement of an item.</summary>
    /// <param name="key">The item.</param>
    /// <param name="movement">The movement.</param>
    /// <param name="number">Its number in the item's history.</param>
    public void Add(string key, IStockMovement movement, long number)
    {
        var sum = _sums[key];
        sum.OnHand += movement.OnHandChange;
        sum.Reserved += movement.ReservedChange;
        sum.Number++;
        Movements++;
        var problem = sum.Number != number ? $"Movement {sum.Number} is missing"
            : sum.Reserved < 0 || sum.Reserved > sum.OnHand ? $"Movement {number} left {sum.Reserved} of {sum.OnHand} reserved"
            : movement.Balance != new StockBalance((int)sum.OnHand, (int)sum.Reserved) ? $"Movement {number} says that it left {movement.Balance.Reserved} of {movement.Balance.OnHand} reserved; it left {sum.Reserved} of {sum.OnHand}"
            : sum.Hold(movement) ? null : $"Movement {number} ends a hold of reservation {movement.Reservation} that there is not, or begins one that there is";
        sum.Number = number;
        sum.FirstProblem ??= problem;
    }

    public void CompareItems()
    {
        foreach (var item in items)
        {
            var sum = _sums[item.Id];
            var held = item.Holds.Values.Sum(static hold => (long)hold.Quantity);
            Check(item, sum.OnHand == item.OnHand, $"The movements add up to {sum.OnHand} on hand; the item says {item.OnHand}.");
            Check(item, sum.Reserved == item.Reserved, $"The movements add up to {sum.Reserved} reserved; the item says {item.Reserved}.");
            Check(item, held == item.Reserved, $"The open holds add up to {held}; the item says {item.Reserved} reserved.");
            Check(item, item.Reserved >= 0 && item.Reserved <= item.OnHand, $"{item.Reserved} of {item.OnHand} are reserved.");
            Check(item, sum.Number == item.Version, $"The item has seen {item.Version} movements; there are {sum.Number}.");
            Check(item, sum.FirstProblem is null, sum.FirstProblem + ".");
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
                    ? active.Lines.FirstOrDefault(line => !line.IsBackordered && line.Sku == item.Sku && line.Location == item.Location)
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
            foreach (var line in reservation.Lines.Where(static line => !line.IsBackordered))
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

    private sealed class Sum
    {
        private readonly Dictionary<Guid, int> _holds = [];

        public long OnHand { get; set; }

        public long Reserved { get; set; }

        public long Number { get; set; }

        public string? FirstProblem { get; set; }

        /// <summary>Follows the holds.</summary>
        /// <returns>Whether the movement fits them.</returns>
        public bool Hold(IStockMovement movement) => movement switch
        {
            StockReserved reserved => _holds.TryAdd(reserved.ReservationId, reserved.Quantity),
            ReservationCommitted committed => End(committed.ReservationId, committed.Quantity),
            ReservationReleased released => End(released.ReservationId, released.Quantity),
            ReservationExpired expired => End(expired.ReservationId, expired.Quantity),
            ReservationExtended extended => _holds.ContainsKey(extended.ReservationId),
            _ => true,
        };

        private bool End(Guid reservation, int quantity) => _holds.Remove(reservation, out var held) && held == quantity;
    }
}
