using System.Text.Json.Serialization;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Shipments;

internal enum ParcelState
{
    Packed,
    Released,
    Refused,
    Dispatched,
    Delivered,
    Lost,
    ReturnedToSender,

    /// <summary>It is at the pickup point, where the customer can fetch it.</summary>
    ReadyForPickup,

    /// <summary>Nobody has fetched it in time, so it goes back.</summary>
    NotCollected,
}

/// <summary>What the customer gets for a parcel that did not arrive.</summary>
internal enum ParcelSettlement
{
    /// <summary>Nothing, so far.</summary>
    None,

    Resent,
    Refunded,
}

/// <summary>A part of an order that leaves at once. Its id is that of its shipment, its capture and its invoice.</summary>
internal sealed record Parcel(Guid ShipmentId, IReadOnlyList<ParcelLine> Lines, Money ShippingTotal, Money ShippingTax, DateTimeOffset PackedAt)
{
    public ParcelState State { get; init; }

    /// <summary>Whether nothing was to be captured after it.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Whether the staff ships it by hand, and Shipping knows nothing of it.</summary>
    public bool IsManual { get; init; }

    public string? Reason { get; init; }

    public string? Carrier { get; init; }

    public string? TrackingNumber { get; init; }

    public DateTimeOffset? CapturedAt { get; init; }

    public DateTimeOffset? ReleasedAt { get; init; }

    public DateTimeOffset? DispatchedAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Until when the customer can fetch it from the pickup point where it is, if anybody has said so.</summary>
    public DateTimeOffset? CollectBy { get; init; }

    /// <summary>What the customer gets instead of it. Should it arrive after all, its goods are not exchanged or refunded again.</summary>
    public ParcelSettlement Settlement { get; init; }

    /// <summary>When it was here again, and its goods were dealt with.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Whether its goods are taken out of what is open.</summary>
    [JsonIgnore]
    public bool IsWanted => State != ParcelState.Refused;

    [JsonIgnore]
    public bool HasLeft => State is not (ParcelState.Packed or ParcelState.Released or ParcelState.Refused);

    /// <summary>Whether it will not arrive, as far as anybody knows.</summary>
    [JsonIgnore]
    public bool IsMissing => State is ParcelState.Lost or ParcelState.ReturnedToSender or ParcelState.NotCollected;

    /// <summary>Whether the customer has it or will have it, and has got nothing else for it.</summary>
    [JsonIgnore]
    public bool IsTheCustomers => HasLeft && !IsMissing && Settlement == ParcelSettlement.None;

    [JsonIgnore]
    public bool NeedsAttention => (IsMissing && Settlement == ParcelSettlement.None) || (State == ParcelState.ReturnedToSender && ReceivedAt is null);

    [JsonIgnore]
    public bool IsInvoiced => State == ParcelState.Released || HasLeft || CapturedAt is not null;

    [JsonIgnore]
    public bool IsOwed => Lines.Any(static line => line.ReplacementId is null);

    [JsonIgnore]
    public Share Items => Lines.Where(static line => line.ReplacementId is null).Select(static line => line.Share).Sum(ShippingTotal.Currency);

    [JsonIgnore]
    public Share Shipping => new(ShippingTotal, ShippingTax);

    /// <summary>What was paid for all that is in it, be it with another parcel.</summary>
    [JsonIgnore]
    public Share Value => Lines.Select(static line => line.Share).Sum(ShippingTotal.Currency);

    [JsonIgnore]
    public Share Whole => Items + Shipping;

    public OrderShipmentView ToView() => new(
        ShipmentId, State, [.. Lines.Select(static line => new ShipmentLineView(line.VariantId, line.Sku, line.Quantity, line.ReplacementId))], Whole.Total, Carrier, TrackingNumber,
        Reason, PackedAt, ReleasedAt, DispatchedAt, DeliveredAt, Settlement, ReceivedAt, CollectBy);
}

/// <summary>How far the goods of an order are, as clients see it.</summary>
internal enum OrderFulfilmentStatus
{
    None,
    Waiting,
    [JsonStringEnumMemberName("partially-shipped")]
    PartiallyShipped,
    Shipped,
    [JsonStringEnumMemberName("partially-delivered")]
    PartiallyDelivered,
    Delivered,
    [JsonStringEnumMemberName("partially-returned")]
    PartiallyReturned,
    Returned,
    Lost,
    [JsonStringEnumMemberName("ready-for-pickup")]
    ReadyForPickup,
}

/// <summary>A parcel as clients see it.</summary>
/// <param name="Id">The shipment.</param>
/// <param name="Status">Where it is; a refused one goes back on the shelf.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="Total">What is paid for it, its part of shipping included.</param>
/// <param name="Carrier">Who carries it.</param>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="PackedAt">When it was packed.</param>
/// <param name="ReleasedAt">When it was paid and might leave.</param>
/// <param name="DispatchedAt">When it left.</param>
/// <param name="DeliveredAt">When it was with the customer.</param>
/// <param name="Settlement">What the customer gets instead of it, when it was lost, was not fetched or came back.</param>
/// <param name="ReceivedAt">When it was here again.</param>
/// <param name="CollectBy">Until when it can be fetched from the pickup point where it is.</param>
internal sealed record OrderShipmentView(
    Guid Id, ParcelState Status, IReadOnlyList<ShipmentLineView> Lines, Money Total, string? Carrier, string? TrackingNumber, string? Reason,
    DateTimeOffset PackedAt, DateTimeOffset? ReleasedAt, DateTimeOffset? DispatchedAt, DateTimeOffset? DeliveredAt,
    ParcelSettlement Settlement = ParcelSettlement.None, DateTimeOffset? ReceivedAt = null, DateTimeOffset? CollectBy = null);

/// <summary>Goods in a parcel.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Quantity">How many.</param>
/// <param name="ReplacementId">The replacement that they are of, when they are not paid with this parcel.</param>
internal sealed record ShipmentLineView(Guid VariantId, string Sku, int Quantity, Guid? ReplacementId = null);
