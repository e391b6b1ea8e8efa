using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Returns.Requests;

/// <summary>What was wanted instead is sent.</summary>
[Subscription("note-exchange")]
internal sealed class WhenGoodsExchanged(ReturnDesk desk) : IHandle<GoodsExchanged>
{
    public async Task HandleAsync(GoodsExchanged integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(integrationEvent.ReturnId, cancellationToken) is { } open && open.Return.IsPending(integrationEvent.VariantId))
        {
            open.Stream.AppendOne(new ReturnExchanged(integrationEvent.VariantId, integrationEvent.ReplacementId, integrationEvent.ExchangedAt));
        }
    }
}
