using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Returns.Requests;

/// <summary>Not all of what was wanted instead is there any more; the refund is higher by what was paid for the rest.</summary>
[Subscription("note-reduced-exchange")]
internal sealed class WhenExchangeReduced(ReturnDesk desk) : IHandle<ExchangeReduced>
{
    public async Task HandleAsync(ExchangeReduced integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.ReturnId, cancellationToken) is { } open && open.Return.CanReduce(integrationEvent.VariantId, integrationEvent.Quantity))
        {
            open.Stream.AppendOne(new ReturnExchangeReduced(integrationEvent.VariantId, integrationEvent.Quantity, integrationEvent.Reason, integrationEvent.ReducedAt));
        }
    }
}
