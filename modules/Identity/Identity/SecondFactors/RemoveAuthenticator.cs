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
internal sealed record RemoveAuthenticator(string Password, string Code, Guid? SessionId) : ICommand<Confirmed<Unit>>;

internal sealed record RemoveAuthenticatorBody(string Password, string Code);

internal sealed class RemoveAuthenticatorValidator : AbstractValidator<RemoveAuthenticator>
{
    public RemoveAuthenticatorValidator()
    {
        RuleFor(command => command.Password).MustBeText();
        RuleFor(command => command.Code).NotEmpty().MaximumLength(40);
    }
}

internal sealed class RemoveAuthenticatorEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/authenticator/remove", static async (RemoveAuthenticatorBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            (await sender.Send(new RemoveAuthenticator(body.Password, body.Code, SessionOrigin.SessionOf(http)), cancellationToken)).OrRefuse();
            return Results.NoContent();
        })
        .RequireSubject()
        .WithName("RemoveAuthenticator")
        .WithSummary("Switches the second factor off with the password and a code of the app or a recovery code, and ends the other sessions.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RemoveAuthenticatorHandler(CurrentAccount current, Confirmation confirmation, UserManager<Account> users, PasswordRules rules, Sessions sessions)
    : IRequestHandler<RemoveAuthenticator, Confirmed<Unit>>
{
    public async Task<Confirmed<Unit>> Handle(RemoveAuthenticator request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        if (!account.HasSecondFactor)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The account has no second factor.");
        }

        if (!await confirmation.AcceptAsync(account, request.Password, request.Code, cancellationToken))
        {
            return new Confirmed<Unit>(false, default);
        }

        // A shorter password was accepted because it was not alone.
        if (rules.Refuse(request.Password, account.Email, hasSecondFactor: false) is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"Without a second factor the password needs {PasswordRules.MinimumAlone} characters. Choose a longer one first.");
        }

        account.AuthenticatorKey = null;
        account.RecoveryCodes = null;
        (await users.SetTwoFactorEnabledAsync(account, false)).Ensure(nameof(request.Code));
        sessions.RevokeAll(account.Subject, request.SessionId);
        return new Confirmed<Unit>(true, Unit.Value);
    }
}
