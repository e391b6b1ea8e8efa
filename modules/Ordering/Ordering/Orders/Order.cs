using System.Text.Json.Serialization;
using ModularMonolith.Ordering.Payments;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Orders;

/// <summary>An order as its events have made it. It never changes: each event makes another one.</summary>
internal sealed record Order : IJsonOnDeserialized
{
    /// <summary>The orders with <see cref="NeedsAttention"/>; few of all, with an index that has nothing else in it.</summary>
    public const string AttentionSql = "(data ->> 'needsAttention')::boolean";

    public Guid Id { get; set; }

    /// <summary>The subject who placed it; null for orders of the time before callers were known, which only the staff sees.</summary>
    public string? Owner { get; init; }

    public Guid CheckoutId { get; init; }

    public string BasketId { get; init; } = string.Empty;

    public IReadOnlyList<PricedLine> Lines { get; init; } = [];

    public Money Total { get; init; }

    public string? Email { get; init; }

    public OrderStatus Status { get; init; }

    public string? Reason { get; init; }

    public Delivery? Delivery { get; init; }

    public PostalAddress? ShippingAddress { get; init; }

    public PostalAddress? BillingAddress { get; init; }

    /// <summary>The payment that Payments makes; null when it is paid in another way.</summary>
    public OrderPayment? Payment { get; init; }

    public IReadOnlyList<Parcel> Parcels { get; set; } = [];

    public IReadOnlyList<ParcelLine> CancelledLines { get; init; } = [];

    public IReadOnlyList<BackLine> ReturnedLines { get; init; } = [];

    public IReadOnlyList<Guid> Returns { get; init; } = [];

    public IReadOnlyList<OrderRefund> Refunds { get; init; } = [];

    /// <summary>What is sent without being paid again.</summary>
    public IReadOnlyList<Replacement> Replacements { get; init; } = [];

    public IReadOnlyList<DeferredRefund> DeferredRefunds { get; init; } = [];

    /// <summary>Whether a parcel did not arrive, or money could not be given back, and somebody has to decide what becomes of it. Stored, so that it can be looked for.</summary>
    public bool NeedsAttention => Parcels.Any(static parcel => parcel.NeedsAttention) || Refunds.Any(static refund => refund.State == RefundState.Failed);

    public int NoteCount { get; init; }

    public bool IsFulfilmentBegun { get; init; }

    public DateTimeOffset PlacedAt { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>How much was paid in another way than by Payments; null in orders of the time before it was kept, which were paid whole.</summary>
    public Money? PaidAmount { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public DateTimeOffset? ShippedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    public DateTimeOffset? RejectedAt { get; init; }

    public int Version { get; set; }

    public static Order Create(Placed placed) => new()
    {
        Owner = placed.Owner,
        CheckoutId = placed.CheckoutId,
        BasketId = placed.BasketId,
        Lines = placed.Lines,
        Total = placed.Total,
        Email = placed.Email,
        Status = OrderStatus.Placed,
        Delivery = placed.Delivery,
        ShippingAddress = placed.ShippingAddress,
        BillingAddress = placed.BillingAddress,
        Payment = placed.Payment is { } payment ? new OrderPayment(payment.PaymentId, payment.Tenders, payment.ExpiresAt, PaymentState.Pending) : null,
        PlacedAt = placed.PlacedAt,
    };

    public Order Apply(Paid paid) => this with { Status = OrderTransitions.Next(Status, OrderAction.Pay), PaidAt = paid.PaidAt, PaidAmount = paid.Amount };

    public Order Apply(Authorised authorised) => this with
    {
        Status = OrderTransitions.Next(Status, OrderAction.Authorise),
        Payment = Payment! with { State = PaymentState.Authorised, AuthorisedAt = authorised.AuthorisedAt, ActionUrl = null },
    };

    public Order Apply(ActionRequired required) => this with { Payment = Payment! with { State = PaymentState.ActionRequired, ActionUrl = required.ActionUrl } };

    public Order Apply(Declined declined) => this with { Payment = Payment! with { State = PaymentState.Declined, ActionUrl = null, DeclineCode = declined.Code } };

    public Order Apply(Voided _) => this with { Payment = Payment! with { State = PaymentState.Voided, ActionUrl = null } };

    public Order Apply(Confirmed confirmed) => this with { Status = OrderTransitions.Next(Status, OrderAction.Confirm), ConfirmedAt = confirmed.ConfirmedAt };

    public Order Apply(FulfilmentBegun _) => this with { IsFulfilmentBegun = true };

    public Order Apply(Packed packed) => this with
    {
        Parcels = [.. Parcels, new Parcel(packed.ShipmentId, packed.Lines, packed.ShippingTotal, packed.ShippingTax, packed.PackedAt) { IsFinal = packed.IsFinal, IsManual = packed.IsManual }],
    };

    public Order Apply(Captured captured) => WithParcel(captured.ShipmentId, parcel => parcel with { CapturedAt = captured.CapturedAt });

    public Order Apply(Released released) => WithParcel(released.ShipmentId, parcel => parcel with { State = ParcelState.Released, ReleasedAt = released.ReleasedAt });

    public Order Apply(Refused refused) => WithParcel(refused.ShipmentId, parcel => parcel with { State = ParcelState.Refused, Reason = refused.Reason });

    public Order Apply(Dispatched dispatched) => WithParcel(dispatched.ShipmentId, parcel => parcel with
    {
        State = ParcelState.Dispatched,
        Carrier = dispatched.Carrier,
        TrackingNumber = dispatched.TrackingNumber,
        DispatchedAt = dispatched.DispatchedAt,
    });

    public Order Apply(Delivered delivered) => WithParcel(delivered.ShipmentId, parcel => parcel with { State = ParcelState.Delivered, DeliveredAt = delivered.DeliveredAt, CollectBy = null });

    public Order Apply(Lost lost) => WithParcel(lost.ShipmentId, static parcel => parcel with { State = ParcelState.Lost, CollectBy = null });

    public Order Apply(Found found) => WithParcel(found.ShipmentId, static parcel => parcel with { State = ParcelState.Dispatched });

    public Order Apply(CameBack back) => WithParcel(back.ShipmentId, static parcel => parcel with { State = ParcelState.ReturnedToSender, CollectBy = null });

    public Order Apply(ReadyForPickup ready) => WithParcel(ready.ShipmentId, parcel => parcel with { State = ParcelState.ReadyForPickup, CollectBy = ready.CollectBy });

    public Order Apply(LeftPickupPoint left) => WithParcel(left.ShipmentId, static parcel => parcel with { State = ParcelState.Dispatched, CollectBy = null });

    public Order Apply(NotCollected ended) => WithParcel(ended.ShipmentId, static parcel => parcel with { State = ParcelState.NotCollected, CollectBy = null });

    public Order Apply(ParcelReceived received) => WithParcel(received.ShipmentId, parcel => parcel with { ReceivedAt = received.ReceivedAt });

    public Order Apply(ParcelRefunded refunded) => WithParcel(refunded.ShipmentId, static parcel => parcel with { Settlement = ParcelSettlement.Refunded });

    public Order Apply(ReplacementBegun begun) => WithParcel(begun.CauseId, static parcel => parcel with { Settlement = ParcelSettlement.Resent }) with
    {
        Replacements = [.. Replacements, new Replacement(begun.ReplacementId, begun.Cause, begun.CauseId, begun.Lines, begun.BegunAt)],
    };

    public Order Apply(ReplacementStocked stocked) => WithReplacement(stocked.ReplacementId, replacement => replacement with
    {
        IsStocked = true,
        Sources = stocked.Sources,
        Awaited = [.. stocked.Sources.Where(static line => line.IsBackordered)],
    });

    public Order Apply(ReplacementArrived arrived) => WithReplacement(arrived.ReplacementId, replacement => replacement with { Awaited = Fulfilment.Without(replacement.Awaited, arrived.Lines) });

    // A parcel that cannot be sent again waits for another decision.
    public Order Apply(ReplacementGivenUp givenUp) =>
        WithParcel(Replacements.First(replacement => replacement.Id == givenUp.ReplacementId).CauseId, static parcel => parcel with { Settlement = ParcelSettlement.None })
            .WithReplacement(givenUp.ReplacementId, replacement => replacement with { Refusal = givenUp.Reason, Lines = givenUp.Lines ?? replacement.Lines });

    public Order Apply(ReplacementCalledOff calledOff) =>
        WithParcel(Replacements.First(replacement => replacement.Id == calledOff.ReplacementId).CauseId, static parcel => parcel with { Settlement = ParcelSettlement.None })
            .WithReplacement(calledOff.ReplacementId, replacement => replacement with { Refusal = calledOff.Reason, IsCalledOff = true });

    public Order Apply(RefundDeferred deferred) => this with
    {
        DeferredRefunds = [.. DeferredRefunds, new DeferredRefund(deferred.RefundId, deferred.ItemsTotal, deferred.ItemsTax, deferred.ShippingTotal, deferred.ShippingTax)],
    };

    // Orders that the staff ships by hand have no parcels before: everything leaves at once.
    public Order Apply(Shipped shipped) => this with
    {
        Status = OrderTransitions.Next(Status, OrderAction.Ship),
        ShippedAt = shipped.ShippedAt,
        Parcels = Parcels.Any(static parcel => parcel.IsWanted)
            ? [.. Parcels.Select(parcel => parcel is { IsManual: true, State: ParcelState.Released } ? parcel with { State = ParcelState.Dispatched, DispatchedAt = shipped.ShippedAt } : parcel)]
            : [.. Parcels, this.WholeParcel(shipped.ShippedAt)],
    };

    public Order Apply(Completed completed) => this with { Status = OrderTransitions.Next(Status, OrderAction.Complete), CompletedAt = completed.CompletedAt };

    public Order Apply(LinesCancelled cancelled) => this with { CancelledLines = [.. CancelledLines, .. cancelled.Lines] };

    public Order Apply(Cancelled cancelled) => this with
    {
        Status = OrderTransitions.Next(Status, OrderAction.Cancel),
        Reason = cancelled.Reason,
        CancelledAt = cancelled.CancelledAt,
        Parcels = [.. Parcels.Select(parcel => parcel.State == ParcelState.Packed ? parcel with { State = ParcelState.Refused, Reason = cancelled.Reason } : parcel)],
    };

    public Order Apply(Rejected rejected) => this with { Status = OrderTransitions.Next(Status, OrderAction.Reject), Reason = rejected.Reason, RejectedAt = rejected.RejectedAt };

    public Order Apply(Edited edited) => this with { Email = edited.Email, ShippingAddress = edited.ShippingAddress, BillingAddress = edited.BillingAddress };

    public Order Apply(NoteAdded _) => this with { NoteCount = NoteCount + 1 };

    public Order Apply(GoodsBack back) => this with { Returns = [.. Returns, back.ReturnId], ReturnedLines = [.. ReturnedLines, .. back.Lines] };

    public Order Apply(RefundBegun begun) => this with
    {
        Refunds = [.. Refunds, new OrderRefund(begun.RefundId, begun.Items, begun.Shipping, begun.Tax, begun.Total, begun.Reason, begun.IsCredit, RefundState.Pending, begun.BegunAt)],
    };

    public Order Apply(RefundRepeated repeated) => WithRefund(repeated.RefundId, static refund => refund with { State = RefundState.Pending, Attempt = refund.Attempt + 1, Problem = null });

    public Order Apply(Refunded refunded) => WithRefund(refunded.RefundId, refund => refund.With(new RefundPart(refund.PaymentRefundId, refunded.Amount, refunded.RefundedAt)));

    public Order Apply(RefundRefused refused) => WithRefund(refused.RefundId, refund => refund.Refused(refused));

    public Order Apply(RefundCameBack back) => WithRefund(back.RefundId, refund => refund.Without(new RefundPart(back.PaymentRefundId, back.Amount, back.CameBackAt), back.Reason));

    public Order Apply(RefundSettled settled) => WithRefund(settled.RefundId, refund => refund.With(new RefundPart(settled.PartId, settled.Amount, settled.SettledAt)));

    // Snapshots of the time before there were parcels have none, though everything has left; what their events make of them now has one.
    void IJsonOnDeserialized.OnDeserialized()
    {
        if (ShippedAt is { } shippedAt && Parcels.Count == 0)
        {
            Parcels = [this.WholeParcel(shippedAt)];
        }
    }

    private Order WithParcel(Guid shipmentId, Func<Parcel, Parcel> change) =>
        this with { Parcels = [.. Parcels.Select(parcel => parcel.ShipmentId == shipmentId ? change(parcel) : parcel)] };

    private Order WithReplacement(Guid replacementId, Func<Replacement, Replacement> change) =>
        this with { Replacements = [.. Replacements.Select(replacement => replacement.Id == replacementId ? change(replacement) : replacement)] };

    private Order WithRefund(Guid refundId, Func<OrderRefund, OrderRefund> change) =>
        this with { Refunds = [.. Refunds.Select(refund => refund.RefundId == refundId ? change(refund) : refund)] };
}
