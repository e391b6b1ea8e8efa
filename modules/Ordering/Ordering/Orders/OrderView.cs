using ModularMonolith.Ordering.Payments;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Orders;

/// <summary>An order as clients see it.</summary>
/// <param name="Id">The order.</param>
/// <param name="CheckoutId">The checkout that it was made of.</param>
/// <param name="BasketId">The basket that it was made of.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Lines">The lines at the prices of the order.</param>
/// <param name="Total">What was ordered, discounts, shipping and tax included.</param>
/// <param name="Email">The customer's address, if one was given.</param>
/// <param name="Reason">Why it was cancelled or rejected.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="PaidAt">When somebody said that it was paid.</param>
/// <param name="ConfirmedAt">When its payment was certain and its stock had left the shelf.</param>
/// <param name="ShippedAt">When all of it had left.</param>
/// <param name="CancelledAt">When it was cancelled.</param>
/// <param name="RejectedAt">When it was rejected for want of stock.</param>
/// <param name="CompletedAt">When all of it was delivered.</param>
/// <param name="PaymentStatus">How far it is paid.</param>
/// <param name="FulfilmentStatus">How far the goods are.</param>
/// <param name="ActionUrl">Where the customer has to go to allow the payment, while that is waited for.</param>
/// <param name="DeclineCode">Why the payment was declined, for programs.</param>
/// <param name="ShippingAddress">Where it is delivered to.</param>
/// <param name="BillingAddress">Who pays it.</param>
/// <param name="Shipping">How it is delivered.</param>
/// <param name="CancelledTotal">What the cancelled lines would have cost.</param>
/// <param name="RefundedTotal">What was given back.</param>
/// <param name="Shipments">The parcels.</param>
/// <param name="Refunds">The refunds.</param>
/// <param name="Replacements">What is sent without being paid again: in exchange, or because it did not arrive.</param>
/// <param name="NeedsAttention">Whether a parcel did not arrive, or a refund has failed, and nobody has decided yet what becomes of it.</param>
internal sealed record OrderView(
    Guid Id, Guid CheckoutId, string BasketId, OrderStatus Status, IReadOnlyList<LineView> Lines, Money Total, string? Email, string? Reason,
    DateTimeOffset PlacedAt, DateTimeOffset? PaidAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? ShippedAt, DateTimeOffset? CancelledAt, DateTimeOffset? RejectedAt,
    DateTimeOffset? CompletedAt = null, OrderPaymentStatus PaymentStatus = OrderPaymentStatus.None, OrderFulfilmentStatus FulfilmentStatus = OrderFulfilmentStatus.None, string? ActionUrl = null,
    string? DeclineCode = null, PostalAddress? ShippingAddress = null, PostalAddress? BillingAddress = null, OrderShippingView? Shipping = null,
    Money? CancelledTotal = null, Money? RefundedTotal = null, IReadOnlyList<OrderShipmentView>? Shipments = null, IReadOnlyList<RefundView>? Refunds = null,
    IReadOnlyList<ReplacementView>? Replacements = null, bool NeedsAttention = false)
{
    public static OrderView Of(Order order) => new(
        order.Id, order.CheckoutId, order.BasketId, order.Status, [.. order.Lines.Select(line => LineOf(order, line))], order.Total, order.Email, order.Reason,
        order.PlacedAt, order.PaidAt, order.ConfirmedAt, order.ShippedAt, order.CancelledAt, order.RejectedAt, order.CompletedAt,
        OrderStatuses.PaymentOf(order), OrderStatuses.FulfilmentOf(order), order.Payment?.ActionUrl, order.Payment?.DeclineCode, order.ShippingAddress, order.BillingAddress,
        order.Delivery is { } delivery ? new OrderShippingView(delivery.Method, delivery.Title, delivery.Kind, delivery.Total, delivery.Tax, delivery.PickupPoint) : null,
        order.CancelledAmount(), order.GivenBack(), [.. order.Parcels.Select(static parcel => parcel.ToView())], [.. order.Refunds.Select(static refund => refund.ToView())],
        [.. order.Replacements.Select(replacement => ReplacementView.Of(order, replacement))], order.NeedsAttention);

    private static LineView LineOf(Order order, PricedLine line) => line.ToView() with
    {
        Cancelled = order.CancelledOf(line.VariantId),
        Shipped = order.ShippedOf(line.VariantId),
        Returned = order.ReturnedOf(line.VariantId),
    };
}

/// <summary>How an order is delivered.</summary>
/// <param name="Method">The shipping method's code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Kind"><c>delivery</c> or <c>pickup</c>.</param>
/// <param name="Total">What is paid for it, tax included.</param>
/// <param name="Tax">The tax in it.</param>
/// <param name="PickupPoint">Where it is brought for the customer to fetch it.</param>
internal sealed record OrderShippingView(string Method, string Title, string Kind, Money Total, Money Tax, ChosenPickupPoint? PickupPoint);

/// <summary>The two statuses that follow from what has happened.</summary>
internal static class OrderStatuses
{
    public static OrderPaymentStatus PaymentOf(Order order)
    {
        var (taken, back) = (order.Taken(), order.GivenBack());
        if (back.Amount > 0)
        {
            return back.Amount >= taken.Amount ? OrderPaymentStatus.Refunded : OrderPaymentStatus.PartiallyRefunded;
        }

        if (order.Payment is not { } payment)
        {
            return order.PaidAt is null ? OrderPaymentStatus.None : OrderPaymentStatus.Paid;
        }

        return taken.Amount > 0
            ? order.HasOpenLines() || order.Parcels.Any(static parcel => parcel.State == ParcelState.Packed) ? OrderPaymentStatus.PartiallyCaptured : OrderPaymentStatus.Captured
            : payment.State switch
            {
                PaymentState.ActionRequired => OrderPaymentStatus.ActionRequired,
                PaymentState.Authorised => OrderPaymentStatus.Authorised,
                PaymentState.Declined => OrderPaymentStatus.Declined,
                PaymentState.Voided => OrderPaymentStatus.Voided,
                _ => OrderPaymentStatus.Pending,
            };
    }

    // What came back and was exchanged is on its way to the customer again; what the customer got something else for is not part of the order any more.
    public static OrderFulfilmentStatus FulfilmentOf(Order order)
    {
        var exchanged = order.Replacements.Where(static replacement => replacement is { Cause: ReplacementCause.Exchange, Refusal: null }).Sum(static replacement => replacement.Pieces);
        var brought = UnitsIn(order, static parcel => parcel is { State: ParcelState.ReturnedToSender or ParcelState.NotCollected, Settlement: ParcelSettlement.Refunded });
        var given = UnitsIn(order, static parcel => parcel is { State: not (ParcelState.ReturnedToSender or ParcelState.NotCollected), Settlement: ParcelSettlement.Refunded });
        var wanted = order.Lines.Sum(static line => line.Quantity) - order.CancelledLines.Sum(static line => line.Quantity) - given;
        var returned = order.ReturnedLines.Sum(static line => line.Quantity) - exchanged + brought;
        var delivered = UnitsIn(order, static parcel => parcel is { State: ParcelState.Delivered, Settlement: ParcelSettlement.None }) - exchanged;
        var ready = UnitsIn(order, static parcel => parcel is { State: ParcelState.ReadyForPickup, Settlement: ParcelSettlement.None });
        var left = UnitsIn(order, static parcel => parcel is { HasLeft: true, Settlement: ParcelSettlement.None }) - exchanged;
        return (returned, delivered, left) switch
        {
            ( > 0, _, _) => returned >= wanted ? OrderFulfilmentStatus.Returned : OrderFulfilmentStatus.PartiallyReturned,
            _ when given > 0 && wanted <= 0 => OrderFulfilmentStatus.Lost,
            // What is not with the customer waits for the customer.
            _ when ready > 0 && delivered + ready >= wanted => OrderFulfilmentStatus.ReadyForPickup,
            (_, > 0, _) => delivered >= wanted ? OrderFulfilmentStatus.Delivered : OrderFulfilmentStatus.PartiallyDelivered,
            (_, _, > 0) => left >= wanted ? OrderFulfilmentStatus.Shipped : OrderFulfilmentStatus.PartiallyShipped,
            _ => order.Status is OrderStatus.Confirmed or OrderStatus.Shipped or OrderStatus.Completed ? OrderFulfilmentStatus.Waiting : OrderFulfilmentStatus.None,
        };
    }

    private static int UnitsIn(Order order, Func<Parcel, bool> which) => order.Parcels.Where(which).SelectMany(static parcel => parcel.Lines).Sum(static line => line.Quantity);
}
