using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Returns.Requests;

/// <summary>What was wanted instead is not there any more; the refund is higher by what was paid.</summary>
[Subscription("note-refused-exchange")]
internal sealed class WhenExchangeRefused(ReturnDesk desk) : IHandle<ExchangeRefused>
{
    public async Task HandleAsync(ExchangeRefused integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.ReturnId, cancellationToken) is { } open && open.Return.IsPending(integrationEvent.VariantId))
        {
            open.Stream.AppendOne(new ReturnExchangeRefused(integrationEvent.VariantId, integrationEvent.Reason, integrationEvent.RefusedAt));
        }
    }
}
