using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Ends the session that the caller's token belongs to. Its refresh tokens are refused from then on.</summary>
internal sealed record SignOut(Guid SessionId) : ICommand;

internal sealed class SignOutEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/sign-out", static async (HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            if (SessionOrigin.SessionOf(http) is { } sessionId)
            {
                await sender.Send(new SignOut(sessionId), cancellationToken);
            }

            BrowserSession.End(http);
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("SignOut")
        .WithSummary("Ends the session of the access token: its refresh tokens stop working at once, access tokens within ten minutes.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status401Unauthorized);
}

internal sealed class SignOutHandler(Sessions sessions) : IRequestHandler<SignOut, Unit>
{
    public Task<Unit> Handle(SignOut request, CancellationToken cancellationToken)
    {
        sessions.Revoke(request.SessionId);
        return Unit.Task;
    }
}
