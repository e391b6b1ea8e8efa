using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>A packed shipment is paid and may leave. Said twice, it is released once.</summary>
[Subscription("release-shipment")]
internal sealed partial class WhenShipmentReleased(FulfilmentDesk desk, ILogger<WhenShipmentReleased> logger) : IHandle<ShipmentReleased>
{
    public async Task HandleAsync(ShipmentReleased integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var open = await desk.FindAsync(integrationEvent.OrderId, integrationEvent.ShipmentId, cancellationToken);
        if (open is { Shipment.IsWaiting: true })
        {
            desk.Release(open);
        }
        else if (open is not { Shipment.IsLive: true })
        {
            LogNotThere(integrationEvent.OrderId, integrationEvent.ShipmentId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Order {OrderId}: shipment {ShipmentId} was released, but there is no such packed shipment; nothing leaves.")]
    private partial void LogNotThere(Guid orderId, Guid shipmentId);
}
