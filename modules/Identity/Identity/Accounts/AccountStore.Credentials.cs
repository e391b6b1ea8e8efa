using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace ModularMonolith.Identity.Accounts;

/// <summary>What proves who somebody is. What has to be read again is encrypted, what only has to be compared is hashed.</summary>
internal sealed partial class AccountStore
{
    private const string AuthenticatorPurpose = "identity.authenticator-key";
    private const string RecoveryPurpose = "identity.recovery-codes";

    public Task SetPasswordHashAsync(Account user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(Account user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);

    public Task SetLockoutEndDateAsync(Account user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        return Task.CompletedTask;
    }

    public Task<int> IncrementAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedAttempts);

    public Task ResetAccessFailedCountAsync(Account user, CancellationToken cancellationToken)
    {
        user.FailedAttempts = 0;
        return Task.CompletedTask;
    }

    public Task<int> GetAccessFailedCountAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.FailedAttempts);

    // Whoever could switch it off for an account could guess its password.
    public Task<bool> GetLockoutEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetTwoFactorEnabledAsync(Account user, bool enabled, CancellationToken cancellationToken)
    {
        user.HasSecondFactor = enabled;
        return Task.CompletedTask;
    }

    public Task<bool> GetTwoFactorEnabledAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.HasSecondFactor);

    public Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken)
    {
        user.AuthenticatorKey = protection.CreateProtector(AuthenticatorPurpose).Protect(key);
        return Task.CompletedTask;
    }

    public Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult(user.AuthenticatorKey is { } stored ? protection.CreateProtector(AuthenticatorPurpose).Unprotect(stored) : null);

    public Task ReplaceCodesAsync(Account user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        Write(user, [.. recoveryCodes.Select(code => HashOf(user, code))]);
        return Task.CompletedTask;
    }

    public Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken)
    {
        var codes = Read(user);
        var isOurs = codes.Remove(HashOf(user, code));
        if (isOurs)
        {
            Write(user, codes);
        }

        return Task.FromResult(isOurs);
    }

    public Task<int> CountCodesAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(Read(user).Count);

    private List<string> Read(Account account) => account.RecoveryCodes is { } stored
        ? JsonSerializer.Deserialize<List<string>>(protection.CreateProtector(RecoveryPurpose).Unprotect(stored)) ?? []
        : [];

    private void Write(Account account, List<string> hashes) => account.RecoveryCodes = protection.CreateProtector(RecoveryPurpose).Protect(JsonSerializer.Serialize(hashes));

    // A fast hash is enough: codes are random, and their hashes are encrypted besides.
    private static string HashOf(Account account, string code) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(account.Id + "\n" + code.Trim().ToUpperInvariant())));
}
