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
internal sealed record CancelReturn(Guid ReturnId) : ICommand<Versioned<ReturnView>>;

internal sealed class CancelReturnEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/returns/{id:guid}/cancel", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new CancelReturn(id), cancellationToken)).Changed(http))
        .RequireSubject()
        .SupportsDryRun()
        .WithName("CancelReturn")
        .WithSummary("Takes a return back before the goods were received. Repeating it answers the same return.")
        .Produces<ReturnView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CancelReturnHandler(IModuleSession<IReturnsStore> session, ReturnDesk desk, TimeProvider time) : IRequestHandler<CancelReturn, Versioned<ReturnView>>
{
    public async Task<Versioned<ReturnView>> Handle(CancelReturn request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ReturnId, cancellationToken);
        if (open.Return.Status != ReturnStatus.Cancelled)
        {
            ReturnTransitions.Next(open.Return.Status, ReturnAction.Cancel);
            var cancelled = new ReturnCancelled(time.GetUtcNow());
            open.Stream.AppendOne(cancelled);
            open.Return.Apply(cancelled);
            session.Unschedule(open.Return.Id);
            await desk.GiveBackAsync(open.Return, cancellationToken);
        }

        return open.View();
    }
}
