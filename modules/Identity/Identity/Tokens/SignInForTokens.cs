using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Tokens;

/// <summary>A sign-in of one of the shop's own front ends.</summary>
[RetryOnConflict]
internal sealed record SignInForTokens(string Email, string Password, string? Code, SessionOrigin Origin) : ICommand<SignInForTokensOutcome>;

internal sealed record SignInForTokensBody(string Email, string Password, string? Code = null);

/// <summary>What became of it. A refusal is an answer, so that it is counted.</summary>
internal sealed record SignInForTokensOutcome(SignInStatus Status, TokenGrant? Grant);

internal sealed class SignInForTokensValidator : AbstractValidator<SignInForTokens>
{
    public SignInForTokensValidator()
    {
        RuleFor(command => command.Email).MustBeEmail();
        RuleFor(command => command.Password).MustBeText();
        RuleFor(command => command.Code).MaximumLength(40);
    }
}

internal sealed class SignInForTokensEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/sign-in", static async (SignInForTokensBody body, HttpContext http, ISender sender, TokenWriter tokens, CancellationToken cancellationToken) =>
        {
            var outcome = await sender.Send(new SignInForTokens(body.Email, body.Password, body.Code, SessionOrigin.Of(http, Client.FirstParty.Id)), cancellationToken);
            return outcome switch
            {
                { Grant: { } grant } => Results.Ok(await tokens.WriteAsync(grant, cancellationToken)),
                { Status: SignInStatus.NeedsCode } => throw new ProblemException(IdentityProblems.CodeRequired, "Send the request again with the code of the authenticator app, or a recovery code, in 'code'."),
                _ => throw new ProblemException(IdentityProblems.SignInRefused, "The address, the password or the code is not right, or the account is locked for a while after too many attempts."),
            };
        })
        .AllowAnonymous()
        .RequireRateLimiting(RateLimitPolicies.SignIn)
        .WithName("SignIn")
        .WithSummary("Signs somebody in with address, password and, where the account has a second factor, a code. The answer is that of the token endpoint; the refresh token is used there with client_id=first-party.")
        .Produces<TokenAnswer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);
}

internal sealed class SignInForTokensHandler(SignIn signIn, FirstPartyTokens tokens) : IRequestHandler<SignInForTokens, SignInForTokensOutcome>
{
    public async Task<SignInForTokensOutcome> Handle(SignInForTokens request, CancellationToken cancellationToken)
    {
        var outcome = await signIn.WithPasswordAsync(request.Email, request.Password, request.Code, request.Origin, cancellationToken);
        return new SignInForTokensOutcome(outcome.Status, outcome.Status == SignInStatus.SignedIn
            ? await tokens.GrantAsync(outcome.AccountId!.Value.ToString(), outcome.SessionId!.Value, cancellationToken)
            : null);
    }
}
