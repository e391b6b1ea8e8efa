namespace ModularMonolith.Inventory.Stock;

/// <summary>What an item has after a movement. It stands in the event, so that a page of the history needs no events before it.</summary>
/// <param name="OnHand">What is in the warehouse.</param>
/// <param name="Reserved">The part of it that is promised.</param>
internal readonly record struct StockBalance(int OnHand, int Reserved);

/// <summary>One movement of a stock item. The sum of all changes is what the item has. The members are implemented explicitly, so that they are not stored.</summary>
internal interface IStockMovement
{
    StockBalance Balance { get; }

    int OnHandChange { get; }

    int ReservedChange => 0;

    /// <summary>The reason or the reference that people gave.</summary>
    string? Note => null;

    Guid? Reservation => null;
}

internal sealed record FirstStockDeclared(int Quantity, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Quantity;
}

internal sealed record StockReceived(int Quantity, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Quantity;

    string? IStockMovement.Note => Reference;
}

internal sealed record StockAdjusted(int Delta, string Reason, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Delta;

    string? IStockMovement.Note => Reason;
}

internal sealed record StockReserved(Guid ReservationId, int Quantity, DateTimeOffset ExpiresAt, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => 0;

    int IStockMovement.ReservedChange => Quantity;

    Guid? IStockMovement.Reservation => ReservationId;
}

internal sealed record ReservationExtended(Guid ReservationId, DateTimeOffset ExpiresAt, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => 0;

    Guid? IStockMovement.Reservation => ReservationId;
}

internal sealed record ReservationCommitted(Guid ReservationId, int Quantity, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => -Quantity;

    int IStockMovement.ReservedChange => -Quantity;

    string? IStockMovement.Note => Reference;

    Guid? IStockMovement.Reservation => ReservationId;
}

internal sealed record ReservationReleased(Guid ReservationId, int Quantity, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => 0;

    int IStockMovement.ReservedChange => -Quantity;

    Guid? IStockMovement.Reservation => ReservationId;
}

internal sealed record ReservationExpired(Guid ReservationId, int Quantity, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => 0;

    int IStockMovement.ReservedChange => -Quantity;

    Guid? IStockMovement.Reservation => ReservationId;
}

internal sealed record StockReturned(Guid ReservationId, int Quantity, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Quantity;

    string? IStockMovement.Note => Reference;

    Guid? IStockMovement.Reservation => ReservationId;
}

internal sealed record TransferredOut(int Quantity, string To, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => -Quantity;

    string? IStockMovement.Note => Reference ?? "to " + To;
}

internal sealed record TransferredIn(int Quantity, string From, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Quantity;

    string? IStockMovement.Note => Reference ?? "from " + From;
}

/// <summary>Goods that had left came back and can be sold again.</summary>
internal sealed record StockRestocked(Guid ReturnId, int Quantity, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Quantity;

    string? IStockMovement.Note => Reference;
}

/// <summary>What came in left at once for an order that had waited for it.</summary>
internal sealed record BackorderTaken(Guid ReservationId, int Quantity, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => -Quantity;

    string? IStockMovement.Note => Reference;

    Guid? IStockMovement.Reservation => ReservationId;
}

internal sealed record TransitSent(Guid TransitId, int Quantity, string To, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => -Quantity;

    string? IStockMovement.Note => Reference ?? "on its way to " + To;
}

internal sealed record TransitReceived(Guid TransitId, int Quantity, string From, string? Reference, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Quantity;

    string? IStockMovement.Note => Reference ?? "from " + From;
}

/// <summary>A count found another quantity than there should have been at that moment.</summary>
internal sealed record StockCounted(Guid CountId, int Delta, StockBalance Balance) : IStockMovement
{
    int IStockMovement.OnHandChange => Delta;

    string? IStockMovement.Note => "stock count";
}
