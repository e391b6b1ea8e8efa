namespace ModularMonolith.Identity.Tokens;

/// <summary>A code that stands for an answered authorization request until the client exchanges it (RFC 6749, section 4.1).</summary>
internal sealed class AuthorizationCode
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    /// <summary>The hash of the code.</summary>
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>The challenge of RFC 7636, always with S256.</summary>
    public required string Challenge { get; init; }

    public required string Subject { get; init; }

    public required Guid SessionId { get; init; }

    public required string Scope { get; init; }

    public string? Nonce { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>The refresh tokens that it was exchanged for.</summary>
    public Guid? FamilyId { get; set; }
}
