using System.Text.Json.Serialization;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Orders;

// The history of an order. The stored names are in OrderingModule and never change; members may be added, with a default.

internal sealed record Placed(
    Guid CheckoutId, string BasketId, IReadOnlyList<PricedLine> Lines, Money Total, string? Email, DateTimeOffset PlacedAt, string? Owner = null,
    Quote? Quote = null, Delivery? Delivery = null, PostalAddress? ShippingAddress = null, PostalAddress? BillingAddress = null, PlannedPayment? Payment = null);

/// <summary>How the goods get to the customer, and for how much.</summary>
/// <param name="Method">The shipping method's code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Kind"><c>delivery</c> or <c>pickup</c>.</param>
/// <param name="Total">What is paid for it, tax included.</param>
/// <param name="Tax">The tax in it.</param>
/// <param name="PickupPoint">Where the customer fetches them when they are brought there.</param>
internal sealed record Delivery(string Method, string Title, string Kind, Money Total, Money Tax, ChosenPickupPoint? PickupPoint = null)
{
    public const string Pickup = "pickup";

    [JsonIgnore]
    public Share Share => new(Total, Tax);
}

/// <summary>With what the customer wants to pay. Neither tokens nor codes are kept.</summary>
internal sealed record PlannedPayment(Guid PaymentId, IReadOnlyList<PlannedTender> Tenders, DateTimeOffset ExpiresAt);

internal sealed record PlannedTender(string Kind, Money? Amount, string? LastCharacters);

internal sealed record Paid(DateTimeOffset PaidAt, Money? Amount = null);

internal sealed record Authorised(Money Amount, DateTimeOffset AuthorisedAt);

internal sealed record ActionRequired(string ActionUrl, DateTimeOffset At);

internal sealed record Declined(string Code, string Reason, DateTimeOffset DeclinedAt);

internal sealed record Voided(DateTimeOffset VoidedAt);

internal sealed record Confirmed(DateTimeOffset ConfirmedAt);

/// <summary>Shipping was told to pack.</summary>
internal sealed record FulfilmentBegun(DateTimeOffset BegunAt);

/// <summary>A parcel waits to be paid. Its id is the id of its capture and of its invoice too.</summary>
internal sealed record Packed(
    Guid ShipmentId, IReadOnlyList<ParcelLine> Lines, Money ShippingTotal, Money ShippingTax, bool IsFinal, bool IsManual, DateTimeOffset PackedAt);

/// <summary>Goods in a parcel, with what is paid for them. What belongs to a replacement was paid with the goods that it replaces, and is not paid again.</summary>
internal sealed record ParcelLine(Guid VariantId, string Sku, int Quantity, Money Total, Money Tax, Guid? ReplacementId = null)
{
    [JsonIgnore]
    public Share Share => new(Total, Tax);
}

/// <summary>A parcel is paid.</summary>
internal sealed record Captured(Guid ShipmentId, Money Amount, DateTimeOffset CapturedAt);

/// <summary>A parcel may leave.</summary>
internal sealed record Released(Guid ShipmentId, DateTimeOffset ReleasedAt);

/// <summary>A parcel must not leave.</summary>
internal sealed record Refused(Guid ShipmentId, string Reason, DateTimeOffset RefusedAt);

internal sealed record Dispatched(Guid ShipmentId, string? Carrier, string? TrackingNumber, DateTimeOffset DispatchedAt);

internal sealed record Delivered(Guid ShipmentId, DateTimeOffset DeliveredAt);

/// <summary>The carrier has lost a parcel.</summary>
internal sealed record Lost(Guid ShipmentId, DateTimeOffset LostAt);

/// <summary>A parcel that was lost is on its way again.</summary>
internal sealed record Found(Guid ShipmentId, DateTimeOffset FoundAt);

/// <summary>The carrier brings a parcel back.</summary>
internal sealed record CameBack(Guid ShipmentId, DateTimeOffset ReturnedAt);

/// <summary>A parcel is at the pickup point, where the customer can fetch it; until <c>CollectBy</c> when anybody has said so.</summary>
internal sealed record ReadyForPickup(Guid ShipmentId, DateTimeOffset ReadyAt, DateTimeOffset? CollectBy);

/// <summary>A parcel has left the pickup point without having been fetched, and is on its way again.</summary>
internal sealed record LeftPickupPoint(Guid ShipmentId, DateTimeOffset LeftAt);

/// <summary>Nobody has fetched a parcel from the pickup point in time.</summary>
internal sealed record NotCollected(Guid ShipmentId, DateTimeOffset EndedAt);

/// <summary>A parcel that came back is here, and its goods are dealt with.</summary>
internal sealed record ParcelReceived(Guid ShipmentId, IReadOnlyList<ReceivedGoods> Lines, string? Location, DateTimeOffset ReceivedAt);

/// <summary>Goods of a parcel that came back.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Disposition">What becomes of them.</param>
internal sealed record ReceivedGoods(Guid VariantId, int Quantity, ReceivedDisposition Disposition);

internal enum ReceivedDisposition
{
    /// <summary>They can be sold again.</summary>
    Restock,

    /// <summary>They cannot.</summary>
    WriteOff,
}

/// <summary>What was paid for a parcel that did not arrive is given back; the amount is in the refund with the id.</summary>
internal sealed record ParcelRefunded(Guid ShipmentId, Guid RefundId, DateTimeOffset DecidedAt);

/// <summary>Goods are to be sent without being paid again. Its id is that of its reservation too.</summary>
internal sealed record ReplacementBegun(Guid ReplacementId, ReplacementCause Cause, Guid CauseId, IReadOnlyList<ReplacementLine> Lines, DateTimeOffset BegunAt);

/// <summary>A replacement's stock has left the shelf, or is certain to come.</summary>
internal sealed record ReplacementStocked(Guid ReplacementId, IReadOnlyList<SourcedLine> Sources, DateTimeOffset StockedAt);

/// <summary>What a replacement waited for has come.</summary>
internal sealed record ReplacementArrived(Guid ReplacementId, IReadOnlyList<SourcedLine> Lines, DateTimeOffset ArrivedAt);

/// <summary>There is no stock for a replacement. <c>Lines</c>: what of it is given up when another one is begun for the rest; null for all.</summary>
internal sealed record ReplacementGivenUp(Guid ReplacementId, string Reason, DateTimeOffset GivenUpAt, IReadOnlyList<ReplacementLine>? Lines = null);

/// <summary>A replacement is not needed any more: what it was to replace has turned up, say.</summary>
internal sealed record ReplacementCalledOff(Guid ReplacementId, string Reason, DateTimeOffset CalledOffAt);

/// <summary>What a return gives back is known, but for what it exchanges: the refund waits for that.</summary>
internal sealed record RefundDeferred(Guid RefundId, Money ItemsTotal, Money ItemsTax, Money ShippingTotal, Money ShippingTax, DateTimeOffset DeferredAt);

internal sealed record Shipped(DateTimeOffset ShippedAt);

internal sealed record Completed(DateTimeOffset CompletedAt);

internal sealed record LinesCancelled(Guid ChangeId, IReadOnlyList<ParcelLine> Lines, string Reason, DateTimeOffset CancelledAt);

internal sealed record Cancelled(string Reason, DateTimeOffset CancelledAt);

internal sealed record Rejected(string Reason, DateTimeOffset RejectedAt);

internal sealed record Edited(string? Email, PostalAddress? ShippingAddress, PostalAddress? BillingAddress, DateTimeOffset EditedAt);

internal sealed record NoteAdded(Guid NoteId, string Text, bool IsForCustomer, string? Author, DateTimeOffset AddedAt);

internal sealed record GoodsBack(Guid ReturnId, IReadOnlyList<BackLine> Lines, DateTimeOffset ReturnedAt);

internal sealed record BackLine(Guid VariantId, int Quantity);

/// <summary>Money is to be given back. What was invoiced is credited with it; what was paid and never invoiced is not.</summary>
internal sealed record RefundBegun(Guid RefundId, Money Items, Money Shipping, Money Tax, Money Total, string Reason, bool IsCredit, DateTimeOffset BegunAt);

internal sealed record RefundRepeated(Guid RefundId, DateTimeOffset RepeatedAt);

internal sealed record Refunded(Guid RefundId, Money Amount, DateTimeOffset RefundedAt);

internal sealed record RefundRefused(Guid RefundId, string Reason, DateTimeOffset RefusedAt);

/// <summary>Money that had been given back has come back: the bank has not taken it after all. <c>PaymentRefundId</c>: under which Payments had been asked.</summary>
internal sealed record RefundCameBack(Guid RefundId, Guid PaymentRefundId, Money Amount, string Reason, DateTimeOffset CameBackAt);

/// <summary>The staff has given back by hand what Payments could not.</summary>
internal sealed record RefundSettled(Guid RefundId, Guid PartId, Money Amount, string Reason, DateTimeOffset SettledAt);
