using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

internal enum FulfilmentStatus
{
    /// <summary>Something was said about it, and its goods are not known yet.</summary>
    Expected,

    /// <summary>Something is left to pack.</summary>
    Open,

    /// <summary>All is packed, and not all has left.</summary>
    Packed,

    /// <summary>All has left, and not all has arrived.</summary>
    Dispatched,

    /// <summary>All has arrived or come back.</summary>
    Completed,

    /// <summary>Nothing is wanted any more, and nothing was packed.</summary>
    Cancelled,
}

/// <summary>The goods of an order on their way to the customer. Its stream has the order's id.</summary>
internal sealed class Fulfilment
{
    public Guid Id { get; set; }

    public FulfilmentStatus Status { get; set; }

    public string Method { get; set; } = string.Empty;

    /// <summary>Null when the customer fetches the goods.</summary>
    public PostalAddress? Address { get; set; }

    /// <summary>Where the goods are brought for the customer to fetch them; the address is then that of the point.</summary>
    public ChosenPickupPoint? PickupPoint { get; set; }

    public IReadOnlyList<FulfilmentLine> Requested { get; set; } = [];

    /// <summary>What is not wanted any more, by the change that said so.</summary>
    public IReadOnlyList<Reduction> Reductions { get; set; } = [];

    /// <summary>Which extensions are part of what was requested.</summary>
    public IReadOnlyList<Guid> Extensions { get; set; } = [];

    public IReadOnlyList<Shipment> Shipments { get; set; } = [];

    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>Whether something that is not wanted any more has left or may leave.</summary>
    public bool HasDiscrepancy { get; set; }

    public int Version { get; set; }

    public bool IsOpened => OpenedAt is not null;

    public bool IsPickup => IsOpened && Address is null;

    /// <summary>Whether the customer fetches the goods, so that another address of the customer's makes no difference.</summary>
    public bool HasFixedAddress => IsPickup || PickupPoint is not null;

    public IEnumerable<FulfilmentBalance> Balances => Requested.Select(BalanceOf);

    /// <summary>How many pieces are not wanted and nobody can hold back any more.</summary>
    public int Discrepancy => Balances.Sum(static balance => balance.Discrepancy);

    /// <summary>One that can follow events without changing this one.</summary>
    public Fulfilment Copy()
    {
        var copy = (Fulfilment)MemberwiseClone();
        copy.Shipments = [.. Shipments.Select(static shipment => shipment.Copy())];
        return copy;
    }

    public Shipment? Find(Guid shipmentId) => Shipments.FirstOrDefault(shipment => shipment.Id == shipmentId);

    public void Apply(FulfilmentOpened opened)
    {
        (Method, Requested, OpenedAt, PickupPoint) = (opened.Method, Together(opened.Lines, Requested), opened.OpenedAt, opened.PickupPoint);
        Address = opened.Address is null || opened.PickupPoint is not null ? opened.Address : Address ?? opened.Address;
        Settle();
    }

    public void Apply(GoodsReduced reduced)
    {
        Reductions = [.. Reductions, new Reduction(reduced.ChangeId, reduced.Lines)];
        Settle();
    }

    public void Apply(GoodsExtended extended)
    {
        Extensions = [.. Extensions, extended.ExtensionId];
        Requested = Together(Requested, extended.Lines);
        Address = HasFixedAddress ? Address : extended.Address ?? Address;
        Settle();
    }

    public void Apply(Readdressed readdressed) => Address = HasFixedAddress ? Address : readdressed.Address;

    public void Apply(Packed packed)
    {
        Shipments = [.. Shipments, new Shipment
        {
            Id = packed.ShipmentId,
            IsPickup = IsPickup,
            Location = packed.Location,
            Lines = packed.Lines,
            Parcels = packed.Parcels,
            TrackingToken = packed.TrackingToken,
            PackedAt = packed.PackedAt,
        }];
        Settle();
    }

    public void Apply(Released released) => Change(released.ShipmentId, shipment => shipment.Release(released.ReleasedAt));

    public void Apply(Unpacked unpacked) => Change(unpacked.ShipmentId, shipment => shipment.Unpack(unpacked.Reason));

    public void Apply(LabelRequested requested) => Change(requested.ShipmentId, shipment => shipment.Request(requested));

    public void Apply(Labelled labelled) => Change(labelled.ShipmentId, shipment => shipment.Label(labelled));

    public void Apply(LabelFailed failed) => Change(failed.ShipmentId, shipment => shipment.Fail(failed));

    public void Apply(Dispatched dispatched) => Change(dispatched.ShipmentId, shipment => shipment.Dispatch(dispatched.DispatchedAt));

    public void Apply(HandedOver handedOver) => Change(handedOver.ShipmentId, shipment => shipment.HandOver(handedOver.HandedOverAt));

    public void Apply(Tracked tracked) => Change(tracked.ShipmentId, shipment => shipment.Track(tracked, PickupPoint?.KeptDays));

    public void Apply(PickupEnded ended) => Change(ended.ShipmentId, static shipment => shipment.EndPickup());

    private static IReadOnlyList<FulfilmentLine> Together(IReadOnlyList<FulfilmentLine> lines, IReadOnlyList<FulfilmentLine> more) =>
        [.. lines.Concat(more).GroupBy(static line => line.VariantId).Select(static group => group.First() with
        {
            Quantity = group.Sum(static line => line.Quantity),
            Sources = [.. group.SelectMany(static line => line.Sources)],
        })];

    private void Change(Guid shipmentId, Action<Shipment> change)
    {
        change(Find(shipmentId)!);
        Settle();
    }

    private void Settle()
    {
        HasDiscrepancy = Discrepancy > 0;
        var live = Shipments.Where(static shipment => shipment.IsLive).ToList();
        Status = !IsOpened ? FulfilmentStatus.Expected
            : Balances.Any(static balance => balance.Left > 0) ? FulfilmentStatus.Open
            : live.Count == 0 ? FulfilmentStatus.Cancelled
            : live.Any(static shipment => shipment.IsHere) ? FulfilmentStatus.Packed
            : live.All(static shipment => shipment.HasArrived || shipment.Status == ShipmentStatus.ReturnedToSender) ? FulfilmentStatus.Completed
            : FulfilmentStatus.Dispatched;
    }

    private FulfilmentBalance BalanceOf(FulfilmentLine line)
    {
        var reduced = Reductions.SelectMany(static reduction => reduction.Lines).Where(other => other.VariantId == line.VariantId).Sum(static other => (long)other.Quantity);
        return new FulfilmentBalance(
            line.VariantId,
            line.Quantity,
            (int)Math.Min(line.Quantity, reduced),
            Shipments.Where(static shipment => shipment.IsLive).Sum(shipment => shipment.QuantityOf(line.VariantId)),
            Shipments.Where(static shipment => shipment.IsWaiting).Sum(shipment => shipment.QuantityOf(line.VariantId)));
    }
}

/// <summary>What is not wanted any more.</summary>
internal sealed record Reduction(Guid ChangeId, IReadOnlyList<ShipmentLine> Lines);

/// <summary>How one variant of a fulfilment stands.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Requested">How many were wanted, with what is sent again or in exchange.</param>
/// <param name="Reduced">How many of them are not wanted any more.</param>
/// <param name="Packed">How many are in shipments, wherever these are.</param>
/// <param name="Waiting">How many of those may still be refused.</param>
internal readonly record struct FulfilmentBalance(Guid VariantId, int Requested, int Reduced, int Packed, int Waiting)
{
    /// <summary>How many are to be packed.</summary>
    public int Left => Math.Max(0, Requested - Reduced - Packed);

    /// <summary>How many are packed, not wanted, and beyond what can be refused.</summary>
    public int Discrepancy => Math.Max(0, Packed + Reduced - Requested - Waiting);
}
