using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>The goods go elsewhere, as far as they have not left. A label that was made for the former address is made anew.</summary>
[Subscription("readdress-fulfilment")]
internal sealed class WhenFulfilmentReaddressed(IModuleSession<IShippingStore> session, FulfilmentDesk desk, TimeProvider time) : IHandle<FulfilmentReaddressed>
{
    public async Task HandleAsync(FulfilmentReaddressed integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Fulfilment>(integrationEvent.OrderId, cancellationToken);
        var fulfilment = stream.Aggregate?.Copy() ?? new Fulfilment { Id = integrationEvent.OrderId };
        if (fulfilment.HasFixedAddress || fulfilment.Address == integrationEvent.Address || fulfilment.Status is FulfilmentStatus.Dispatched or FulfilmentStatus.Completed or FulfilmentStatus.Cancelled)
        {
            return;
        }

        var readdressed = new Readdressed(integrationEvent.Address, time.GetUtcNow());
        stream.AppendOne(readdressed);
        fulfilment.Apply(readdressed);
        desk.RelabelAll(stream, fulfilment);
    }
}
