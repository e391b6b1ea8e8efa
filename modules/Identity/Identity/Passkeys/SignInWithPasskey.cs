using System.Text.Json;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Identity.Passkeys;

/// <summary>A sign-in as a unit of work of its own. A passkey is two factors: the device, and what unlocks it.</summary>
[RetryOnConflict]
internal sealed record SignInWithPasskey(Guid ChallengeId, JsonElement Credential, SessionOrigin Origin) : ICommand<SignInOutcome>;

internal sealed class SignInWithPasskeyValidator : AbstractValidator<SignInWithPasskey>
{
    public SignInWithPasskeyValidator() => RuleFor(command => command.Credential).MustBeCredential();
}

internal sealed class SignInWithPasskeyHandler(IPasskeyHandler<Account> passkeys, PasskeyChallenges challenges, UserManager<Account> users, SignIn signIn)
    : IRequestHandler<SignInWithPasskey, SignInOutcome>
{
    public async Task<SignInOutcome> Handle(SignInWithPasskey request, CancellationToken cancellationToken)
    {
        if (await challenges.TakeAsync(request.ChallengeId, null, cancellationToken) is not { } challenge)
        {
            return new SignInOutcome(SignInStatus.Refused);
        }

        var result = await passkeys.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = challenges.Request,
            CredentialJson = request.Credential.GetRawText(),
            AssertionState = challenge.State,
        });
        if (!result.Succeeded)
        {
            return new SignInOutcome(SignInStatus.Refused);
        }

        // The lock against guessing passwords does not concern those who need not guess.
        (await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey)).Ensure(nameof(request.Credential));
        return await signIn.SucceedAsync(result.User, request.Origin, cancellationToken);
    }
}
