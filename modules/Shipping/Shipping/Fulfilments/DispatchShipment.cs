using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Fulfilments;

[RetryOnConflict]
internal sealed record DispatchShipment(Guid ShipmentId) : ICommand<Versioned<ShipmentView>>;

internal sealed class DispatchShipmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/shipments/{id:guid}/dispatch", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new DispatchShipment(id), cancellationToken)).Changed(http))
        .RequirePermission("shipping:fulfil")
        .SupportsDryRun()
        .WithName("DispatchShipment")
        .WithSummary("Says that a released and labelled shipment has left with the carrier, or that the customer has fetched it. Repeating it answers the same shipment.")
        .Produces<ShipmentView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class DispatchShipmentHandler(FulfilmentDesk desk) : IRequestHandler<DispatchShipment, Versioned<ShipmentView>>
{
    public async Task<Versioned<ShipmentView>> Handle(DispatchShipment request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ShipmentId, cancellationToken);
        if (open.Shipment.DispatchedAt is null)
        {
            ShipmentTransitions.Next(open.Shipment.Status, open.Shipment.IsPickup ? ShipmentAction.HandOver : ShipmentAction.Dispatch);
            desk.Dispatch(open);
        }

        return open.View();
    }
}
