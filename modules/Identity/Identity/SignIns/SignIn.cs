using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Identity.SignIns;

internal enum SignInStatus
{
    /// <summary>A session was started.</summary>
    SignedIn,

    /// <summary>The password is right; a code of the second factor is missing.</summary>
    NeedsCode,

    /// <summary>No such account, wrong password or wrong code.</summary>
    Refused,

    /// <summary>As <see cref="Refused"/>, because of earlier failures. Clients are told the same as for it.</summary>
    Locked,
}

/// <summary>What became of a sign-in.</summary>
/// <param name="Status">Whether a session was started.</param>
/// <param name="AccountId">Whose; only when it was started.</param>
/// <param name="SessionId">The session; only when it was started.</param>
internal sealed record SignInOutcome(SignInStatus Status, Guid? AccountId = null, Guid? SessionId = null);

/// <summary>
/// Checks who somebody is, as part of the unit of work that it is called in. Failures are counted in that unit of work: a handler that calls this answers the outcome
/// and does not throw because of it, or nothing is counted. Its command carries <c>[RetryOnConflict]</c>.
/// </summary>
internal sealed class SignIn(
    IModuleSession<IIdentityStore> session, UserManager<Account> users, IUserStore<Account> store, SecondFactor secondFactor, Sessions sessions, DecoyPassword decoy,
    IdentitySettings settings, TimeProvider time)
{
    private const int Counters = 1_024;

    /// <summary>Checks address and password, and the code when the account has a second factor, and starts a session.</summary>
    /// <param name="email">The address.</param>
    /// <param name="password">The password.</param>
    /// <param name="code">A code of the authenticator app or a recovery code; null when none was asked for yet.</param>
    /// <param name="origin">Where the sign-in comes from.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The outcome. Refusals take the same time, whatever the cause.</returns>
    /// <exception cref="ProblemException">Another sign-in with the same address is being checked.</exception>
    public async Task<SignInOutcome> WithPasswordAsync(string email, string password, string? code, SessionOrigin origin, CancellationToken cancellationToken)
    {
        var address = users.NormalizeEmail(email);
        await TakeTurnAsync(address, cancellationToken);
        var account = await users.FindByEmailAsync(email);
        var isRight = account?.PasswordHash is null ? decoy.Refuse(password) : await users.CheckPasswordAsync(account, password);
        var now = time.GetUtcNow();
        if (account is null || account.IsLockedAt(now))
        {
            return Refuse(address, account is null ? SignInStatus.Refused : SignInStatus.Locked);
        }

        if (!isRight)
        {
            return await FailAsync(account, address, cancellationToken);
        }

        if (account.HasSecondFactor)
        {
            if (code is null)
            {
                return new SignInOutcome(SignInStatus.NeedsCode);
            }

            if (!await secondFactor.AcceptAsync(account, code))
            {
                return await FailAsync(account, address, cancellationToken);
            }
        }

        return await SucceedAsync(account, origin, cancellationToken);
    }

    /// <summary>Starts a session for somebody whose proof was checked.</summary>
    public async Task<SignInOutcome> SucceedAsync(Account account, SessionOrigin origin, CancellationToken cancellationToken)
    {
        // Written always, so that a sign-in with the old password loses against a change of the password at the same moment.
        account.Unlock();
        account.LastSignInAt = time.GetUtcNow();
        await store.UpdateAsync(account, cancellationToken);
        var started = await sessions.StartAsync(account.Subject, origin, cancellationToken);
        return new SignInOutcome(SignInStatus.SignedIn, account.Id, started.Id);
    }

    private async Task<SignInOutcome> FailAsync(Account account, string address, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (account.Fail(now, settings))
        {
            session.Publish(new AccountLocked(account.Id, account.LockedUntil!.Value));
        }

        await store.UpdateAsync(account, cancellationToken);
        return Refuse(address, SignInStatus.Refused);
    }

    // One after the other: side by side, any number of guesses would be checked before the first failure is counted. Without waiting, so that guesses do not take
    // all connections. Addresses without an account have their turn too.
    private async Task TakeTurnAsync(string address, CancellationToken cancellationToken)
    {
        await session.Documents.BeginTransactionAsync(cancellationToken);
        var isOurs = await session.Documents.QueryAsync<bool>(
            "select pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.sign-in.' || ?, 0))", cancellationToken, address);
        if (!isOurs[0])
        {
            throw new ProblemException(IdentityProblems.SignInBusy, "Another sign-in with this address is being checked. Repeat the request in a second.");
        }
    }

    // Every refusal writes and commits, so that the time of a commit does not tell which addresses have an account. The number of rows is bounded.
    private SignInOutcome Refuse(string address, SignInStatus status)
    {
        var counter = (uint)string.GetHashCode(address, StringComparison.Ordinal) % Counters;
        session.Documents.Store(new RefusedSignIns { Id = $"{counter}", LastAt = time.GetUtcNow() });
        return new SignInOutcome(status);
    }
}

/// <summary>Where refused sign-ins are noted.</summary>
internal sealed class RefusedSignIns
{
    public required string Id { get; init; }

    public DateTimeOffset LastAt { get; init; }
}

/// <summary>A password that nobody has: checking it takes as long as checking anybody's.</summary>
internal sealed class DecoyPassword
{
    private readonly PasswordHasher<Account> _hasher;
    private readonly Account _nobody = new() { Email = string.Empty };
    private readonly string _hash;

    public DecoyPassword(IOptions<PasswordHasherOptions> options, TimeProvider time)
    {
        _hasher = new PasswordHasher<Account>(options);
        _hash = _hasher.HashPassword(_nobody, Guid.CreateVersion7(time.GetUtcNow()).ToString());
    }

    /// <summary>Takes the time and refuses.</summary>
    public bool Refuse(string password)
    {
        _hasher.VerifyHashedPassword(_nobody, _hash, password);
        return false;
    }
}
