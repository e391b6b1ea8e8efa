using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.SignIns;

internal sealed record RevokeSession(Guid SessionId) : ICommand;

internal sealed class RevokeSessionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/account/sessions/{id:guid}", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new RevokeSession(id), cancellationToken);
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("RevokeSession")
        .WithSummary("Ends one of the caller's sessions. Ending it again makes no difference.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class RevokeSessionHandler(IModuleSession<IIdentityStore> session, ICaller caller, Sessions sessions) : IRequestHandler<RevokeSession, Unit>
{
    public async Task<Unit> Handle(RevokeSession request, CancellationToken cancellationToken)
    {
        var found = await session.Documents.LoadAsync<Session>(request.SessionId, cancellationToken);
        if (found is null || found.Subject != caller.RequireSubject())
        {
            throw ProblemException.NotFound("session", request.SessionId);
        }

        sessions.Revoke(found.Id);
        return Unit.Value;
    }
}
