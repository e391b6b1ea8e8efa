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
internal sealed record ReceiveReturn(Guid ReturnId) : ICommand<Versioned<ReturnView>>;

internal sealed class ReceiveReturnEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/returns/{id:guid}/receive", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new ReceiveReturn(id), cancellationToken)).Changed(http))
        .RequirePermission("returns:manage")
        .SupportsDryRun()
        .WithName("ReceiveReturn")
        .WithSummary("Says that the goods are there. Repeating it answers the same return.")
        .Produces<ReturnView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ReceiveReturnHandler(IModuleSession<IReturnsStore> session, ReturnDesk desk, TimeProvider time) : IRequestHandler<ReceiveReturn, Versioned<ReturnView>>
{
    public async Task<Versioned<ReturnView>> Handle(ReceiveReturn request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ReturnId, cancellationToken);
        if (open.Return.Status != ReturnStatus.Received)
        {
            ReturnTransitions.Next(open.Return.Status, ReturnAction.Receive);
            var received = new ReturnReceived(time.GetUtcNow());
            open.Stream.AppendOne(received);
            open.Return.Apply(received);
            session.Unschedule(open.Return.Id);
        }

        return open.View();
    }
}
