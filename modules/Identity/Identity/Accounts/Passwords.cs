using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Identity;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Accounts;

/// <summary>Gives an account another password; whoever is signed in with the old one is not any more.</summary>
internal sealed class Passwords(IModuleSession<IIdentityStore> session, UserManager<Account> users, PasswordRules rules, Sessions sessions, TimeProvider time)
{
    /// <param name="account">The account.</param>
    /// <param name="password">The password.</param>
    /// <param name="field">The request's field, for a refusal.</param>
    /// <param name="except">The session that goes on.</param>
    /// <exception cref="ValidationException">The password is not accepted.</exception>
    public async Task SetAsync(Account account, string password, string field, Guid? except)
    {
        if (rules.Refuse(password, account.Email, account.HasSecondFactor) is { } refusal)
        {
            throw new ValidationException([new ValidationFailure(field, refusal)]);
        }

        var now = time.GetUtcNow();
        account.PasswordHash = users.PasswordHasher.HashPassword(account, password);
        account.CredentialsChangedAt = now;
        account.Unlock();
        (await users.UpdateSecurityStampAsync(account)).Ensure(field);
        sessions.RevokeAll(account.Subject, except);
        session.Publish(new PasswordChanged(account.Id, now));
    }
}
