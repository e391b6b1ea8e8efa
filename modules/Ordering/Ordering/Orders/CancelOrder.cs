using Carter;
using FluentValidation;
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
internal sealed record CancelOrder(Guid OrderId, string Reason) : ICommand<Versioned<OrderView>>;

internal sealed record CancelOrderBody(string Reason);

internal sealed class CancelOrderValidator : AbstractValidator<CancelOrder>
{
    public CancelOrderValidator() => RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
}

internal sealed class CancelOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/cancel", static async (Guid id, CancelOrderBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new CancelOrder(id, body.Reason), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequireSubject()
        .SupportsDryRun()
        .WithName("CancelOrder")
        .WithSummary("Cancels an order that is not shipped; its stock comes back. Repeating it answers the same order.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CancelOrderHandler(IModuleSession<IOrderingStore> session, OrderFulfilment fulfilment, Ownership ownership, TimeProvider time) : IRequestHandler<CancelOrder, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(CancelOrder request, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Order>(request.OrderId, cancellationToken);
        var order = ownership.Require(stream.Aggregate, request.OrderId, Ownership.ManageAll);
        if (order.Status == OrderStatus.Cancelled)
        {
            return new Versioned<OrderView>(order.ToView(), order.Version);
        }

        OrderTransitions.Next(order.Status, OrderAction.Cancel);
        var cancelled = new Cancelled(request.Reason, time.GetUtcNow());
        stream.AppendOne(cancelled);
        await fulfilment.CancelledAsync(order.Id, cancelled, cancellationToken);
        var view = order.ToView() with { Status = OrderStatus.Cancelled, Reason = cancelled.Reason, CancelledAt = cancelled.CancelledAt };
        return new Versioned<OrderView>(view, order.Version + 1);
    }
}
