using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ModularMonolith.Inventory.Stock;

/// <summary>What one reservation holds of one stock item.</summary>
/// <param name="Quantity">1 or more.</param>
/// <param name="ExpiresAt">From this moment on it holds nothing.</param>
internal sealed record Hold(int Quantity, DateTimeOffset ExpiresAt);

/// <summary>
/// One SKU at one location, built from its movements. It is immutable: the instance that the event store hands out is also the one
/// from which it makes the next snapshot. At any time 0 ≤ Reserved ≤ OnHand ≤ <see cref="MaximumQuantity"/>, and Reserved is the sum of the holds.
/// </summary>
internal sealed partial record StockItem
{
    public const int MaximumQuantity = 1_000_000_000;

    public string Id { get; set; } = string.Empty;

    public string Sku => StockKey.SkuOf(Id);

    public string Location => StockKey.LocationOf(Id);

    public int OnHand { get; init; }

    public int Reserved { get; init; }

    [JsonConverter(typeof(HoldsConverter))]
    public ImmutableDictionary<Guid, Hold> Holds { get; init; } = ImmutableDictionary<Guid, Hold>.Empty;

    public long Version { get; set; }

    /// <summary>What can be promised at a moment. Holds that have expired count as available although nobody has released them yet.</summary>
    public int AvailableAt(DateTimeOffset now)
    {
        var held = 0;
        foreach (var hold in Holds.Values)
        {
            if (hold.ExpiresAt > now)
            {
                held += hold.Quantity;
            }
        }

        return OnHand - held;
    }

    public StockItem Apply(IStockMovement movement) => this with
    {
        OnHand = OnHand + movement.OnHandChange,
        Reserved = Reserved + movement.ReservedChange,
        Holds = movement switch
        {
            StockReserved reserved => Holds.Add(reserved.ReservationId, new Hold(reserved.Quantity, reserved.ExpiresAt)),
            ReservationExtended extended => Holds.SetItem(extended.ReservationId, Holds[extended.ReservationId] with { ExpiresAt = extended.ExpiresAt }),
            ReservationCommitted committed => Holds.Remove(committed.ReservationId),
            ReservationReleased released => Holds.Remove(released.ReservationId),
            ReservationExpired expired => Holds.Remove(expired.ReservationId),
            _ => Holds,
        },
    };
}
