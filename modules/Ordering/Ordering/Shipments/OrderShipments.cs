using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Payments;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Shipments;

/// <summary>Parcels from packing until they are with the customer. None leaves before it is paid, and none that is not wanted any more.</summary>
[Subscription("order-shipments")]
internal sealed class OrderShipments(OrderDesk desk) : IHandle<ShipmentPacked>, IHandle<ShipmentDispatched>, IHandle<ShipmentDelivered>,
    IHandle<ShipmentLost>, IHandle<ShipmentFound>, IHandle<ShipmentReturnedToSender>, IHandle<ShipmentReadyForPickup>, IHandle<ShipmentLeftPickupPoint>, IHandle<ShipmentNotCollected>
{
    public async Task HandleAsync(ShipmentPacked integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.OrderId, cancellationToken) is not { } change
            || change.Order.Parcels.Any(parcel => parcel.ShipmentId == integrationEvent.ShipmentId))
        {
            return;
        }

        var order = change.Order;
        var wanted = integrationEvent.Lines.GroupBy(static line => line.VariantId).ToDictionary(static group => group.Key, static group => group.Sum(static line => line.Quantity));
        if (wanted.Count == 0 || wanted.Any(line => line.Value < 1 || line.Value > order.PackableOf(line.Key)))
        {
            change.Publish(new ShipmentRefused(order.Id, integrationEvent.ShipmentId, "There is more in it than is wanted of the order now."));
            return;
        }

        Pack(change, integrationEvent.ShipmentId, wanted, isManual: false);
    }

    public Task HandleAsync(ShipmentDispatched integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.Dispatch,
        new Dispatched(integrationEvent.ShipmentId, integrationEvent.Carrier, integrationEvent.TrackingNumber, integrationEvent.DispatchedAt), cancellationToken);

    public Task HandleAsync(ShipmentReadyForPickup integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.Arrive,
        new ReadyForPickup(integrationEvent.ShipmentId, integrationEvent.ReadyAt, integrationEvent.CollectBy), cancellationToken);

    public Task HandleAsync(ShipmentLeftPickupPoint integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.Leave, new LeftPickupPoint(integrationEvent.ShipmentId, integrationEvent.LeftAt), cancellationToken);

    public Task HandleAsync(ShipmentNotCollected integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.EndPickup, new NotCollected(integrationEvent.ShipmentId, integrationEvent.EndedAt), cancellationToken);

    public Task HandleAsync(ShipmentDelivered integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.Deliver, new Delivered(integrationEvent.ShipmentId, integrationEvent.DeliveredAt), cancellationToken);

    public Task HandleAsync(ShipmentLost integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.Lose, new Lost(integrationEvent.ShipmentId, integrationEvent.LostAt), cancellationToken);

    public Task HandleAsync(ShipmentFound integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.Find, new Found(integrationEvent.ShipmentId, integrationEvent.FoundAt), cancellationToken);

    public Task HandleAsync(ShipmentReturnedToSender integrationEvent, EventContext context, CancellationToken cancellationToken) => MoveAsync(
        integrationEvent.OrderId, integrationEvent.ShipmentId, ParcelAction.Return, new CameBack(integrationEvent.ShipmentId, integrationEvent.ReturnedAt), cancellationToken);

    /// <summary>Takes open units into a parcel, and has its share of the money taken; what is paid already may leave at once.</summary>
    public void Pack(OrderChange change, Guid shipmentId, IReadOnlyDictionary<Guid, int> quantities, bool isManual)
    {
        var order = change.Order;
        var lines = quantities.SelectMany(line => order.PackOf(line.Key, line.Value)).ToList();
        var owed = lines.Where(static line => line.ReplacementId is null).ToDictionary(static line => line.VariantId, static line => line.Quantity);
        var shipping = order.ShippingLeft();
        var isLast = owed.Count > 0 && order.Lines.All(line => order.OpenOf(line.VariantId) == owed.GetValueOrDefault(line.VariantId));
        var isFinal = isLast && !order.Parcels.Any(static parcel => parcel.State == ParcelState.Packed);
        change.Append(new Packed(shipmentId, lines, shipping.Total, shipping.Tax, isFinal, isManual, desk.Now));

        var total = change.Order.Parcels[^1].Whole.Total;
        if (order.Payment is { } payment && total.Amount > 0)
        {
            change.Publish(new CaptureRequested(payment.PaymentId, shipmentId, total, isFinal));
        }
        else
        {
            Release(change, shipmentId);
        }
    }

    /// <summary>A parcel is paid, so it may leave.</summary>
    public void Release(OrderChange change, Guid shipmentId)
    {
        change.Append(new Released(shipmentId, desk.Now));
        var parcel = change.Order.Parcels.First(parcel => parcel.ShipmentId == shipmentId);
        if (!parcel.IsManual)
        {
            change.Publish(new ShipmentReleased(change.Order.Id, shipmentId));
        }

        if (parcel.IsOwed)
        {
            Invoice(change, shipmentId);
        }

        OrderFulfilment.Left(change);
        GiveUpRest(change);
        Advance(change);
    }

    /// <summary>The staff hands a replacement over, of an order that has no shipping method.</summary>
    public void HandOver(OrderChange change, Replacement replacement)
    {
        var order = change.Order;
        var shipmentId = DerivedId.Of(replacement.Id, "parcel");
        var lines = replacement.Lines.Select(line => new ParcelLine(line.VariantId, line.Sku, line.Quantity, line.Total, line.Tax, replacement.Id)).ToList();
        change.Append(new Packed(shipmentId, lines, Money.Zero(order.Total.Currency), Money.Zero(order.Total.Currency), IsFinal: false, IsManual: true, desk.Now));
        change.Append(new Released(shipmentId, desk.Now));
        change.Append(new Dispatched(shipmentId, null, null, desk.Now));
    }

    /// <summary>A parcel must not leave; its goods are open again.</summary>
    public void Refuse(OrderChange change, Parcel parcel, string reason)
    {
        change.Append(new Refused(parcel.ShipmentId, reason, desk.Now));
        if (!parcel.IsManual)
        {
            change.Publish(new ShipmentRefused(change.Order.Id, parcel.ShipmentId, reason));
        }
    }

    /// <summary>Tells that a parcel is owed.</summary>
    public void Invoice(OrderChange change, Guid shipmentId)
    {
        var parcel = change.Order.Parcels.First(parcel => parcel.ShipmentId == shipmentId);
        var (items, shipping) = (parcel.Items, parcel.Shipping);
        change.Publish(new OrderInvoiced(change.Order.Id, shipmentId, items.Net, shipping.Net, items.Tax + shipping.Tax, parcel.Whole.Total, desk.Now));
    }

    /// <summary>Has given back what is authorised and will not be captured, once nothing can be captured any more.</summary>
    public static void GiveUpRest(OrderChange change)
    {
        var order = change.Order;
        if (order.Payment is { State: PaymentState.Authorised } payment
            && !order.HasOpenLines()
            && order.Parcels.Where(static parcel => parcel.IsWanted).All(static parcel => parcel is { ReleasedAt: not null, IsFinal: false })
            && order.Taken().Amount < order.Total.Amount)
        {
            change.Publish(new VoidRequested(payment.PaymentId, "Nothing of the order is left to be paid."));
        }
    }

    /// <summary>Says that the order has been shipped, or completed, when the last parcel has.</summary>
    public void Advance(OrderChange change)
    {
        var wanted = change.Order.Parcels.Where(static parcel => parcel.IsWanted).ToList();
        if (change.Order.Status == OrderStatus.Confirmed && wanted.Count > 0 && !change.Order.HasOpenLines()
            && wanted.All(static parcel => parcel.HasLeft || parcel is { IsManual: true, State: ParcelState.Released }))
        {
            change.Append(new Shipped(desk.Now));
            OrderFulfilment.Shipped(change);
        }

        if (change.Order.Status == OrderStatus.Shipped && wanted.Count > 0 && wanted.All(static parcel => parcel.State == ParcelState.Delivered || parcel.Settlement != ParcelSettlement.None)
            && !change.Order.HasOpenReplacements())
        {
            change.Append(new Completed(desk.Now));
        }
    }

    // What Shipping tells of a parcel that cannot have happened to it any more, or is none of ours, changes nothing.
    private async Task MoveAsync(Guid orderId, Guid shipmentId, ParcelAction action, object moved, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(orderId, cancellationToken) is { } change
            && change.Order.Parcels.FirstOrDefault(parcel => parcel.ShipmentId == shipmentId) is { } parcel && ParcelTransitions.Allows(parcel.State, action))
        {
            change.Append(moved);
            Advance(change);
        }
    }
}
