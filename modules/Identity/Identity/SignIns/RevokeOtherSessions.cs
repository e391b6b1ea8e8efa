using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.SignIns;

internal sealed record RevokeOtherSessions(Guid? Current) : ICommand;

internal sealed class RevokeOtherSessionsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/sessions/revoke-others", static async (HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new RevokeOtherSessions(SessionOrigin.SessionOf(http)), cancellationToken);
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("RevokeOtherSessions")
        .WithSummary("Ends all sessions of the caller but the one that this request belongs to.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status401Unauthorized);
}

internal sealed class RevokeOtherSessionsHandler(ICaller caller, Sessions sessions) : IRequestHandler<RevokeOtherSessions, Unit>
{
    public Task<Unit> Handle(RevokeOtherSessions request, CancellationToken cancellationToken)
    {
        sessions.RevokeAll(caller.RequireSubject(), request.Current);
        return Unit.Task;
    }
}
