using ModularMonolith.Platform.Http;

namespace ModularMonolith.Inventory.Stock;

// The decisions: each answers the movements that carry it out, or refuses what would break the item's invariant. None changes the item.
internal sealed partial record StockItem
{
    public FirstStockDeclared Declare(int quantity) => new(quantity, Balance(Increase(quantity), 0));

    public StockReceived Receive(int quantity, string? reference) => new(quantity, reference, Balance(Increase(quantity), 0));

    public IReadOnlyList<IStockMovement> Adjust(int delta, string reason, DateTimeOffset now)
    {
        if (delta > 0)
        {
            return [new StockAdjusted(delta, reason, Balance(Increase(delta), 0))];
        }

        var (item, movements) = Free(-delta, now);
        movements.Add(new StockAdjusted(delta, reason, item.Balance(delta, 0)));
        return movements;
    }

    public IReadOnlyList<IStockMovement> TransferOut(int quantity, string to, string? reference, DateTimeOffset now)
    {
        var (item, movements) = Free(quantity, now);
        movements.Add(new TransferredOut(quantity, to, reference, item.Balance(-quantity, 0)));
        return movements;
    }

    public TransferredIn TransferIn(int quantity, string from, string? reference) => new(quantity, from, reference, Balance(Increase(quantity), 0));

    public IReadOnlyList<IStockMovement> Reserve(Guid reservationId, int quantity, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (Holds.TryGetValue(reservationId, out var hold) && hold.ExpiresAt > now)
        {
            throw new InvalidOperationException($"The reservation {reservationId} holds stock of {Id} already.");
        }

        var (item, movements) = Free(quantity, now, reservationId);
        movements.Add(new StockReserved(reservationId, quantity, expiresAt, item.Balance(0, quantity)));
        return movements;
    }

    public ReservationExtended Extend(Guid reservationId, DateTimeOffset expiresAt) => Holds.ContainsKey(reservationId)
        ? new ReservationExtended(reservationId, expiresAt, Balance(0, 0))
        : throw NotHeld(reservationId);

    public ReservationCommitted Commit(Guid reservationId, string? reference)
    {
        var quantity = HeldBy(reservationId);
        return new ReservationCommitted(reservationId, quantity, reference, Balance(-quantity, -quantity));
    }

    public ReservationReleased Release(Guid reservationId)
    {
        var quantity = HeldBy(reservationId);
        return new ReservationReleased(reservationId, quantity, Balance(0, -quantity));
    }

    public ReservationExpired Expire(Guid reservationId)
    {
        var quantity = HeldBy(reservationId);
        return new ReservationExpired(reservationId, quantity, Balance(0, -quantity));
    }

    public StockReturned Return(Guid reservationId, int quantity, string? reference) =>
        new(reservationId, quantity, reference, Balance(Increase(quantity), 0));

    public StockRestocked Restock(Guid returnId, int quantity, string? reference) => new(returnId, quantity, reference, Balance(Increase(quantity), 0));

    public IReadOnlyList<IStockMovement> TakeForBackorder(Guid reservationId, int quantity, string? reference, DateTimeOffset now)
    {
        var (item, movements) = Free(quantity, now);
        movements.Add(new BackorderTaken(reservationId, quantity, reference, item.Balance(-quantity, 0)));
        return movements;
    }

    public IReadOnlyList<IStockMovement> Send(Guid transitId, int quantity, string to, string? reference, DateTimeOffset now)
    {
        var (item, movements) = Free(quantity, now);
        movements.Add(new TransitSent(transitId, quantity, to, reference, item.Balance(-quantity, 0)));
        return movements;
    }

    public TransitReceived Receive(Guid transitId, int quantity, string from, string? reference) => new(transitId, quantity, from, reference, Balance(Increase(quantity), 0));

    public IReadOnlyList<IStockMovement> Count(Guid countId, int delta, DateTimeOffset now)
    {
        if (delta > 0)
        {
            return [new StockCounted(countId, delta, Balance(Increase(delta), 0))];
        }

        var (item, movements) = Free(-delta, now);
        movements.Add(new StockCounted(countId, delta, item.Balance(delta, 0)));
        return movements;
    }

    // Expired holds are released first, the oldest first and no more than needed: their timers do the rest, and one decision stays small.
    private (StockItem Item, List<IStockMovement> Movements) Free(int quantity, DateTimeOffset now, Guid? replaced = null)
    {
        var item = this;
        var movements = new List<IStockMovement>();
        foreach (var (reservationId, _) in Holds.Where(held => held.Value.ExpiresAt <= now)
            .OrderByDescending(held => held.Key == replaced).ThenBy(held => held.Value.ExpiresAt).ThenBy(held => held.Key))
        {
            if (item.OnHand - item.Reserved >= quantity && reservationId != replaced)
            {
                break;
            }

            var expired = item.Expire(reservationId);
            movements.Add(expired);
            item = item.Apply(expired);
        }

        return item.OnHand - item.Reserved >= quantity ? (item, movements) : throw item.Insufficient(quantity);
    }

    private int HeldBy(Guid reservationId) => Holds.TryGetValue(reservationId, out var hold) ? hold.Quantity : throw NotHeld(reservationId);

    private int Increase(int quantity) => quantity <= MaximumQuantity - OnHand
        ? quantity
        : throw new ProblemException(InventoryProblems.StockLimit, $"{Location} has {OnHand} of {Sku} and cannot take {quantity} more; the limit is {MaximumQuantity}.");

    private StockBalance Balance(int onHandChange, int reservedChange) => new(OnHand + onHandChange, Reserved + reservedChange);

    private InvalidOperationException NotHeld(Guid reservationId) => new($"The reservation {reservationId} holds nothing of {Id}.");

    private ProblemException Insufficient(int quantity) =>
        new ProblemException(InventoryProblems.InsufficientStock, $"{quantity} of {Sku} are needed at {Location}, and {OnHand - Reserved} are available.")
            .With("sku", Sku).With("location", Location).With("onHand", OnHand).With("reserved", Reserved).With("available", OnHand - Reserved);
}
