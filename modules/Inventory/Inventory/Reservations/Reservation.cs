using System.Text.Json.Serialization;
using JasperFx;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;

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
/// <param name="Sku">The SKU.</param>
/// <param name="Location">The location's code.</param>
/// <param name="Quantity">1 or more.</param>
/// <param name="IsBackordered">Whether it has to arrive first: it is then held by the SKU's ledger, and the location is where it is expected.</param>
/// <param name="Returned">What of it came back after an order had taken it.</param>
internal sealed record ReservedLine(string Sku, string Location, int Quantity, bool IsBackordered = false, int Returned = 0);

/// <summary>
/// One reservation with the place of each line. It makes the operations on a reservation idempotent; what is really held stands in the
/// stock items and ledgers. Whoever changes an active one has locked those of all its lines.
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

    /// <summary>Whether an order took its lines; they may have come back since. One that was returned before it was taken has lines, but no order's reference.</summary>
    [JsonIgnore]
    public bool WasTaken => Status == ReservationStatus.Committed || (Status == ReservationStatus.Returned && Reference is not null);

    /// <summary>The keys of the stock items that hold its lines.</summary>
    public IEnumerable<string> Keys() => Lines.Where(static line => !line.IsBackordered).Select(static line => StockKey.Of(line.Location, line.Sku));

    public IEnumerable<string> Skus() => Lines.Select(static line => line.Sku);

    /// <summary>The quantities by SKU, over all locations.</summary>
    public IReadOnlyList<StockLine> Totals() =>
        [.. Lines.GroupBy(static line => line.Sku).Select(static group => new StockLine(group.Key, group.Sum(static line => line.Quantity)))];
}
