using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ordering.Refunds;

/// <summary>Credits and refunds what has come back, with what was paid for it, or has others sent in exchange.</summary>
[Subscription("order-returns")]
internal sealed class OrderReturns(OrderDesk desk, OrderRefunds refunds, OrderReplacements replacements, IModuleSession<IOrderingStore> session) : IHandle<GoodsReturned>
{
    public async Task HandleAsync(GoodsReturned integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.OrderId, cancellationToken) is not { } change)
        {
            session.Publish(new OrderRefundFailed(integrationEvent.OrderId, integrationEvent.ReturnId, "There is no such order."));
            return;
        }

        if (change.Order.Returns.Contains(integrationEvent.ReturnId))
        {
            // Whoever tells it again wants a refund that has failed to be tried again.
            if (change.Order.Refunds.FirstOrDefault(refund => refund.RefundId == integrationEvent.ReturnId) is { State: RefundState.Failed } failed)
            {
                refunds.Repeat(change, failed);
            }

            return;
        }

        if (Refusal(change.Order, integrationEvent) is { } refusal)
        {
            change.Publish(new OrderRefundFailed(change.Order.Id, integrationEvent.ReturnId, refusal));
            return;
        }

        var (items, shipping) = PaidFor(change.Order, integrationEvent);
        var exchanged = Exchanged(change.Order, integrationEvent);
        change.Append(new GoodsBack(integrationEvent.ReturnId, [.. integrationEvent.Lines.Select(static line => new BackLine(line.VariantId, line.Quantity))], desk.Now));
        if (exchanged.Count == 0)
        {
            refunds.Begin(change, integrationEvent.ReturnId, items, shipping, "Goods were returned.", isCredit: true);
            return;
        }

        change.Append(new RefundDeferred(integrationEvent.ReturnId, items.Total, items.Tax, shipping.Total, shipping.Tax, desk.Now));
        replacements.Begin(change, ReplacementCause.Exchange, integrationEvent.ReturnId, exchanged);
    }

    private static string? Refusal(Order order, GoodsReturned returned) =>
        !OrderTransitions.Allows(order.Status, OrderAction.Return) ? $"The order is {order.Status.ToString().ToLowerInvariant()}, so nothing of it can come back."
        : returned.Lines.Any(static line => line.Quantity < 1) ? "A returned quantity is one or more."
        : returned.Lines.GroupBy(static line => line.VariantId).Any(line => line.Sum(static part => part.Quantity) > order.ShippedOf(line.Key) - order.ReturnedOf(line.Key))
            ? "More has come back than has left."
            : null;

    /// <summary>What was paid for what comes back, less what is held back, and at most what is left after earlier allowances.</summary>
    internal static (Share Items, Share Shipping) PaidFor(Order order, GoodsReturned returned)
    {
        var currency = order.Total.Currency;
        var items = SharesOf(order, returned).Where(static line => line.Line.IsRefunded).Select(static line => line.Share).Sum(currency);
        var deduction = Math.Min(Math.Max(0, returned.Deduction?.Amount ?? 0), items.Total.Amount);
        items = items.OfTotal(new Money(items.Total.Amount - deduction, currency));
        return Refundable.AtMost(order, items, returned.RefundsShipping ? Refundable.ShippingOf(order) : Share.Zero(currency));
    }

    private static List<ReplacementPlan> Exchanged(Order order, GoodsReturned returned) =>
    [
        .. SharesOf(order, returned).Where(static line => line.Line is { IsRefunded: false, Exchange: not null }).GroupBy(static line => (line.Line.VariantId, line.Line.Exchange)).Select(group =>
        {
            var (variantId, goods) = (group.Key.VariantId, group.Key.Exchange!);
            var share = group.Select(static line => line.Share).Sum(order.Total.Currency);
            return new ReplacementPlan(DerivedId.Of(returned.ReturnId, $"exchange {variantId:N} {goods.VariantId:N}"), [new ReplacementLine(
                goods.VariantId, goods.Sku, goods.Title, group.Sum(static line => line.Line.Quantity), goods.WeightGrams, goods.IsStocked, order.GoodsOf(variantId)!.UnitPrice,
                share.Total, share.Tax, variantId)]);
        }),
    ];

    // The pieces that come back are the next ones of those that have left.
    private static List<(ReturnedLine Line, Share Share)> SharesOf(Order order, GoodsReturned returned)
    {
        var shares = new List<(ReturnedLine Line, Share Share)>();
        var counted = new Dictionary<Guid, int>();
        foreach (var line in returned.Lines)
        {
            var first = order.ReturnedOf(line.VariantId) + counted.GetValueOrDefault(line.VariantId);
            counted[line.VariantId] = counted.GetValueOrDefault(line.VariantId) + line.Quantity;
            shares.Add((line, order.PaidForFirst(line.VariantId, first + line.Quantity) - order.PaidForFirst(line.VariantId, first)));
        }

        return shares;
    }
}
