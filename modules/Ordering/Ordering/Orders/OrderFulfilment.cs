using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Payments;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Orders;

/// <summary>
/// An order from its placing until all of it has left or it is given up. It waits for the stock to leave the shelf and for the payment, in whichever order they come, and
/// confirms the order when it has both. Without stock, or without payment in time, it is given up and what was taken comes back.
/// </summary>
/// <remarks>Both answers have the checkout's id as their key, so one lane gets both of an order, and they never meet as conflicting changes.</remarks>
[Subscription("order-fulfilment", Parallelism = 1, MixesEvents = true)]
internal sealed class OrderFulfilment(
    OrderDesk desk, OrderRefunds refunds, OrderReplacements replacements, IProcesses<IOrderingStore, OrderFulfilmentState> processes, IModuleSession<IOrderingStore> session, PaymentTime payment)
    : IHandleBatch<StockCommitted>, IHandleBatch<PaymentAuthorised>, IHandle<StockUnavailable>, IHandle<BackorderFilled>
{
    private const string Stock = "stock";
    private const string Discounts = "discounts";
    private const string Payment = "payment";

    // Payments gives a payment up by itself; this is for the case that it does not.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Begins with the order, in its transaction, so that no answer of another module can come before.</summary>
    /// <returns>What has happened to the order by that: nothing, unless there is nothing to wait for.</returns>
    public IReadOnlyList<object> Begin(Guid orderId, Placed placed, PaymentRequested? requested, RedemptionsConsumed? redemptions, bool isPaid)
    {
        var process = processes.Start(orderId);
        var stock = placed.Lines.Reserved();
        if (stock.Count > 0)
        {
            session.Publish(new ReservationConsumed(placed.CheckoutId, orderId.ToString(), stock));
            process.CompensateWith(Stock, new ReservationReturned(placed.CheckoutId, orderId.ToString(), stock));
        }

        if (redemptions is not null)
        {
            session.Publish(redemptions);
            process.CompensateWith(Discounts, new RedemptionsReturned(redemptions.RedemptionId, redemptions.Reference));
        }

        if (requested is not null)
        {
            session.Publish(requested);
            process.CompensateWith(Payment, new VoidRequested(requested.PaymentId, "The order was given up."));
        }

        process.State.HasStock = stock.Count == 0;
        process.State.IsPaid = isPaid;
        if (!isPaid)
        {
            process.SetTimeout(Payment, requested is null ? placed.PlacedAt + payment.Length : requested.ExpiresAt + Grace, new CancelUnpaidOrder(orderId));
            return [];
        }

        var paid = new Paid(placed.PlacedAt, placed.Total);
        if (!process.State.HasStock)
        {
            return [paid];
        }

        session.Publish(new OrderConfirmed(orderId, placed.PlacedAt));
        if (placed.Delivery is null)
        {
            return [paid, new Confirmed(placed.PlacedAt)];
        }

        session.Publish(Fulfilment.Request(Order.Create(placed) with { Id = orderId }, []));
        return [paid, new Confirmed(placed.PlacedAt), new FulfilmentBegun(placed.PlacedAt)];
    }

    public async Task HandleAsync(IReadOnlyList<Delivered<StockCommitted>> events, CancellationToken cancellationToken)
    {
        var orders = await desk.FindManyAsync(events.Select(static each => each.Event.Reference), cancellationToken);
        foreach (var (committed, context) in events)
        {
            using var origin = session.OnBehalfOf(context.Origin);
            if (!Guid.TryParse(committed.Reference, out var id) || !orders.TryGetValue(id, out var change))
            {
                continue;
            }

            if (change.Order.HasReplacement(committed.ReservationId))
            {
                replacements.TakeStock(change, committed.ReservationId, committed.Lines);
            }
            else if (change.Process() is { State.HasStock: false } process)
            {
                process.State.HasStock = true;
                process.State.Sources = committed.Lines;
                process.State.Awaited = [.. committed.Lines.Where(static line => line.IsBackordered)];
                Confirm(change, process);
            }
        }
    }

    public async Task HandleAsync(IReadOnlyList<Delivered<PaymentAuthorised>> events, CancellationToken cancellationToken)
    {
        var orders = await desk.FindManyAsync(events.Select(static each => each.Event.Reference), cancellationToken);
        foreach (var (authorised, context) in events)
        {
            using var origin = session.OnBehalfOf(context.Origin);
            if (Guid.TryParse(authorised.Reference, out var id) && orders.TryGetValue(id, out var change) && change.Order.Payment?.PaymentId == authorised.PaymentId)
            {
                Authorise(change, authorised);
            }
        }
    }

    public async Task HandleAsync(BackorderFilled integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.Reference, cancellationToken) is not { } change)
        {
            return;
        }

        if (change.Order.HasReplacement(integrationEvent.ReservationId))
        {
            replacements.Arrive(change, integrationEvent.ReservationId, integrationEvent.Lines);
        }
        else if (change.Process() is { } process)
        {
            process.State.Awaited = Fulfilment.Without(process.State.Awaited, integrationEvent.Lines);
            BeginPacking(change, process.State);
        }
    }

    public async Task HandleAsync(StockUnavailable integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.Reference, cancellationToken) is not { } change)
        {
            return;
        }

        if (change.Order.HasReplacement(integrationEvent.ReservationId))
        {
            replacements.GiveUp(change, integrationEvent.ReservationId, integrationEvent.Short);
            return;
        }

        if (change.Process() is not { State.HasStock: false } process
            || !OrderTransitions.Allows(change.Order.Status, OrderAction.Reject))
        {
            return;
        }

        var missing = string.Join(", ", integrationEvent.Short.Select(static line => $"{line.Sku} ({line.Available} of {line.Requested})"));
        var rejected = new Rejected($"The stock was sold before the order reached the warehouse: {missing}.", desk.Now);
        refunds.PayBackByHand(change, rejected.Reason);
        change.Append(rejected);
        change.Publish(new OrderCancelled(change.Order.Id, rejected.Reason, rejected.RejectedAt));

        // Inventory has taken nothing.
        process.Forget(Stock);
        process.Fail(rejected.Reason);
    }

    /// <summary>The money is certain; part of the unit of work that records it.</summary>
    public void Paid(OrderChange change)
    {
        if (change.Process() is { } process)
        {
            process.State.IsPaid = true;
            process.ClearTimeout(Payment);
            Confirm(change, process);
        }
    }

    /// <summary>Something has been paid and leaves: from now on the order as a whole cannot be taken back any more.</summary>
    public static void Left(OrderChange change)
    {
        if (change.Process() is { State.Compensations.Count: > 0 } process)
        {
            process.Forget(Stock);
            process.Forget(Discounts);
            process.Forget(Payment);
        }
    }

    /// <summary>All of it has left.</summary>
    public static void Shipped(OrderChange change) => change.Process()?.Complete();

    /// <summary>The order is given up; part of the unit of work that decides it.</summary>
    public void Cancel(OrderChange change, string reason)
    {
        var process = change.Process();
        var order = change.Order;
        if (order.Payment is { State: PaymentState.Declined })
        {
            process?.Forget(Payment);
        }

        refunds.PayBackByHand(change, reason);
        var cancelled = new Cancelled(reason, desk.Now);
        change.Append(cancelled);
        if (order.IsFulfilmentBegun)
        {
            change.Publish(new FulfilmentReduced(order.Id, DerivedId.Of(order.Id, "cancelled"), Fulfilment.Unsent(order)));
        }

        foreach (var parcel in order.Parcels.Where(static parcel => parcel is { State: ParcelState.Packed, IsManual: false }))
        {
            change.Publish(new ShipmentRefused(order.Id, parcel.ShipmentId, reason));
        }

        change.Publish(new OrderCancelled(order.Id, cancelled.Reason, cancelled.CancelledAt));
        process?.Fail(reason);
    }

    /// <summary>A part of the order is given up: what comes back if the rest is given up too is less.</summary>
    public void Reduced(OrderChange change)
    {
        if (change.Process() is not { } process)
        {
            return;
        }

        if (process.State.Compensations.Any(static known => known.Step == Stock))
        {
            var order = change.Order;
            var kept = order.Lines.Select(line => line with { Quantity = line.Quantity - order.CancelledOf(line.VariantId) }).Where(static line => line.Quantity > 0).ToList().Reserved();
            if (kept.Count > 0)
            {
                process.CompensateWith(Stock, new ReservationReturned(order.CheckoutId, order.Id.ToString(), kept));
            }
            else
            {
                process.Forget(Stock);
            }
        }

        // What was waited for may have been all that was cancelled.
        BeginPacking(change, process.State);
    }

    /// <summary>The time to pay is over; the timeout's unit of work.</summary>
    public async Task CancelUnpaidAsync(Guid orderId, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(orderId, cancellationToken) is { } change
            && change.Process() is { State.IsPaid: false }
            && OrderTransitions.Allows(change.Order.Status, OrderAction.Cancel))
        {
            Cancel(change, change.Order.Payment is null ? $"It was not paid within {payment.Length.TotalHours:0} hours." : "The payment was not made in time.");
        }
    }

    private void Authorise(OrderChange change, PaymentAuthorised authorised)
    {
        if (change.Order.Status is OrderStatus.Cancelled or OrderStatus.Rejected)
        {
            change.Publish(new VoidRequested(authorised.PaymentId, "The order had been given up before the payment was authorised."));
        }
        else if (change.Order.Payment!.State is PaymentState.Pending or PaymentState.ActionRequired)
        {
            change.Append(new Authorised(authorised.Amount, authorised.AuthorisedAt));
            Paid(change);
        }
    }

    private void Confirm(OrderChange change, RunningProcess<OrderFulfilmentState> process)
    {
        if (process.State.IsReady && OrderTransitions.Allows(change.Order.Status, OrderAction.Confirm))
        {
            var confirmed = new Confirmed(desk.Now);
            change.Append(confirmed);
            change.Publish(new OrderConfirmed(change.Order.Id, confirmed.ConfirmedAt));
            BeginPacking(change, process.State);
        }
    }

    // Once, when all of it is there: a parcel for what is there first, and another one for the rest, is the packers' choice only then.
    private void BeginPacking(OrderChange change, OrderFulfilmentState state)
    {
        if (change.Order is { Status: OrderStatus.Confirmed, Delivery: not null, IsFulfilmentBegun: false } && state.Awaited.Count == 0)
        {
            change.Append(new FulfilmentBegun(desk.Now));
            change.Publish(Fulfilment.Request(change.Order, state.Sources));
        }
    }
}
