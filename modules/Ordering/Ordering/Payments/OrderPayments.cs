using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ordering.Payments;

/// <summary>
/// What Payments answers beside the authorisation, for which <see cref="OrderFulfilment"/> waits. Each answer is taken once, whenever it comes: what comes too late for the order is given back.
/// </summary>
[Subscription("order-payments")]
internal sealed class OrderPayments(OrderDesk desk, OrderFulfilment fulfilment, OrderShipments shipments, OrderRefunds refunds)
    : IHandle<PaymentActionRequired>, IHandle<PaymentDeclined>, IHandle<PaymentVoided>, IHandle<PaymentCaptured>, IHandle<CaptureFailed>,
        IHandle<PaymentRefunded>, IHandle<RefundFailed>, IHandle<RefundShortened>
{
    public async Task HandleAsync(PaymentActionRequired integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is { Order: { Status: OrderStatus.Placed } order } change
            && order.Payment is { State: PaymentState.Pending or PaymentState.ActionRequired } payment && payment.ActionUrl != integrationEvent.ActionUrl)
        {
            change.Append(new ActionRequired(integrationEvent.ActionUrl, desk.Now));
        }
    }

    public async Task HandleAsync(PaymentDeclined integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is { Order: { Payment.State: PaymentState.Pending or PaymentState.ActionRequired } order } change)
        {
            change.Append(new Declined(integrationEvent.Code, integrationEvent.Reason, integrationEvent.DeclinedAt));
            if (OrderTransitions.Allows(order.Status, OrderAction.Decline))
            {
                fulfilment.Cancel(change, integrationEvent.Reason);
            }
        }
    }

    public async Task HandleAsync(PaymentVoided integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is { Order.Payment.State: not (PaymentState.Voided or PaymentState.Declined) } change)
        {
            change.Append(new Voided(integrationEvent.VoidedAt));
        }
    }

    public async Task HandleAsync(PaymentCaptured integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is not { } change
            || change.Order.Parcels.FirstOrDefault(parcel => parcel.ShipmentId == integrationEvent.CaptureId) is not { CapturedAt: null } parcel)
        {
            return;
        }

        change.Append(new Captured(parcel.ShipmentId, integrationEvent.Amount, integrationEvent.CapturedAt));
        if (parcel.State == ParcelState.Packed)
        {
            shipments.Release(change, parcel.ShipmentId);
        }
        else
        {
            shipments.Invoice(change, parcel.ShipmentId);
            refunds.Begin(change, DerivedId.Of(parcel.ShipmentId, "not wanted"), parcel.Items, parcel.Shipping, "The order was cancelled while the payment was being taken.", isCredit: true);
        }
    }

    public async Task HandleAsync(CaptureFailed integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is { } change
            && change.Order.Parcels.FirstOrDefault(parcel => parcel.ShipmentId == integrationEvent.CaptureId) is { State: ParcelState.Packed } parcel)
        {
            shipments.Refuse(change, parcel, $"The payment could not be taken: {integrationEvent.Reason}");
        }
    }

    public async Task HandleAsync(PaymentRefunded integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is { } change)
        {
            OrderRefunds.Settle(change, integrationEvent.RefundId, integrationEvent.Amount, integrationEvent.RefundedAt);
        }
    }

    public async Task HandleAsync(RefundFailed integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is { } change)
        {
            refunds.Fail(change, integrationEvent.RefundId, integrationEvent.Reason);
        }
    }

    public async Task HandleAsync(RefundShortened integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, integrationEvent.PaymentId, cancellationToken) is { } change)
        {
            OrderRefunds.Shorten(change, integrationEvent.RefundId, integrationEvent.Missing, integrationEvent.Reason, integrationEvent.ReturnedAt);
        }
    }

    // Payments are not ours alone: what is not the payment of an order of ours belongs to another module.
    private async Task<OrderChange?> FindAsync(string reference, Guid paymentId, CancellationToken cancellationToken) =>
        await desk.FindAsync(reference, cancellationToken) is { } change && change.Order.Payment?.PaymentId == paymentId ? change : null;
}
