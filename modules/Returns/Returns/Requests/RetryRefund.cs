using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Returns.Requests;

[RetryOnConflict]
internal sealed record RetryRefund(Guid ReturnId) : ICommand<Versioned<ReturnView>>;

internal sealed class RetryRefundEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/returns/{id:guid}/retry-refund", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new RetryRefund(id), cancellationToken)).Changed(http))
        .RequirePermission("returns:manage")
        .SupportsDryRun()
        .WithName("RetryReturnRefund")
        .WithSummary("Has the refund that failed tried again.")
        .Produces<ReturnView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RetryRefundHandler(IModuleSession<IReturnsStore> session, ReturnDesk desk, TimeProvider time) : IRequestHandler<RetryRefund, Versioned<ReturnView>>
{
    public async Task<Versioned<ReturnView>> Handle(RetryRefund request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ReturnId, cancellationToken);
        ReturnTransitions.Next(open.Return.Status, ReturnAction.RetryRefund);
        var retried = new ReturnRefundRetried(time.GetUtcNow());
        open.Stream.AppendOne(retried);
        open.Return.Apply(retried);

        // Ordering takes the same words about the same return as the wish to try again.
        session.Publish(open.Return.ToGoodsReturned()!);
        return open.View();
    }
}
