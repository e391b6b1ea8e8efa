using JasperFx.Events;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Processes;

namespace ModularMonolith.Ordering.Orders;

/// <summary>What fulfilling an order waits for.</summary>
internal sealed class OrderFulfilmentState : ProcessState
{
    public bool HasStock { get; set; }

    public bool IsPaid { get; set; }

    public bool IsReady => HasStock && IsPaid;
}

/// <summary>
/// An order from its placing until it is shipped or given up. It waits for the stock to leave the shelf and for the payment, in whichever order they come, and
/// confirms the order when it has both. Without stock, or without payment in time, it is given up and what was taken comes back.
/// </summary>
[Subscription("order-fulfilment")]
internal sealed class OrderFulfilment(
    IProcesses<IOrderingStore, OrderFulfilmentState> processes, IModuleSession<IOrderingStore> session, PaymentTime payment, TimeProvider time)
    : IHandle<StockCommitted>, IHandle<StockUnavailable>
{
    private const string Stock = "stock";
    private const string Payment = "payment";

    /// <summary>Begins with the order, in its transaction, so that no answer of another module can come before.</summary>
    public void Begin(Guid orderId, Placed placed)
    {
        var process = processes.Start(orderId);
        var stock = placed.Lines.Reserved();
        if (stock.Count > 0)
        {
            session.Publish(new ReservationConsumed(placed.CheckoutId, orderId.ToString(), stock));
            process.CompensateWith(Stock, new ReservationReturned(placed.CheckoutId, orderId.ToString(), stock));
        }

        process.State.HasStock = stock.Count == 0;
        process.SetTimeout(Payment, placed.PlacedAt + payment.Length, new CancelUnpaidOrder(orderId));
    }

    public async Task HandleAsync(StockCommitted integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, cancellationToken) is { } process)
        {
            process.State.HasStock = true;
            Confirm(process, await session.Events.FetchForWriting<Order>(process.State.Id, cancellationToken));
        }
    }

    public async Task HandleAsync(StockUnavailable integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await FindAsync(integrationEvent.Reference, cancellationToken) is not { } process)
        {
            return;
        }

        var missing = string.Join(", ", integrationEvent.Short.Select(static line => $"{line.Sku} ({line.Available} of {line.Requested})"));
        var rejected = new Rejected($"The stock was sold before the order reached the warehouse: {missing}.", time.GetUtcNow());
        await AppendAsync(process.State.Id, rejected, cancellationToken);
        session.Publish(new OrderCancelled(process.State.Id, rejected.Reason, rejected.RejectedAt));

        // Inventory has taken nothing.
        process.Forget(Stock);
        process.Fail(rejected.Reason);
    }

    /// <summary>The money is there; part of the unit of work that records it.</summary>
    /// <returns>When the order was confirmed; null when it still waits.</returns>
    public async Task<DateTimeOffset?> PaidAsync(IEventStream<Order> stream, CancellationToken cancellationToken)
    {
        if (await processes.FindAsync(stream.Id, cancellationToken) is not { } process)
        {
            return null;
        }

        process.State.IsPaid = true;
        process.ClearTimeout(Payment);
        return Confirm(process, stream);
    }

    /// <summary>The goods have left; part of the unit of work that records it.</summary>
    public async Task ShippedAsync(Guid orderId, CancellationToken cancellationToken) => (await processes.FindAsync(orderId, cancellationToken))?.Complete();

    /// <summary>The order is given up; part of the unit of work that records it.</summary>
    public async Task CancelledAsync(Guid orderId, Cancelled cancelled, CancellationToken cancellationToken)
    {
        session.Publish(new OrderCancelled(orderId, cancelled.Reason, cancelled.CancelledAt));
        (await processes.FindAsync(orderId, cancellationToken))?.Fail(cancelled.Reason);
    }

    /// <summary>The time to pay is over; the timeout's unit of work.</summary>
    public async Task CancelUnpaidAsync(Guid orderId, CancellationToken cancellationToken)
    {
        if (await processes.FindAsync(orderId, cancellationToken) is { State.IsPaid: false } process)
        {
            var cancelled = new Cancelled($"It was not paid within {payment.Length.TotalHours:0} hours.", time.GetUtcNow());
            await AppendAsync(orderId, cancelled, cancellationToken);
            session.Publish(new OrderCancelled(orderId, cancelled.Reason, cancelled.CancelledAt));
            process.Fail(cancelled.Reason);
        }
    }

    private DateTimeOffset? Confirm(RunningProcess<OrderFulfilmentState> process, IEventStream<Order> stream)
    {
        if (!process.State.IsReady)
        {
            return null;
        }

        var confirmed = new Confirmed(time.GetUtcNow());
        stream.AppendOne(confirmed);
        session.Publish(new OrderConfirmed(process.State.Id, confirmed.ConfirmedAt));
        return confirmed.ConfirmedAt;
    }

    private async Task AppendAsync(Guid orderId, object orderEvent, CancellationToken cancellationToken) =>
        (await session.Events.FetchForWriting<Order>(orderId, cancellationToken)).AppendOne(orderEvent);

    // Reservations are not ours alone: a reference that is no order of ours belongs to another module.
    private async Task<RunningProcess<OrderFulfilmentState>?> FindAsync(string reference, CancellationToken cancellationToken) =>
        Guid.TryParse(reference, out var orderId) ? await processes.FindAsync(orderId, cancellationToken) : null;
}
