using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Identity;

/// <summary>The module's settings; see docs/configuration.md.</summary>
internal sealed record IdentitySettings
{
    private const int DefaultPasswordIterations = 210_000;
    private const int DefaultLockoutFailures = 10;
    private const int DefaultLockoutMinutes = 15;
    private const int DefaultSessionDays = 30;
    private const int DefaultResetMinutes = 60;
    private const int DefaultVerificationHours = 24;
    private const string DefaultProductName = "Modular Monolith";

    /// <summary>PBKDF2 iterations of a password's hash.</summary>
    public required int PasswordIterations { get; init; }

    /// <summary>Failed attempts after which an account is locked.</summary>
    public required int LockoutFailures { get; init; }

    /// <summary>For how long.</summary>
    public required TimeSpan Lockout { get; init; }

    /// <summary>How long a session lives without being used.</summary>
    public required TimeSpan SessionLength { get; init; }

    /// <summary>How long the link to a new password works.</summary>
    public required TimeSpan ResetLength { get; init; }

    /// <summary>How long a link that verifies an address works.</summary>
    public required TimeSpan VerificationLength { get; init; }

    /// <summary>What authenticator apps show beside the code.</summary>
    public required string ProductName { get; init; }

    /// <summary>The domain that passkeys are bound to; null for the host name of the request.</summary>
    public required string? PasskeyDomain { get; init; }

    /// <summary>The origins of the pages that may use them; none for the request's own.</summary>
    public required IReadOnlySet<string> PasskeyOrigins { get; init; }

    public static IdentitySettings From(IConfiguration configuration) => new()
    {
        PasswordIterations = Within(configuration.GetValue("PasswordIterations", DefaultPasswordIterations), 100_000, 10_000_000, "PasswordIterations"),
        LockoutFailures = Within(configuration.GetValue("LockoutFailures", DefaultLockoutFailures), 3, 100, "LockoutFailures"),
        Lockout = TimeSpan.FromMinutes(Within(configuration.GetValue("LockoutMinutes", DefaultLockoutMinutes), 1, 1_440, "LockoutMinutes")),
        SessionLength = TimeSpan.FromDays(Within(configuration.GetValue("SessionDays", DefaultSessionDays), 1, 400, "SessionDays")),
        ResetLength = TimeSpan.FromMinutes(Within(configuration.GetValue("ResetMinutes", DefaultResetMinutes), 5, 1_440, "ResetMinutes")),
        VerificationLength = TimeSpan.FromHours(Within(configuration.GetValue("VerificationHours", DefaultVerificationHours), 1, 168, "VerificationHours")),
        ProductName = configuration.GetValue<string>("ProductName") ?? DefaultProductName,
        PasskeyDomain = configuration.GetValue<string?>("PasskeyDomain"),
        PasskeyOrigins = configuration.GetValue("PasskeyOrigins", string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase),
    };

    private static int Within(int value, int least, int most, string key) => value >= least && value <= most
        ? value
        : throw new ModuleConfigurationException($"identity:{key} is {value}; it must be between {least} and {most}.");
}
