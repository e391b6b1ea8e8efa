using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Shipping.Contracts;

// Shipping packs and delivers; whoever has sold the goods decides. A parcel leaves only after it was released, and it is released only when it is paid and still wanted.

/// <summary>Told to Shipping: these goods are to be delivered.</summary>
/// <param name="OrderId">The order; one fulfilment for each.</param>
/// <param name="Method">The shipping method that the customer has chosen.</param>
/// <param name="Address">Where to; null when the customer fetches them.</param>
/// <param name="Lines">What; each variant once.</param>
/// <param name="PickupPoint">Where the customer fetches them when they were brought there; <paramref name="Address"/> is then its address, with the customer's name.</param>
[EventName("shipping.fulfilment-requested")]
public sealed record FulfilmentRequested(Guid OrderId, string Method, PostalAddress? Address, IReadOnlyList<FulfilmentLine> Lines, ChosenPickupPoint? PickupPoint = null) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Goods of one variant to be delivered.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title.</param>
/// <param name="Quantity">How many.</param>
/// <param name="WeightGrams">What one weighs; 0 when unknown.</param>
/// <param name="Sources">From which locations, when stock was taken from any.</param>
public sealed record FulfilmentLine(Guid VariantId, string Sku, string Title, int Quantity, int WeightGrams, IReadOnlyList<FulfilmentSource> Sources);

/// <summary>A location that goods leave from.</summary>
/// <param name="Location">The location's code.</param>
/// <param name="Quantity">How many.</param>
public sealed record FulfilmentSource(string Location, int Quantity);

/// <summary>Told to Shipping: less is to be delivered, or nothing any more. A parcel that is packed and not released is unpacked by the answer to it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ChangeId">Chosen by the caller; one change for each.</param>
/// <param name="Lines">What is not wanted any more.</param>
[EventName("shipping.fulfilment-reduced")]
public sealed record FulfilmentReduced(Guid OrderId, Guid ChangeId, IReadOnlyList<ShipmentLine> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>
/// Told to Shipping: more is to be delivered for an order than was told at first, because something is sent again or in exchange. The fulfilment is open again until it is packed.
/// </summary>
/// <param name="OrderId">The order.</param>
/// <param name="ExtensionId">Chosen by the caller; one extension for each.</param>
/// <param name="Address">Where all goes that has not left, when it is another address than before; null to leave it as it is.</param>
/// <param name="Lines">What; each variant once.</param>
[EventName("shipping.fulfilment-extended")]
public sealed record FulfilmentExtended(Guid OrderId, Guid ExtensionId, PostalAddress? Address, IReadOnlyList<FulfilmentLine> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told to Shipping: the goods go to another address, as far as they have not left.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Address">The new address.</param>
[EventName("shipping.fulfilment-readdressed")]
public sealed record FulfilmentReaddressed(Guid OrderId, PostalAddress Address) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told to Shipping: the packed parcel is paid and may leave.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
[EventName("shipping.shipment-released")]
public sealed record ShipmentReleased(Guid OrderId, Guid ShipmentId) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told to Shipping: the packed parcel must not leave; its goods go back on the shelf.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="Reason">Why.</param>
[EventName("shipping.shipment-refused")]
public sealed record ShipmentRefused(Guid OrderId, Guid ShipmentId, string Reason) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: a parcel is packed and waits for <see cref="ShipmentReleased"/> or <see cref="ShipmentRefused"/>.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="PackedAt">When.</param>
[EventName("shipping.shipment-packed")]
public sealed record ShipmentPacked(Guid OrderId, Guid ShipmentId, IReadOnlyList<ShipmentLine> Lines, DateTimeOffset PackedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: a released parcel has left.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="Carrier">The carrier's name; null when the customer has fetched it.</param>
/// <param name="TrackingNumber">The carrier's number, if there is one.</param>
/// <param name="DispatchedAt">When.</param>
/// <param name="TrackingToken">What <c>GET /api/shipping/tracking/{follow}</c> shows the shipment by, to whoever has it; for the customer.</param>
[EventName("shipping.shipment-dispatched")]
public sealed record ShipmentDispatched(
    Guid OrderId, Guid ShipmentId, string? Carrier, string? TrackingNumber, DateTimeOffset DispatchedAt, string? TrackingToken = null) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: a parcel is at the pickup point, where the customer can fetch it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="ReadyAt">Since when.</param>
/// <param name="CollectBy">Until when; null when nobody has said. Then it goes back.</param>
[EventName("shipping.shipment-ready-for-pickup")]
public sealed record ShipmentReadyForPickup(Guid OrderId, Guid ShipmentId, DateTimeOffset ReadyAt, DateTimeOffset? CollectBy) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: a parcel has left the pickup point without having been fetched, and is on its way again: to another point, or to the customer.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="LeftAt">When.</param>
[EventName("shipping.shipment-left-pickup-point")]
public sealed record ShipmentLeftPickupPoint(Guid OrderId, Guid ShipmentId, DateTimeOffset LeftAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: nobody has fetched a parcel from the pickup point in time, so it goes back.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="EndedAt">When its time was over.</param>
[EventName("shipping.shipment-not-collected")]
public sealed record ShipmentNotCollected(Guid OrderId, Guid ShipmentId, DateTimeOffset EndedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: a parcel is with the customer.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="DeliveredAt">When.</param>
[EventName("shipping.shipment-delivered")]
public sealed record ShipmentDelivered(Guid OrderId, Guid ShipmentId, DateTimeOffset DeliveredAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: the carrier has lost a parcel. It may be found again, or even be delivered.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="LostAt">Since when.</param>
[EventName("shipping.shipment-lost")]
public sealed record ShipmentLost(Guid OrderId, Guid ShipmentId, DateTimeOffset LostAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: a parcel that was lost is on its way again.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="FoundAt">When.</param>
[EventName("shipping.shipment-found")]
public sealed record ShipmentFound(Guid OrderId, Guid ShipmentId, DateTimeOffset FoundAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Told by Shipping: the carrier brings a parcel back to the sender, and it will not be delivered any more.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="ReturnedAt">When.</param>
[EventName("shipping.shipment-returned-to-sender")]
public sealed record ShipmentReturnedToSender(Guid OrderId, Guid ShipmentId, DateTimeOffset ReturnedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Goods in a parcel.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Quantity">How many.</param>
public sealed record ShipmentLine(Guid VariantId, string Sku, int Quantity);
