using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ordering.Orders;

/// <summary>Rejects the order whose stock was sold to somebody else after its reservation had expired.</summary>
[Subscription("reject-order")]
internal sealed class WhenStockUnavailable(IModuleSession<IOrderingStore> session, TimeProvider time) : IHandle<StockUnavailable>
{
    public async Task HandleAsync(StockUnavailable integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        // Reservations are not ours alone: a reference that is no order of ours belongs to another module.
        if (!Guid.TryParse(integrationEvent.Reference, out var orderId))
        {
            return;
        }

        var stream = await session.Events.FetchForWriting<Order>(orderId, cancellationToken);
        if (stream.Aggregate is not { } order || !OrderTransitions.Allows(order.Status, OrderAction.Reject))
        {
            return;
        }

        var missing = string.Join(", ", integrationEvent.Short.Select(static line => $"{line.Sku} ({line.Available} of {line.Requested})"));
        var rejected = new Rejected($"The stock was sold before the order reached the warehouse: {missing}.", time.GetUtcNow());
        stream.AppendOne(rejected);
        session.Publish(new OrderCancelled(order.Id, rejected.Reason, rejected.RejectedAt));
    }
}
