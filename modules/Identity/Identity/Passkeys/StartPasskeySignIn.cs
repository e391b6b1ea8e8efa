using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Identity.Passkeys;

internal sealed record StartPasskeySignIn : ICommand<PasskeyQuestion>;

internal sealed class StartPasskeySignInEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/passkeys/options", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new StartPasskeySignIn(), cancellationToken)))
        .AllowAnonymous()
        .WithName("StartPasskeySignIn")
        .WithSummary("Asks a device to sign in with one of its passkeys. The question names no account, so it tells nothing about any.")
        .Produces<PasskeyQuestion>();
}

internal sealed class StartPasskeySignInHandler(IPasskeyHandler<Account> passkeys, PasskeyChallenges challenges) : IRequestHandler<StartPasskeySignIn, PasskeyQuestion>
{
    public async Task<PasskeyQuestion> Handle(StartPasskeySignIn request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var options = await passkeys.MakeRequestOptionsAsync(null, challenges.Request);
        return challenges.Ask(options.RequestOptionsJson, options.AssertionState, null);
    }
}
