using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Refunds;

[RetryOnConflict(Attempts = 10)]
internal sealed record RefundOrder(Guid OrderId, Money Amount, string Reason) : ICommand<Versioned<OrderView>>;

/// <summary>Money that is given back without goods.</summary>
/// <param name="Amount">At most what was invoiced and not given back.</param>
/// <param name="Reason">Why; the customer sees it.</param>
internal sealed record RefundOrderBody(Money Amount, string Reason);

internal sealed class RefundOrderValidator : AbstractValidator<RefundOrder>
{
    public RefundOrderValidator()
    {
        RuleFor(command => command.Amount.Amount).GreaterThan(0);
        RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
    }
}

internal sealed class RefundOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/refunds", static async (Guid id, RefundOrderBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new RefundOrder(id, body.Amount, body.Reason), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("RefundOrder")
        .WithSummary("Gives money back without goods, as an allowance.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class RefundOrderHandler(OrderDesk desk, OrderRefunds refunds) : IRequestHandler<RefundOrder, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(RefundOrder request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        OrderTransitions.Next(change.Order.Status, OrderAction.Refund);
        var left = Refundable.Of(change.Order).Total;
        if (request.Amount.Currency != left.Currency || request.Amount.Amount > left.Amount)
        {
            throw new ProblemException(OrderingProblems.RefundTooHigh, $"At most {left} can be given back: what was invoiced less what was given back already.").With("refundable", left);
        }

        refunds.BeginAllowance(change, Guid.CreateVersion7(desk.Now), request.Amount, request.Reason);
        return change.Answer;
    }
}
