using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>Goods are to be delivered.</summary>
internal sealed record FulfilmentOpened(string Method, PostalAddress? Address, IReadOnlyList<FulfilmentLine> Lines, DateTimeOffset OpenedAt, ChosenPickupPoint? PickupPoint = null);

/// <summary>Less of them is. It may be recorded before they are known, because the two are told by different subscriptions.</summary>
internal sealed record GoodsReduced(Guid ChangeId, IReadOnlyList<ShipmentLine> Lines, DateTimeOffset ReducedAt);

/// <summary>More of them is. It may be recorded before they are known.</summary>
internal sealed record GoodsExtended(Guid ExtensionId, PostalAddress? Address, IReadOnlyList<FulfilmentLine> Lines, DateTimeOffset ExtendedAt);

/// <summary>They go elsewhere. It may be recorded before they are known.</summary>
internal sealed record Readdressed(PostalAddress Address, DateTimeOffset ReaddressedAt);

/// <summary>Some of them are in a parcel.</summary>
internal sealed record Packed(
    Guid ShipmentId, string? Location, IReadOnlyList<ShipmentLine> Lines, IReadOnlyList<Parcel> Parcels, string TrackingToken, DateTimeOffset PackedAt);

/// <summary>A parcel that is packed.</summary>
/// <param name="WeightGrams">What it weighs with all that is in it, 1 or more.</param>
/// <param name="LengthMillimetres">Its longest side.</param>
/// <param name="WidthMillimetres">Its second side.</param>
/// <param name="HeightMillimetres">Its third side.</param>
internal sealed record Parcel(int WeightGrams, int? LengthMillimetres = null, int? WidthMillimetres = null, int? HeightMillimetres = null);

/// <summary>The shipment is paid and may leave.</summary>
internal sealed record Released(Guid ShipmentId, DateTimeOffset ReleasedAt);

/// <summary>The shipment must not leave; its goods are back on the shelf.</summary>
internal sealed record Unpacked(Guid ShipmentId, string Reason, DateTimeOffset UnpackedAt);

/// <summary>The shipment needs a label, or another one than it has.</summary>
internal sealed record LabelRequested(Guid ShipmentId, int Sequence, DateTimeOffset RequestedAt);

/// <summary>The carrier has made the label.</summary>
internal sealed record Labelled(Guid ShipmentId, int Sequence, string Carrier, string TrackingNumber, DateTimeOffset LabelledAt);

/// <summary>The carrier has not made it; when it is final, nobody asks again until the staff says so.</summary>
internal sealed record LabelFailed(Guid ShipmentId, int Sequence, string Reason, bool IsFinal, DateTimeOffset FailedAt);

/// <summary>The shipment has left with the carrier.</summary>
internal sealed record Dispatched(Guid ShipmentId, DateTimeOffset DispatchedAt);

/// <summary>The customer has fetched the shipment.</summary>
internal sealed record HandedOver(Guid ShipmentId, DateTimeOffset HandedOverAt);

/// <summary>The carrier, or the staff for it, says where the shipment is.</summary>
internal sealed record Tracked(Guid ShipmentId, TrackingStatus Status, DateTimeOffset OccurredAt, string? EventId, string? Place, DateTimeOffset RecordedAt);

/// <summary>Nobody has fetched the shipment from the pickup point in time.</summary>
internal sealed record PickupEnded(Guid ShipmentId, DateTimeOffset EndedAt);
