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

[RetryOnConflict]
internal sealed record SettleRefund(Guid OrderId, Guid RefundId, string Reason) : ICommand<Versioned<OrderView>>;

/// <summary>That the staff has given money back in another way.</summary>
/// <param name="Reason">How: the number of the transfer, say. The customer sees it; at most 500 characters.</param>
internal sealed record SettleRefundBody(string Reason);

internal sealed class SettleRefundValidator : AbstractValidator<SettleRefund>
{
    public SettleRefundValidator() => RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
}

internal sealed class SettleRefundEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/refunds/{refundId:guid}/settle", static async (Guid id, Guid refundId, SettleRefundBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new SettleRefund(id, refundId, body.Reason), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("SettleOrderRefund")
        .WithSummary("Says that the staff has given back in another way what is outstanding of a refund that has failed. Repeating it answers the same order.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class SettleRefundHandler(OrderDesk desk, OrderRefunds refunds) : IRequestHandler<SettleRefund, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(SettleRefund request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var refund = change.Order.Refunds.FirstOrDefault(refund => refund.RefundId == request.RefundId) ?? throw ProblemException.NotFound("refund", request.RefundId);
        if (refund.State == RefundState.Pending)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The money is on its way to the customer. Wait until that has failed, or it would be given back twice.").With("state", refund.State);
        }

        if (refund.State == RefundState.Failed)
        {
            refunds.SettleByHand(change, refund, request.Reason);
        }

        return change.Answer;
    }
}
