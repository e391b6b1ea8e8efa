using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.SecondFactors;

[RetryOnConflict]
internal sealed record SetUpAuthenticator(string Password) : ICommand<Confirmed<AuthenticatorKey>>;

/// <summary>The secret to be put into an authenticator app. It is shown here only.</summary>
/// <param name="Key">Base32 (RFC 4648), for typing.</param>
/// <param name="Uri">The same as an <c>otpauth</c> address, for a QR code.</param>
internal sealed record AuthenticatorKey(string Key, string Uri);

internal sealed class SetUpAuthenticatorValidator : AbstractValidator<SetUpAuthenticator>
{
    public SetUpAuthenticatorValidator() => RuleFor(command => command.Password).MustBeText();
}

internal sealed class SetUpAuthenticatorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/authenticator", static async (SetUpAuthenticator body, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok((await sender.Send(body, cancellationToken)).OrRefuse()))
        .RequireSubject()
        .WithName("SetUpAuthenticator")
        .WithSummary("Makes the secret for an authenticator app. It is used from the moment at which a code of the app has confirmed it.")
        .Produces<AuthenticatorKey>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class SetUpAuthenticatorHandler(CurrentAccount current, Confirmation confirmation, UserManager<Account> users, IdentitySettings settings)
    : IRequestHandler<SetUpAuthenticator, Confirmed<AuthenticatorKey>>
{
    public async Task<Confirmed<AuthenticatorKey>> Handle(SetUpAuthenticator request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        if (!await confirmation.AcceptAsync(account, request.Password, cancellationToken))
        {
            return new Confirmed<AuthenticatorKey>(false, null);
        }

        if (account.HasSecondFactor)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The account has an authenticator app already. Remove it before you set up another one.");
        }

        (await users.ResetAuthenticatorKeyAsync(account)).Ensure(nameof(request.Password));
        var key = (await users.GetAuthenticatorKeyAsync(account))!;
        var issuer = Uri.EscapeDataString(settings.ProductName);
        return new Confirmed<AuthenticatorKey>(true, new AuthenticatorKey(key, $"otpauth://totp/{issuer}:{Uri.EscapeDataString(account.Email)}?secret={key}&issuer={issuer}&digits=6&period=30"));
    }
}
