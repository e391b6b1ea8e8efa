using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
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
        .WithSummary("Cancels an order of which nothing has been released to leave; its stock comes back and its payment is given up. Repeating it answers the same order.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CancelOrderHandler(OrderDesk desk, OrderFulfilment fulfilment, Ownership ownership) : IRequestHandler<CancelOrder, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(CancelOrder request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        ownership.Require(change.Order, request.OrderId, Ownership.ManageAll);
        if (change.Order.Status == OrderStatus.Cancelled)
        {
            return change.Answer;
        }

        OrderTransitions.Next(change.Order.Status, OrderAction.Cancel);
        if (change.Order.HasReleasedParcels())
        {
            throw new ProblemException(ProblemTypes.IllegalState, "A part of the order is on its way. Cancel the lines that are not, with a cancellation, and return the others when they are there.")
                .With("state", change.Order.Status);
        }

        fulfilment.Cancel(change, request.Reason);
        return change.Answer;
    }
}
