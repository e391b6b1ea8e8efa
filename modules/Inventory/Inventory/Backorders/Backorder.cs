using JasperFx;

namespace ModularMonolith.Inventory.Backorders;

/// <summary>What came in for a back-order at one location.</summary>
internal sealed record BackorderArrival(string Location, int Quantity);

/// <summary>What one order took of one SKU before it was there. Whoever changes it has locked the SKU's ledger.</summary>
internal sealed class Backorder : IRevisioned
{
    public string Id { get; set; } = string.Empty;

    public Guid ReservationId { get; set; }

    public string Sku { get; set; } = string.Empty;

    /// <summary>Where it was expected.</summary>
    public string Location { get; set; } = string.Empty;

    public string Reference { get; set; } = string.Empty;

    public int Quantity { get; set; }

    public int Cancelled { get; set; }

    public IReadOnlyList<BackorderArrival> Arrivals { get; set; } = [];

    public DateTimeOffset OrderedAt { get; set; }

    /// <summary>Its place in the line of its SKU.</summary>
    public long Number { get; set; }

    /// <summary>Its place while it waits; null afterwards, so that the index of the line holds only those that do.</summary>
    public long? Place => Waiting > 0 ? Number : null;

    public int Waiting => Quantity - Cancelled - Arrivals.Sum(static arrival => arrival.Quantity);

    public int Version { get; set; }

    public static string KeyOf(Guid reservationId, string sku) => $"{reservationId:N}/{sku}";
}
