using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>A shipment as the events of its fulfilment have made it.</summary>
internal sealed class Shipment
{
    /// <summary>As many tracking events as are shown; older ones are in the stream only.</summary>
    public const int TrackingShown = 200;

    public Guid Id { get; set; }

    public ShipmentStatus Status { get; set; }

    /// <summary>Whether the customer fetches it.</summary>
    public bool IsPickup { get; set; }

    public string? Location { get; set; }

    public IReadOnlyList<ShipmentLine> Lines { get; set; } = [];

    public IReadOnlyList<Parcel> Parcels { get; set; } = [];

    public string TrackingToken { get; set; } = string.Empty;

    /// <summary>The number of the label that it needs or has; it rises with each new one.</summary>
    public int LabelSequence { get; set; }

    /// <summary>How often the carrier was asked for this label in vain.</summary>
    public int LabelFailures { get; set; }

    public string? LabelProblem { get; set; }

    /// <summary>Whether nobody asks for the label any more until the staff says so.</summary>
    public bool IsLabelGivenUp { get; set; }

    public string? Carrier { get; set; }

    public string? TrackingNumber { get; set; }

    public string? Reason { get; set; }

    public IReadOnlyList<TrackingEntry> Tracking { get; set; } = [];

    public DateTimeOffset PackedAt { get; set; }

    public DateTimeOffset? ReleasedAt { get; set; }

    public DateTimeOffset? DispatchedAt { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>Until when it can be fetched from the pickup point where it is; null as long as it is not there, and where nobody has said how long it is kept.</summary>
    public DateTimeOffset? CollectBy { get; set; }

    /// <summary>The time of the last tracking event that changed the status.</summary>
    public DateTimeOffset? TrackedAt { get; set; }

    /// <summary>Whether its goods are still with us and nobody has said that they may leave.</summary>
    public bool IsWaiting => Status == ShipmentStatus.Packed;

    /// <summary>Whether its goods have not left yet.</summary>
    public bool IsHere => Status is ShipmentStatus.Packed or ShipmentStatus.Released or ShipmentStatus.Ready;

    public bool IsLive => Status != ShipmentStatus.Unpacked;

    /// <summary>Whether the customer has it.</summary>
    public bool HasArrived => Status is ShipmentStatus.Delivered or ShipmentStatus.Collected;

    /// <summary>Whether the carrier is to be asked for a label now.</summary>
    public bool NeedsLabel => Status == ShipmentStatus.Released && !IsLabelGivenUp;

    public Shipment Copy() => (Shipment)MemberwiseClone();

    public int QuantityOf(Guid variantId) => Lines.Where(line => line.VariantId == variantId).Sum(static line => line.Quantity);

    /// <summary>Whether this was reported before.</summary>
    public bool Knows(TrackingStatus status, DateTimeOffset occurredAt, string? eventId) => Tracking.Any(entry =>
        eventId is null ? entry.Status == status && entry.OccurredAt == occurredAt : entry.EventId == eventId);

    /// <summary>The status after a tracking event: what happened before the last one is history, only that the customer has it counts whenever that comes.</summary>
    public ShipmentStatus After(TrackingStatus status, DateTimeOffset occurredAt)
    {
        var next = ShipmentTransitions.Next(Status, ShipmentTransitions.ActionOf(status));
        return occurredAt >= TrackedAt || TrackedAt is null || next is ShipmentStatus.Delivered or ShipmentStatus.Collected ? next : Status;
    }

    public void Release(DateTimeOffset at)
    {
        Status = ShipmentTransitions.Next(Status, ShipmentAction.Release);
        ReleasedAt = at;
        if (IsPickup)
        {
            Status = ShipmentTransitions.Next(Status, ShipmentAction.Label);
        }
        else
        {
            LabelSequence = 1;
        }
    }

    public void Unpack(string reason)
    {
        Status = ShipmentTransitions.Next(Status, ShipmentAction.Refuse);
        Reason = reason;
    }

    public void Request(LabelRequested requested)
    {
        Status = ShipmentTransitions.Next(Status, ShipmentAction.Relabel);
        (LabelSequence, LabelFailures, LabelProblem, IsLabelGivenUp) = (requested.Sequence, 0, null, false);
        (Carrier, TrackingNumber) = (null, null);
    }

    public void Label(Labelled labelled)
    {
        Status = ShipmentTransitions.Next(Status, ShipmentAction.Label);
        (Carrier, TrackingNumber, LabelProblem) = (labelled.Carrier, labelled.TrackingNumber, null);
    }

    public void Fail(LabelFailed failed)
    {
        LabelFailures++;
        (LabelProblem, IsLabelGivenUp) = (failed.Reason, failed.IsFinal);
    }

    public void Dispatch(DateTimeOffset at)
    {
        Status = ShipmentTransitions.Next(Status, ShipmentAction.Dispatch);
        DispatchedAt = at;
    }

    public void HandOver(DateTimeOffset at)
    {
        Status = ShipmentTransitions.Next(Status, ShipmentAction.HandOver);
        (DispatchedAt, DeliveredAt) = (at, at);
    }

    public void EndPickup() => (Status, CollectBy) = (ShipmentTransitions.Next(Status, ShipmentAction.EndPickup), null);

    /// <param name="tracked">What was reported.</param>
    /// <param name="keptDays">For how many days a pickup point keeps it, if that is known.</param>
    public void Track(Tracked tracked, int? keptDays)
    {
        var next = After(tracked.Status, tracked.OccurredAt);
        TrackedAt = next != Status || TrackedAt is null || tracked.OccurredAt > TrackedAt ? tracked.OccurredAt : TrackedAt;
        DeliveredAt ??= next is ShipmentStatus.Delivered or ShipmentStatus.Collected ? tracked.OccurredAt : null;
        if (next != Status)
        {
            CollectBy = next == ShipmentStatus.ReadyForPickup && keptDays is { } days ? tracked.OccurredAt.AddDays(days) : null;
        }

        Status = next;
        Tracking = [.. Tracking.Append(new TrackingEntry(tracked.Status, tracked.OccurredAt, tracked.Place, tracked.EventId)).TakeLast(TrackingShown)];
    }
}

/// <summary>Something that a carrier reported.</summary>
/// <param name="Status">Where the shipment was.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="Place">Where, in words.</param>
/// <param name="EventId">The carrier's id of the report.</param>
internal sealed record TrackingEntry(TrackingStatus Status, DateTimeOffset OccurredAt, string? Place, string? EventId);
