using Carter;
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
internal sealed record RepeatRefund(Guid OrderId, Guid RefundId) : ICommand<Versioned<OrderView>>;

internal sealed class RepeatRefundEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/refunds/{refundId:guid}/retry", static async (Guid id, Guid refundId, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new RepeatRefund(id, refundId), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("RetryOrderRefund")
        .WithSummary("Tries a refund once more that has failed. One that is under way, or done, stays as it is.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RepeatRefundHandler(OrderDesk desk, OrderRefunds refunds) : IRequestHandler<RepeatRefund, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(RepeatRefund request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var refund = change.Order.Refunds.FirstOrDefault(refund => refund.RefundId == request.RefundId) ?? throw ProblemException.NotFound("refund", request.RefundId);
        if (refund.State == RefundState.Failed)
        {
            refunds.Repeat(change, refund);
        }

        return change.Answer;
    }
}
