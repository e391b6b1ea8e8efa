using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>A packed shipment must not leave; its goods go back on the shelf and are to be packed again, unless they are not wanted any more.</summary>
[Subscription("refuse-shipment")]
internal sealed partial class WhenShipmentRefused(FulfilmentDesk desk, ShippingMetrics metrics, TimeProvider time, ILogger<WhenShipmentRefused> logger) : IHandle<ShipmentRefused>
{
    public async Task HandleAsync(ShipmentRefused integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var open = await desk.FindAsync(integrationEvent.OrderId, integrationEvent.ShipmentId, cancellationToken);
        if (open is { Shipment.IsWaiting: true })
        {
            open.Stream.AppendOne(new Unpacked(integrationEvent.ShipmentId, integrationEvent.Reason, time.GetUtcNow()));
            metrics.Shipment("refused");
        }
        else if (open is not { Shipment.IsLive: false })
        {
            LogTooLate(integrationEvent.OrderId, integrationEvent.ShipmentId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Order {OrderId}: shipment {ShipmentId} was refused, but it is not one that waits for its release; nothing was unpacked.")]
    private partial void LogTooLate(Guid orderId, Guid shipmentId);
}
