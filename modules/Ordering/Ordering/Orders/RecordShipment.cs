using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Orders;

[RetryOnConflict]
internal sealed record RecordShipment(Guid OrderId) : ICommand<Versioned<OrderView>>;

internal sealed class RecordShipmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/mark-shipped", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new RecordShipment(id), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("RecordShipment")
        .WithSummary("Says that the goods of a confirmed order without a shipping method leave. Repeating it answers the same order.")
        .WithDescription("An order that is paid by a payment has its money taken first and is shipped when that is done; while it is waited for, the order is still confirmed.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RecordShipmentHandler(OrderDesk desk, OrderShipments shipments) : IRequestHandler<RecordShipment, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(RecordShipment request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        if (change.Order.Status == OrderStatus.Shipped || change.Order.Parcels.Any(static parcel => parcel is { IsManual: true, State: ParcelState.Packed }))
        {
            return change.Answer;
        }

        OrderTransitions.Next(change.Order.Status, OrderAction.Ship);
        if (change.Order.Delivery is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The order has a shipping method, so it is packed and dispatched in Shipping.").With("state", change.Order.Status);
        }

        if (change.Order.Payment is null)
        {
            change.Append(new Shipped(desk.Now));
            shipments.Invoice(change, change.Order.Parcels[^1].ShipmentId);
            OrderFulfilment.Shipped(change);
            return change.Answer;
        }

        var open = change.Order.Lines.ToDictionary(static line => line.VariantId, line => change.Order.OpenOf(line.VariantId));
        shipments.Pack(change, Guid.CreateVersion7(desk.Now), open.Where(static line => line.Value > 0).ToDictionary(), isManual: true);
        return change.Answer;
    }
}
