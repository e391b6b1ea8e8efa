using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>
/// Less is to be delivered. What is not packed is not packed any more; what is packed and not released waits for its refusal; what was released before is told of here, because
/// nobody can hold it back.
/// </summary>
[Subscription("reduce-fulfilment")]
internal sealed partial class WhenFulfilmentReduced(
    IModuleSession<IShippingStore> session, ShippingMetrics metrics, TimeProvider time, ILogger<WhenFulfilmentReduced> logger) : IHandle<FulfilmentReduced>
{
    public async Task HandleAsync(FulfilmentReduced integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Fulfilment>(integrationEvent.OrderId, cancellationToken);
        var fulfilment = stream.Aggregate?.Copy() ?? new Fulfilment { Id = integrationEvent.OrderId };
        if (fulfilment.Reductions.Any(reduction => reduction.ChangeId == integrationEvent.ChangeId))
        {
            return;
        }

        var before = fulfilment.Discrepancy;
        var reduced = new GoodsReduced(integrationEvent.ChangeId, integrationEvent.Lines, time.GetUtcNow());
        stream.AppendOne(reduced);
        fulfilment.Apply(reduced);
        if (fulfilment.Discrepancy - before is > 0 and var pieces)
        {
            metrics.Discrepancy(pieces);
            LogTooLate(integrationEvent.OrderId, pieces);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Order {OrderId}: {Pieces} piece(s) are not wanted any more and have left or may leave. Stop the shipment, or take the goods back as a return.")]
    private partial void LogTooLate(Guid orderId, int pieces);
}
