using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Replacements;

/// <summary>
/// Sends goods without having them paid again. They take stock like an order does, under a reservation of their own, so that nothing is oversold; then Shipping is told to pack them. What was to be
/// exchanged and is not there is refunded; a parcel that cannot be sent again waits for another decision.
/// </summary>
internal sealed class OrderReplacements(OrderDesk desk, OrderRefunds refunds, OrderShipments shipments)
{
    /// <summary>Begins replacements for one cause.</summary>
    public void Begin(OrderChange change, ReplacementCause cause, Guid causeId, IReadOnlyList<ReplacementPlan> plans)
    {
        // All of them before one is decided: a return is refunded when all its exchanges are.
        foreach (var plan in plans)
        {
            change.Append(new ReplacementBegun(plan.Id, cause, causeId, plan.Lines, desk.Now));
        }

        foreach (var plan in plans)
        {
            var stock = StockOf(plan.Lines);
            if (stock.Count > 0)
            {
                change.Publish(new ReservationConsumed(plan.Id, change.Order.Id.ToString(), stock));
            }
            else
            {
                TakeStock(change, plan.Id, []);
            }
        }
    }

    /// <summary>The stock of a replacement has left the shelf, or is certain to come. What is none of this order's replacements is passed over.</summary>
    public void TakeStock(OrderChange change, Guid replacementId, IReadOnlyList<SourcedLine> sources)
    {
        if (Find(change, replacementId) is not { IsDecided: false } replacement)
        {
            return;
        }

        change.Append(new ReplacementStocked(replacementId, sources, desk.Now));
        SendWhenReady(change, replacementId);
        if (replacement.Cause == ReplacementCause.Exchange)
        {
            change.Publish(new GoodsExchanged(change.Order.Id, replacement.CauseId, replacement.Lines[0].Replaces, replacementId, desk.Now));
            RefundWhenDecided(change, replacement.CauseId);
        }
    }

    /// <summary>What a replacement waited for has come.</summary>
    public void Arrive(OrderChange change, Guid replacementId, IReadOnlyList<SourcedLine> lines)
    {
        if (Find(change, replacementId) is { Awaited.Count: > 0, Refusal: null })
        {
            change.Append(new ReplacementArrived(replacementId, lines, desk.Now));
            SendWhenReady(change, replacementId);
        }
    }

    /// <summary>There is no stock for a replacement, and none was taken.</summary>
    public void GiveUp(OrderChange change, Guid replacementId, IReadOnlyList<ShortLine> missing)
    {
        if (Find(change, replacementId) is not { IsDecided: false } replacement)
        {
            return;
        }

        var reason = $"There is not enough stock of {string.Join(", ", missing.Select(static line => $"{line.Sku} ({line.Available} of {line.Requested})"))}.";
        if (replacement is { Cause: ReplacementCause.Exchange, Lines: [var line] } && Math.Min(missing.Where(found => found.Sku == line.Sku).Sum(static found => found.Available), line.Quantity - 1) is > 0 and var available)
        {
            Reduce(change, replacement, available, reason);
            return;
        }

        change.Append(new ReplacementGivenUp(replacementId, reason, desk.Now));
        if (replacement.Cause == ReplacementCause.Exchange)
        {
            change.Publish(new ExchangeRefused(change.Order.Id, replacement.CauseId, replacement.Lines[0].Replaces, reason, desk.Now));
            RefundWhenDecided(change, replacement.CauseId);
        }
    }

    // What is there is sent, under another reservation because this one is over; the rest is refunded with the return. Each time it is less, so it ends.
    private void Reduce(OrderChange change, Replacement replacement, int available, string reason)
    {
        var line = replacement.Lines[0];
        var kept = line.Share.Part(available, line.Quantity);
        var rest = line.Share - kept;
        change.Append(new ReplacementGivenUp(replacement.Id, reason, desk.Now, [line with { Quantity = line.Quantity - available, Total = rest.Total, Tax = rest.Tax }]));
        change.Publish(new ExchangeReduced(change.Order.Id, replacement.CauseId, line.Replaces, line.Quantity - available, reason, desk.Now));
        Begin(change, replacement.Cause, replacement.CauseId, [new ReplacementPlan(DerivedId.Of(replacement.Id, "what is there"), [line with { Quantity = available, Total = kept.Total, Tax = kept.Tax }])]);
    }

    /// <summary>The goods of a parcel are not sent again after all. Their stock comes back, whether it was taken already or is just being taken, and what Shipping was told to pack is taken back.</summary>
    public void CallOff(OrderChange change, Replacement replacement, string reason)
    {
        change.Append(new ReplacementCalledOff(replacement.Id, reason, desk.Now));
        if (StockOf(replacement.Lines) is { Count: > 0 } stock)
        {
            change.Publish(new ReservationReturned(replacement.Id, change.Order.Id.ToString(), stock));
        }

        if (replacement.IsReady)
        {
            var lines = replacement.Lines.Select(static line => new ShipmentLine(line.VariantId, line.Sku, line.Quantity)).ToList();
            change.Publish(new FulfilmentReduced(change.Order.Id, DerivedId.Of(replacement.Id, "called off"), lines));
        }

        shipments.Advance(change);
    }

    private static List<StockLine> StockOf(IReadOnlyList<ReplacementLine> lines) =>
    [
        .. lines.Where(static line => line.IsStocked).GroupBy(static line => line.Sku, StringComparer.Ordinal)
            .Select(static sku => new StockLine(sku.Key, sku.Sum(static line => line.Quantity))),
    ];

    private static Replacement? Find(OrderChange change, Guid replacementId) => change.Order.Replacements.FirstOrDefault(replacement => replacement.Id == replacementId);

    private void SendWhenReady(OrderChange change, Guid replacementId)
    {
        var order = change.Order;
        if (Find(change, replacementId) is not { IsReady: true } replacement)
        {
            return;
        }

        if (order.Delivery is null)
        {
            shipments.HandOver(change, replacement);
            return;
        }

        var lines = replacement.Lines.Select(static line => new PricedLine(line.VariantId, line.Sku, line.Title, line.Quantity, line.UnitPrice, line.IsStocked, line.WeightGrams));
        change.Publish(new FulfilmentExtended(order.Id, replacement.Id, order.DeliveredTo(), Fulfilment.LinesOf(lines, replacement.Sources)));
    }

    private void RefundWhenDecided(OrderChange change, Guid returnId)
    {
        var order = change.Order;
        var exchanges = order.Replacements.Where(replacement => replacement.CauseId == returnId).ToList();
        if (order.DeferredRefunds.FirstOrDefault(deferred => deferred.RefundId == returnId) is not { } deferred || exchanges.Any(static exchange => !exchange.IsDecided))
        {
            return;
        }

        var refused = exchanges.Where(static exchange => exchange.Refusal is not null).SelectMany(static exchange => exchange.Lines).Select(static line => line.Share).ToList();
        var (items, shipping) = Refundable.AtMost(order, deferred.Items + refused.Sum(order.Total.Currency), deferred.Shipping);
        refunds.Begin(change, returnId, items, shipping, refused.Count == 0 ? "Goods were returned." : "Goods were returned, and what was to be sent in exchange is not in stock.", isCredit: true);
    }
}
