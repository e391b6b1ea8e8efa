using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>More is to be packed for an order. A label of something that has not left is made anew when all of it goes elsewhere.</summary>
[Subscription("extend-fulfilment")]
internal sealed class WhenFulfilmentExtended(IModuleSession<IShippingStore> session, FulfilmentDesk desk, TimeProvider time) : IHandle<FulfilmentExtended>
{
    public async Task HandleAsync(FulfilmentExtended integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Fulfilment>(integrationEvent.OrderId, cancellationToken);
        var fulfilment = stream.Aggregate?.Copy() ?? new Fulfilment { Id = integrationEvent.OrderId };
        if (fulfilment.Extensions.Contains(integrationEvent.ExtensionId))
        {
            return;
        }

        var before = fulfilment.Address;
        var extended = new GoodsExtended(integrationEvent.ExtensionId, integrationEvent.Address, integrationEvent.Lines, time.GetUtcNow());
        stream.AppendOne(extended);
        fulfilment.Apply(extended);
        if (fulfilment.Address != before)
        {
            desk.RelabelAll(stream, fulfilment);
        }
    }
}
