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

namespace ModularMonolith.Identity.Passkeys;

[RetryOnConflict]
internal sealed record StartPasskeyRegistration(string Password) : ICommand<Confirmed<PasskeyQuestion>>;

internal sealed class StartPasskeyRegistrationValidator : AbstractValidator<StartPasskeyRegistration>
{
    public StartPasskeyRegistrationValidator() => RuleFor(command => command.Password).MustBeText();
}

internal sealed class StartPasskeyRegistrationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/passkeys/options", static async (StartPasskeyRegistration body, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok((await sender.Send(body, cancellationToken)).OrRefuse()))
        .RequireSubject()
        .WithName("StartPasskeyRegistration")
        .WithSummary("Asks a device of the caller for a passkey.")
        .Produces<PasskeyQuestion>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class StartPasskeyRegistrationHandler(
    CurrentAccount current, Confirmation confirmation, UserManager<Account> users, IPasskeyHandler<Account> passkeys, PasskeyChallenges challenges)
    : IRequestHandler<StartPasskeyRegistration, Confirmed<PasskeyQuestion>>
{
    public async Task<Confirmed<PasskeyQuestion>> Handle(StartPasskeyRegistration request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        if (!await confirmation.AcceptAsync(account, request.Password, cancellationToken))
        {
            return new Confirmed<PasskeyQuestion>(false, null);
        }

        if ((await users.GetPasskeysAsync(account)).Count >= AccountStore.PasskeysAtMost)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"The account has {AccountStore.PasskeysAtMost} passkeys already. Remove one that is not used.");
        }

        var options = await passkeys.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = account.Subject, Name = account.Email, DisplayName = account.Email }, challenges.Request);
        return new Confirmed<PasskeyQuestion>(true, challenges.Ask(options.CreationOptionsJson, options.AttestationState, account.Id));
    }
}
