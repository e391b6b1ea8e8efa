using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Fulfilments;

internal sealed record GetShipment(Guid ShipmentId) : IQuery<Versioned<ShipmentView>>;

internal sealed class GetShipmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/shipments/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetShipment(id), cancellationToken)).Answer(http))
        .RequirePermission("shipping:read")
        .WithName("GetShipment")
        .WithSummary("A shipment as it stands, with what the carrier reported.")
        .Produces<ShipmentView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetShipmentHandler(IModuleSession<IShippingStore> session) : IRequestHandler<GetShipment, Versioned<ShipmentView>>
{
    public async Task<Versioned<ShipmentView>> Handle(GetShipment request, CancellationToken cancellationToken)
    {
        var entry = await session.Documents.LoadAsync<ShipmentEntry>(request.ShipmentId, cancellationToken);
        var fulfilment = entry is null ? null : await session.Documents.LoadAsync<Fulfilment>(entry.OrderId, cancellationToken);
        return fulfilment?.Find(request.ShipmentId) is { } shipment
            ? new Versioned<ShipmentView>(ShipmentView.Of(fulfilment.Id, shipment), fulfilment.Version)
            : throw ProblemException.NotFound("shipment", request.ShipmentId);
    }
}
