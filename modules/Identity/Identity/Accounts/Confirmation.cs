using Microsoft.AspNetCore.Identity;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.Accounts;

/// <summary>
/// What an operation answers that asks for the password once more. A wrong one is an answer and not an exception, so that the unit of work is saved and counts it.
/// </summary>
/// <param name="IsConfirmed">Whether the password, and the code where one is needed, were right.</param>
/// <param name="Value">The answer when it was.</param>
internal sealed record Confirmed<T>(bool IsConfirmed, T? Value)
{
    /// <exception cref="ProblemException">403 when the password or the code were wrong.</exception>
    public T OrRefuse() => IsConfirmed
        ? Value!
        : throw new ProblemException(IdentityProblems.PasswordRefused, "The password or the code is wrong, or the account is locked for a time after too many wrong ones.");
}

/// <summary>Asks somebody who is signed in for the password again: a session left open is not enough for what cannot be undone.</summary>
internal sealed class Confirmation(
    IModuleSession<IIdentityStore> session, UserManager<Account> users, IUserStore<Account> store, SecondFactor secondFactor, IdentitySettings settings, TimeProvider time)
{
    /// <summary>Checks the password.</summary>
    public Task<bool> AcceptAsync(Account account, string password, CancellationToken cancellationToken) => AcceptAsync(account, password, null, needsCode: false, cancellationToken);

    /// <summary>Checks the password, and a code of the second factor when the account has one.</summary>
    public Task<bool> AcceptAsync(Account account, string password, string? code, CancellationToken cancellationToken) =>
        AcceptAsync(account, password, code, account.HasSecondFactor, cancellationToken);

    private async Task<bool> AcceptAsync(Account account, string password, string? code, bool needsCode, CancellationToken cancellationToken)
    {
        var isRight = await users.CheckPasswordAsync(account, password);
        var now = time.GetUtcNow();
        if (account.IsLockedAt(now))
        {
            return false;
        }

        isRight = isRight && (!needsCode || (code is not null && await secondFactor.AcceptAsync(account, code)));
        if (isRight)
        {
            account.Unlock();
        }
        else if (account.Fail(now, settings))
        {
            session.Publish(new AccountLocked(account.Id, account.LockedUntil!.Value));
        }

        // Written also when it was right: of guesses side by side only one is saved, and the others are counted first when they run again.
        await store.UpdateAsync(account, cancellationToken);
        return isRight;
    }
}
