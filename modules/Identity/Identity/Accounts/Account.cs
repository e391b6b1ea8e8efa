using JasperFx;

namespace ModularMonolith.Identity.Accounts;

/// <summary>Somebody who can sign in. The address is the user name; it was verified before the account was opened.</summary>
internal sealed class Account : IRevisioned
{
    public Guid Id { get; set; }

    public required string Email { get; set; }

    public string NormalizedEmail { get; set; } = string.Empty;

    public string? PasswordHash { get; set; }

    public string SecurityStamp { get; set; } = string.Empty;

    /// <summary>The secret shared with the authenticator app, encrypted with data protection.</summary>
    public string? AuthenticatorKey { get; set; }

    public bool HasSecondFactor { get; set; }

    /// <summary>The hashes of the recovery codes that are left, encrypted with data protection.</summary>
    public string? RecoveryCodes { get; set; }

    /// <summary>Codes of the authenticator app that were accepted, while they could still be sent again.</summary>
    public List<UsedCode> UsedCodes { get; set; } = [];

    public int FailedAttempts { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    public List<string> Roles { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>When password or address were changed; links that were asked for earlier do not work any more.</summary>
    public DateTimeOffset CredentialsChangedAt { get; set; }

    public int Version { get; set; }

    /// <summary>Who the account is in tokens, headers and audits.</summary>
    public string Subject => Id.ToString();

    public bool IsLockedAt(DateTimeOffset now) => LockedUntil > now;

    /// <summary>Counts a wrong password or code.</summary>
    /// <returns>True when it was the one that locks the account.</returns>
    public bool Fail(DateTimeOffset now, IdentitySettings settings)
    {
        FailedAttempts++;
        if (FailedAttempts < settings.LockoutFailures)
        {
            return false;
        }

        FailedAttempts = 0;
        LockedUntil = now + settings.Lockout;
        return true;
    }

    public void Unlock()
    {
        FailedAttempts = 0;
        LockedUntil = null;
    }
}

/// <summary>A code that was accepted.</summary>
/// <param name="Code">Six digits.</param>
/// <param name="At">When.</param>
internal sealed record UsedCode(string Code, DateTimeOffset At);
