using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
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
        .WithSummary("Says that the goods of a confirmed order have left. Repeating it answers the same order.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RecordShipmentHandler(IModuleSession<IOrderingStore> session, OrderFulfilment fulfilment, TimeProvider time) : IRequestHandler<RecordShipment, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(RecordShipment request, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Order>(request.OrderId, cancellationToken);
        var order = stream.Aggregate ?? throw ProblemException.NotFound("order", request.OrderId);
        if (order.Status == OrderStatus.Shipped)
        {
            return new Versioned<OrderView>(order.ToView(), order.Version);
        }

        OrderTransitions.Next(order.Status, OrderAction.Ship);
        var shipped = new Shipped(time.GetUtcNow());
        stream.AppendOne(shipped);
        await fulfilment.ShippedAsync(order.Id, cancellationToken);
        return new Versioned<OrderView>(order.ToView() with { Status = OrderStatus.Shipped, ShippedAt = shipped.ShippedAt }, order.Version + 1);
    }
}
