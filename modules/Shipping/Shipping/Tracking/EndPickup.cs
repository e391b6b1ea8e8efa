using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Timers;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Tracking;

/// <summary>Sent when the time is over for which a pickup point keeps a shipment. One that was fetched, or has gone elsewhere, is left alone.</summary>
[Timer("end-pickup")]
[RetryOnConflict]
internal sealed record EndPickup(Guid OrderId, Guid ShipmentId) : ICommand;

internal sealed class EndPickupHandler(FulfilmentDesk desk, TimeProvider time) : IRequestHandler<EndPickup, Unit>
{
    public async Task<Unit> Handle(EndPickup request, CancellationToken cancellationToken)
    {
        if (await desk.FindAsync(request.OrderId, request.ShipmentId, cancellationToken) is { Shipment.Status: ShipmentStatus.ReadyForPickup } open && open.Shipment.CollectBy <= time.GetUtcNow())
        {
            desk.EndPickup(open);
        }

        return Unit.Value;
    }
}
