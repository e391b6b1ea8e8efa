using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.SecondFactors;

[RetryOnConflict]
internal sealed record ConfirmAuthenticator(string Code, Guid? SessionId) : ICommand<RecoveryCodes>;

internal sealed record ConfirmAuthenticatorBody(string Code);

/// <summary>Codes for whoever has lost the app. Each works once. They are shown here only.</summary>
/// <param name="Codes">The codes.</param>
internal sealed record RecoveryCodes(IReadOnlyList<string> Codes)
{
    /// <summary>How many there are.</summary>
    public const int Count = 10;
}

internal sealed class ConfirmAuthenticatorValidator : AbstractValidator<ConfirmAuthenticator>
{
    public ConfirmAuthenticatorValidator() => RuleFor(command => command.Code).NotEmpty().MaximumLength(40);
}

internal sealed class ConfirmAuthenticatorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/authenticator/confirm", static async (ConfirmAuthenticatorBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new ConfirmAuthenticator(body.Code, SessionOrigin.SessionOf(http)), cancellationToken)))
        .RequireSubject()
        .WithName("ConfirmAuthenticator")
        .WithSummary("Switches the second factor on with a code of the app, ends the other sessions and answers the recovery codes.")
        .Produces<RecoveryCodes>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ConfirmAuthenticatorHandler(CurrentAccount current, UserManager<Account> users, SecondFactor secondFactor, Sessions sessions)
    : IRequestHandler<ConfirmAuthenticator, RecoveryCodes>
{
    public async Task<RecoveryCodes> Handle(ConfirmAuthenticator request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        if (account.AuthenticatorKey is null || account.HasSecondFactor)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "No authenticator app waits to be confirmed. Set one up first.");
        }

        if (!await secondFactor.AcceptAppCodeAsync(account, request.Code))
        {
            throw new ProblemException(IdentityProblems.CodeRefused, "The code is not the one that the app shows now. Check the clock of the device and send the next one.");
        }

        (await users.SetTwoFactorEnabledAsync(account, true)).Ensure(nameof(request.Code));
        sessions.RevokeAll(account.Subject, request.SessionId);
        return new RecoveryCodes([.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes.Count))!]);
    }
}
