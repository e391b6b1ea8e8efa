using JasperFx;
using ModularMonolith.Inventory.Contracts;

namespace ModularMonolith.Inventory.Reservations;

internal enum ReservationStatus
{
    /// <summary>It holds stock until it expires.</summary>
    Active,

    /// <summary>An order has taken the stock.</summary>
    Committed,

    /// <summary>It was given back before it expired.</summary>
    Released,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>An order wanted it after it had expired, and the stock was gone; the order was told so.</summary>
    Unavailable,

    /// <summary>The order's stock came back. It is also left behind when the return is delivered before the consumption, which then has no effect.</summary>
    Returned,
}

/// <summary>The part of a reservation that one location holds.</summary>
internal sealed record ReservedLine(string Sku, string Location, int Quantity);

/// <summary>
/// One reservation with the place of each line. It makes the operations on a reservation idempotent; what is really held stands in the
/// stock items. Whoever changes an active one has locked the stock items of all its lines.
/// </summary>
internal sealed class Reservation : IRevisioned
{
    public Guid Id { get; set; }

    public ReservationStatus Status { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When its time is over; null once it holds nothing. Kept in an indexed column, because the verification and the schema script look for those that do.</summary>
    public DateTimeOffset? DueAt => Status == ReservationStatus.Active ? ExpiresAt : null;

    public IReadOnlyList<ReservedLine> Lines { get; set; } = [];

    public string? Reference { get; set; }

    public int Version { get; set; }

    /// <summary>The quantities by SKU, over all locations.</summary>
    public IReadOnlyList<StockLine> Totals() =>
        [.. Lines.GroupBy(static line => line.Sku).Select(static group => new StockLine(group.Key, group.Sum(static line => line.Quantity)))];
}
