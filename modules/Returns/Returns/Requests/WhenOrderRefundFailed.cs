using Microsoft.Extensions.Logging;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Returns.Requests;

/// <summary>The money of a return could not be given back: it is shown, and the staff tries again.</summary>
[Subscription("fail-return-refund")]
internal sealed partial class WhenOrderRefundFailed(ReturnDesk desk, TimeProvider time, ILogger<WhenOrderRefundFailed> logger) : IHandle<OrderRefundFailed>
{
    public async Task HandleAsync(OrderRefundFailed integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.RefundId, cancellationToken) is { } open && ReturnTransitions.Allows(open.Return.Status, ReturnAction.FailRefund))
        {
            open.Stream.AppendOne(new ReturnRefundFailed(integrationEvent.Reason, time.GetUtcNow()));
            LogFailed(open.Return.Id, open.Return.OrderId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Return {ReturnId} of order {OrderId}: the refund has failed. See why, and try it again.")]
    private partial void LogFailed(Guid returnId, Guid orderId);
}
