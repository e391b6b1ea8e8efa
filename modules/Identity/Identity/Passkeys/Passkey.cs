using Microsoft.AspNetCore.Identity;

namespace ModularMonolith.Identity.Passkeys;

/// <summary>A public key of somebody's device (WebAuthn Level 3). The private one never leaves the device.</summary>
internal sealed class Passkey
{
    /// <summary>The credential's id in base64url: nobody can register a credential that somebody has already.</summary>
    public required string Id { get; init; }

    public required Guid AccountId { get; init; }

    public string? Name { get; set; }

    public required byte[] PublicKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public uint SignCount { get; set; }

    public string[] Transports { get; init; } = [];

    public bool IsUserVerified { get; set; }

    public bool IsBackupEligible { get; init; }

    public bool IsBackedUp { get; set; }

    public required byte[] AttestationObject { get; init; }

    public required byte[] ClientDataJson { get; init; }

    public UserPasskeyInfo ToInfo(byte[] credentialId) =>
        new(credentialId, PublicKey, CreatedAt, SignCount, Transports, IsUserVerified, IsBackupEligible, IsBackedUp, AttestationObject, ClientDataJson) { Name = Name };
}

/// <summary>A question to a device that waits for its answer.</summary>
internal sealed class PasskeyChallenge
{
    /// <summary>How long it waits.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    public Guid Id { get; set; }

    /// <summary>For whom a passkey is registered; null for a sign-in.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>What the framework needs to check the answer.</summary>
    public required string State { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A question to a device: <c>navigator.credentials.create</c> or <c>get</c> takes the options.</summary>
/// <param name="ChallengeId">To be sent with the device's answer. It works once, for five minutes.</param>
/// <param name="Options">The options in the JSON form of WebAuthn Level 3, section 5.1.</param>
internal sealed record PasskeyQuestion(Guid ChallengeId, System.Text.Json.JsonElement Options);
