using System.Text.Json;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.Passkeys;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Tokens for a session that a passkey has started.</summary>
internal sealed record GrantForSignIn(Guid AccountId, Guid SessionId) : ICommand<TokenGrant>;

internal sealed record SignInWithPasskeyBody(Guid ChallengeId, JsonElement Credential);

internal sealed class GrantForSignInEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/sign-in/passkey", static async (SignInWithPasskeyBody body, HttpContext http, ISender sender, TokenWriter tokens, CancellationToken cancellationToken) =>
        {
            var outcome = await sender.Send(new SignInWithPasskey(body.ChallengeId, body.Credential, SessionOrigin.Of(http, Client.FirstParty.Id)), cancellationToken);
            return outcome.Status == SignInStatus.SignedIn
                ? Results.Ok(await tokens.WriteAsync(await sender.Send(new GrantForSignIn(outcome.AccountId!.Value, outcome.SessionId!.Value), cancellationToken), cancellationToken))
                : throw new ProblemException(IdentityProblems.SignInRefused, "The passkey is not known, or its answer does not belong to a question that is still open. Ask POST /api/identity/passkeys/options again.");
        })
        .AllowAnonymous()
        .RequireRateLimiting(RateLimitPolicies.SignIn)
        .WithName("SignInWithPasskey")
        .WithSummary("Signs somebody in with the answer of a device to POST /passkeys/options. The answer is that of the token endpoint.")
        .Produces<TokenAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized);
}

internal sealed class GrantForSignInHandler(FirstPartyTokens tokens) : IRequestHandler<GrantForSignIn, TokenGrant>
{
    public Task<TokenGrant> Handle(GrantForSignIn request, CancellationToken cancellationToken) => tokens.GrantAsync(request.AccountId.ToString(), request.SessionId, cancellationToken);
}
