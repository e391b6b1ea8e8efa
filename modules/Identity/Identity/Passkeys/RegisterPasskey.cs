using System.Text.Json;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Passkeys;

internal sealed record RegisterPasskey(Guid ChallengeId, JsonElement Credential, string? Name) : ICommand<PasskeyView>;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">The credential's id.</param>
/// <param name="Name">What the owner calls it.</param>
/// <param name="CreatedAt">When it was registered.</param>
internal sealed record PasskeyView(string Id, string? Name, DateTimeOffset CreatedAt)
{
    public static PasskeyView Of(UserPasskeyInfo passkey) => new(WebEncoders.Base64UrlEncode(passkey.CredentialId), passkey.Name, passkey.CreatedAt);
}

internal sealed class RegisterPasskeyValidator : AbstractValidator<RegisterPasskey>
{
    public RegisterPasskeyValidator()
    {
        RuleFor(command => command.Credential).MustBeCredential();
        RuleFor(command => command.Name).MaximumLength(100).NoNul();
    }
}

internal sealed class RegisterPasskeyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/account/passkeys", static async (RegisterPasskey body, ISender sender, CancellationToken cancellationToken) =>
        {
            var passkey = await sender.Send(body, cancellationToken);
            return Results.Created("/api/identity/account/passkeys/" + passkey.Id, passkey);
        })
        .RequireSubject()
        .WithName("RegisterPasskey")
        .WithSummary("Registers the passkey that the device has made. With it the account signs in without password and code.")
        .Produces<PasskeyView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RegisterPasskeyHandler(CurrentAccount current, UserManager<Account> users, IPasskeyHandler<Account> passkeys, PasskeyChallenges challenges)
    : IRequestHandler<RegisterPasskey, PasskeyView>
{
    public async Task<PasskeyView> Handle(RegisterPasskey request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        var challenge = await challenges.TakeAsync(request.ChallengeId, account.Id, cancellationToken)
            ?? throw new ProblemException(IdentityProblems.PasskeyRefused, "The question was answered already or is too old. Ask the device again.");
        var result = await passkeys.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = challenges.Request,
            CredentialJson = request.Credential.GetRawText(),
            AttestationState = challenge.State,
        });
        if (!result.Succeeded || result.UserEntity.Id != account.Subject)
        {
            throw new ProblemException(IdentityProblems.PasskeyRefused, "The device's answer does not fit the question. Ask the device again.", result.Failure);
        }

        if (await users.FindByPasskeyIdAsync(result.Passkey.CredentialId) is not null)
        {
            throw new ProblemException(IdentityProblems.PasskeyRefused, "The passkey is registered already.");
        }

        result.Passkey.Name = request.Name;
        (await users.AddOrUpdatePasskeyAsync(account, result.Passkey)).Ensure(nameof(request.Credential));
        return PasskeyView.Of(result.Passkey);
    }
}

/// <summary>Rules for what devices answer.</summary>
internal static class PasskeyRequests
{
    private const int Longest = 100_000;

    /// <summary>Refuses what cannot be a credential, before anything is computed with it.</summary>
    public static IRuleBuilderOptions<T, JsonElement> MustBeCredential<T>(this IRuleBuilder<T, JsonElement> rule) =>
        rule.Must(static credential => credential.ValueKind == JsonValueKind.Object && credential.GetRawText().Length <= Longest)
            .WithMessage("The credential is not the JSON form of what the device has answered.");
}
