using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;
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

internal sealed class RecordPaymentHandler(OrderDesk desk, OrderFulfilment fulfilment) : IRequestHandler<RecordPayment, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(RecordPayment request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        if (change.Order.PaidAt is not null)
        {
            return change.Answer;
        }

        OrderTransitions.Next(change.Order.Status, OrderAction.Pay);
        if (change.Order.Payment is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The order is paid by a payment, which says itself when it is authorised. Only orders without one are marked as paid.")
                .With("state", change.Order.Status);
        }

        var paid = new Paid(desk.Now, change.Order.Total - change.Order.CancelledAmount());
        change.Append(paid);
        change.Publish(new OrderPaidManually(change.Order.Id, paid.Amount!.Value, paid.PaidAt));
        fulfilment.Paid(change);
        return change.Answer;
    }
}
