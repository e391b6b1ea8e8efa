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

internal sealed record ListShipments(Guid OrderId) : IQuery<Page<ShipmentView>>;

internal sealed class ListShipmentsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/fulfilments/{orderId:guid}/shipments", static async (Guid orderId, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new ListShipments(orderId), cancellationToken)))
        .RequirePermission("shipping:read")
        .WithName("ListShipments")
        .WithSummary("All shipments of an order, oldest first, refused ones included.")
        .Produces<Page<ShipmentView>>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class ListShipmentsHandler(IModuleSession<IShippingStore> session) : IRequestHandler<ListShipments, Page<ShipmentView>>
{
    public async Task<Page<ShipmentView>> Handle(ListShipments request, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Fulfilment>(request.OrderId, cancellationToken) is { } fulfilment
            ? new Page<ShipmentView>([.. fulfilment.Shipments.Select(shipment => ShipmentView.Of(fulfilment.Id, shipment))], null)
            : throw ProblemException.NotFound("fulfilment of the order", request.OrderId);
}
