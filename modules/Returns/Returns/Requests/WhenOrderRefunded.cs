using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Returns.Requests;

/// <summary>The money of a return was given back. Refunds that are not for a return are passed over.</summary>
[Subscription("complete-return")]
internal sealed class WhenOrderRefunded(ReturnDesk desk) : IHandle<OrderRefunded>
{
    public async Task HandleAsync(OrderRefunded integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.RefundId, cancellationToken) is { } open && ReturnTransitions.Allows(open.Return.Status, ReturnAction.Complete))
        {
            desk.Settle(open, new ReturnSettled(integrationEvent.Amount, integrationEvent.RefundedAt));
        }
    }
}
