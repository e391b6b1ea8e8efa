using System.Text.Json.Serialization;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Refunds;

/// <summary>Gives money back: by Payments what Payments has taken, by the staff's hands what came by other ways.</summary>
internal sealed class OrderRefunds(OrderDesk desk)
{
    /// <summary>Begins a refund of an amount that is not above what is left.</summary>
    /// <param name="change">The order.</param>
    /// <param name="refundId">One refund for each.</param>
    /// <param name="items">The goods' part.</param>
    /// <param name="shipping">The shipping's part.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isCredit">Whether it was invoiced, so that the invoice has to be taken back.</param>
    public void Begin(OrderChange change, Guid refundId, Share items, Share shipping, string reason, bool isCredit)
    {
        var order = change.Order;
        var (tax, total) = (items.Tax + shipping.Tax, items.Total + shipping.Total);
        if (total.Amount == 0)
        {
            change.Publish(new OrderRefunded(order.Id, refundId, total, desk.Now));
            return;
        }

        change.Append(new RefundBegun(refundId, items.Net, shipping.Net, tax, total, reason, isCredit, desk.Now));
        if (isCredit)
        {
            change.Publish(new OrderCredited(order.Id, refundId, items.Net, shipping.Net, tax, total, desk.Now));
        }

        if (order.Payment is { } payment)
        {
            change.Publish(new RefundRequested(payment.PaymentId, refundId, total, reason));
            return;
        }

        change.Append(new Refunded(refundId, total, desk.Now));
        change.Publish(new OrderRefundedManually(order.Id, refundId, total, desk.Now));
        change.Publish(new OrderRefunded(order.Id, refundId, total, desk.Now));
    }

    /// <summary>Begins a refund of an amount of whatever was invoiced, in the proportion of its tax.</summary>
    public void BeginAllowance(OrderChange change, Guid refundId, Money amount, string reason)
    {
        var (items, shipping) = Refundable.Split(change.Order, amount);
        Begin(change, refundId, items, shipping, reason, isCredit: true);
    }

    /// <summary>Gives back what was paid by other ways for an order of which nothing has left.</summary>
    public void PayBackByHand(OrderChange change, string reason)
    {
        var order = change.Order;
        if (order.Payment is null && order.PaidAt is not null && order.Taken() - order.GivenBack() is { Amount: > 0 } left)
        {
            Begin(change, DerivedId.Of(order.Id, "cancelled"), new Share(left, Money.Zero(left.Currency)), Share.Zero(left.Currency), reason, isCredit: false);
        }
    }

    /// <summary>Asks Payments once more for a refund that has failed.</summary>
    public void Repeat(OrderChange change, OrderRefund refund)
    {
        change.Append(new RefundRepeated(refund.RefundId, desk.Now));
        var repeated = change.Order.Refunds.First(other => other.RefundId == refund.RefundId);
        change.Publish(new RefundRequested(change.Order.Payment!.PaymentId, repeated.PaymentRefundId, repeated.Outstanding, repeated.Reason));
    }

    /// <summary>The staff has given back by hand what Payments could not.</summary>
    public void SettleByHand(OrderChange change, OrderRefund refund, string reason)
    {
        var partId = DerivedId.Of(refund.RefundId, "by hand " + refund.Given.Count);
        var settled = new RefundSettled(refund.RefundId, partId, refund.Outstanding, reason, desk.Now);
        change.Append(settled);
        change.Publish(new OrderRefundedManually(change.Order.Id, partId, settled.Amount, settled.SettledAt));
        Tell(change, refund.RefundId, settled.SettledAt);
    }

    /// <summary>The money is back.</summary>
    public static void Settle(OrderChange change, Guid paymentRefundId, Money amount, DateTimeOffset at)
    {
        if (FindPending(change, paymentRefundId) is { } refund)
        {
            change.Append(new Refunded(refund.RefundId, amount, at));
            Tell(change, refund.RefundId, at);
        }
    }

    /// <summary>The money could not be given back, or has come back after it had been.</summary>
    public void Fail(OrderChange change, Guid paymentRefundId, string reason)
    {
        if (FindPending(change, paymentRefundId) is { } refund)
        {
            change.Append(new RefundRefused(refund.RefundId, reason, desk.Now));
            Tell(change, refund.RefundId, desk.Now);
        }
        else if (FindArrived(change, paymentRefundId) is { } arrived)
        {
            TakeBack(change, arrived, new RefundPart(paymentRefundId, arrived.ArrivedBy(paymentRefundId), desk.Now), reason);
        }
    }

    /// <summary>A part of the money has come back after it had been given back.</summary>
    public static void Shorten(OrderChange change, Guid paymentRefundId, Money amount, string reason, DateTimeOffset at)
    {
        var back = new RefundPart(paymentRefundId, amount, at);
        if (FindArrived(change, paymentRefundId) is { } refund && !refund.CameBack.Contains(back))
        {
            TakeBack(change, refund, back, reason);
        }
    }

    private static void TakeBack(OrderChange change, OrderRefund refund, RefundPart back, string reason)
    {
        change.Append(new RefundCameBack(refund.RefundId, back.Id, back.Amount, reason, back.At));
        Tell(change, refund.RefundId, back.At);
    }

    // What is under way again is told when that has ended.
    private static void Tell(OrderChange change, Guid refundId, DateTimeOffset at)
    {
        var refund = change.Order.Refunds.First(refund => refund.RefundId == refundId);
        if (refund.State == RefundState.Done)
        {
            change.Publish(new OrderRefunded(change.Order.Id, refundId, refund.Arrived, at));
        }
        else if (refund.State == RefundState.Failed)
        {
            change.Publish(new OrderRefundFailed(change.Order.Id, refundId, refund.Problem ?? "The money has come back."));
        }
    }

    private static OrderRefund? FindPending(OrderChange change, Guid paymentRefundId) =>
        change.Order.Refunds.FirstOrDefault(refund => refund.PaymentRefundId == paymentRefundId && refund.State == RefundState.Pending);

    private static OrderRefund? FindArrived(OrderChange change, Guid paymentRefundId) => change.Order.Refunds.FirstOrDefault(refund => refund.ArrivedBy(paymentRefundId).Amount > 0);
}

/// <summary>A refund that waits until it is known what of a return is exchanged.</summary>
internal sealed record DeferredRefund(Guid RefundId, Money ItemsTotal, Money ItemsTax, Money ShippingTotal, Money ShippingTax)
{
    [JsonIgnore]
    public Share Items => new(ItemsTotal, ItemsTax);

    [JsonIgnore]
    public Share Shipping => new(ShippingTotal, ShippingTax);
}

/// <summary>What can be given back of an order.</summary>
internal static class Refundable
{
    /// <summary>What was invoiced and neither credited nor about to be.</summary>
    public static Share Of(Order order) => order.Invoiced() - order.Credited();

    /// <summary>What is to be given back, but at most what is left after earlier allowances.</summary>
    public static (Share Items, Share Shipping) AtMost(Order order, Share items, Share shipping)
    {
        var left = Of(order);
        return items.Total.Amount + shipping.Total.Amount <= left.Total.Amount ? (items, shipping) : Split(order, left.Total);
    }

    /// <summary>What was paid for delivering, unless it was given back before.</summary>
    public static Share ShippingOf(Order order) => order.Refunds.Any(static refund => refund is { IsCredit: true, Shipping.Amount: > 0 })
        ? Share.Zero(order.Total.Currency)
        : order.Parcels.Where(static parcel => parcel.IsWanted && parcel.IsInvoiced).Select(static parcel => parcel.Shipping).Sum(order.Total.Currency);

    /// <summary>An amount of it, first of the goods and then of the shipping.</summary>
    /// <param name="order">The order.</param>
    /// <param name="amount">At most what can be given back.</param>
    public static (Share Items, Share Shipping) Split(Order order, Money amount)
    {
        var share = Of(order).OfTotal(amount);
        var invoiced = order.Parcels.Where(static parcel => parcel.IsInvoiced).Select(static parcel => parcel.Items.Net).Aggregate(Money.Zero(amount.Currency), static (sum, next) => sum + next);
        var left = order.Refunds.Where(static refund => refund.IsCredit).Aggregate(invoiced, static (rest, refund) => rest - refund.Items);
        var items = new Money(Math.Min(share.Net.Amount, Math.Max(0, left.Amount)), amount.Currency);
        var shipping = share.Net - items;
        return (new Share(items + share.Tax, share.Tax), new Share(shipping, Money.Zero(amount.Currency)));
    }
}
