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
internal sealed record RecordPayment(Guid OrderId) : ICommand<Versioned<OrderView>>;

internal sealed class RecordPaymentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/mark-paid", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new RecordPayment(id), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("RecordPayment")
        .WithSummary("Says that an order is paid, by a transfer or at the counter, say. Repeating it answers the same order.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RecordPaymentHandler(IModuleSession<IOrderingStore> session, OrderFulfilment fulfilment, TimeProvider time) : IRequestHandler<RecordPayment, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(RecordPayment request, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Order>(request.OrderId, cancellationToken);
        var order = stream.Aggregate ?? throw ProblemException.NotFound("order", request.OrderId);
        if (order.PaidAt is not null)
        {
            return new Versioned<OrderView>(order.ToView(), order.Version);
        }

        OrderTransitions.Next(order.Status, OrderAction.Pay);
        var paid = new Paid(time.GetUtcNow());
        stream.AppendOne(paid);
        var confirmedAt = await fulfilment.PaidAsync(stream, cancellationToken);
        var view = order.ToView() with
        {
            Status = confirmedAt is null ? OrderStatus.Paid : OrderStatus.Confirmed,
            PaidAt = paid.PaidAt,
            ConfirmedAt = confirmedAt,
        };
        return new Versioned<OrderView>(view, order.Version + (confirmedAt is null ? 1 : 2));
    }
}
