using ModularMonolith.Inventory.Policies;

namespace ModularMonolith.Inventory.Backorders;

/// <summary>What of a SKU is ordered before it is there, after an entry.</summary>
/// <param name="Held">Promised to reservations.</param>
/// <param name="Waiting">Taken by orders.</param>
/// <param name="Limit">What both together may be when something is added.</param>
internal readonly record struct BackorderBalance(int Held, int Waiting, int Limit);

/// <summary>An entry in a SKU's ledger.</summary>
internal interface ILedgerEntry;

/// <summary>An entry that moves back-orders. The members are implemented explicitly, so that they are not stored.</summary>
internal interface IBackorderEntry : ILedgerEntry
{
    BackorderBalance Balance { get; }

    Guid Reservation { get; }

    int HeldChange => 0;

    int WaitingChange => 0;
}

/// <summary>People said how the SKU may be sold.</summary>
internal sealed record PolicySet(StockPolicy Policy) : ILedgerEntry;

/// <summary>The SKU's stock fell to its threshold, or rose above it; it cannot be sold from stock any more, or can again.</summary>
internal sealed record StockMarked(bool IsLow, bool IsOut, int Available) : ILedgerEntry;

internal sealed record BackorderHeld(Guid ReservationId, int Quantity, DateTimeOffset ExpiresAt, BackorderBalance Balance) : IBackorderEntry
{
    Guid IBackorderEntry.Reservation => ReservationId;

    int IBackorderEntry.HeldChange => Quantity;
}

internal sealed record BackorderHoldExtended(Guid ReservationId, DateTimeOffset ExpiresAt, BackorderBalance Balance) : IBackorderEntry
{
    Guid IBackorderEntry.Reservation => ReservationId;
}

internal sealed record BackorderReleased(Guid ReservationId, int Quantity, BackorderBalance Balance) : IBackorderEntry
{
    Guid IBackorderEntry.Reservation => ReservationId;

    int IBackorderEntry.HeldChange => -Quantity;
}

internal sealed record BackorderExpired(Guid ReservationId, int Quantity, BackorderBalance Balance) : IBackorderEntry
{
    Guid IBackorderEntry.Reservation => ReservationId;

    int IBackorderEntry.HeldChange => -Quantity;
}

/// <summary>An order took what was held for it.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="Held">What was held.</param>
/// <param name="Quantity">What waits from now on; the rest has come meanwhile and was taken from stock.</param>
/// <param name="Number">Its place in the line.</param>
/// <param name="Balance">What is ordered afterwards.</param>
internal sealed record BackorderCommitted(Guid ReservationId, int Held, int Quantity, long Number, BackorderBalance Balance) : IBackorderEntry
{
    Guid IBackorderEntry.Reservation => ReservationId;

    int IBackorderEntry.HeldChange => -Held;

    int IBackorderEntry.WaitingChange => Quantity;
}

internal sealed record BackorderArrived(Guid ReservationId, int Quantity, string Location, BackorderBalance Balance) : IBackorderEntry
{
    Guid IBackorderEntry.Reservation => ReservationId;

    int IBackorderEntry.WaitingChange => -Quantity;
}

/// <summary>The order does not need it any more.</summary>
internal sealed record BackorderCancelled(Guid ReservationId, int Quantity, BackorderBalance Balance) : IBackorderEntry
{
    Guid IBackorderEntry.Reservation => ReservationId;

    int IBackorderEntry.WaitingChange => -Quantity;
}
