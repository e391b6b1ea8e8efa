namespace ModularMonolith.Identity.Tokens;

/// <summary>The refresh tokens that came one from the other. Only the newest one is good, and its predecessor for a moment.</summary>
internal sealed class RefreshFamily
{
    /// <summary>How long the predecessor can be sent again by a client that did not get the answer.</summary>
    public static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(10);

    public Guid Id { get; set; }

    public required string Subject { get; init; }

    public required string ClientId { get; init; }

    public required Guid SessionId { get; init; }

    public required string Scope { get; init; }

    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>The hash of the newest token, which was never used.</summary>
    public string? CurrentHash { get; set; }

    /// <summary>The hash of the token that the newest one was given for.</summary>
    public string? PreviousHash { get; set; }

    public DateTimeOffset RotatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Gives out the next token in exchange for a secret.</summary>
    /// <returns>The token; null when the secret is neither the newest nor, for the moment of a retry, the one before.</returns>
    public string? Rotate(string secret, DateTimeOffset now, TimeSpan length)
    {
        if (OpaqueSecret.Matches(secret, CurrentHash))
        {
            (PreviousHash, RotatedAt) = (CurrentHash, now);
            return GiveNext(now, length);
        }

        // The newest one was never used, or it would be the previous one now. It is replaced: of what a retry leaves behind, one token works.
        return OpaqueSecret.Matches(secret, PreviousHash) && now - RotatedAt <= RetryTime ? GiveNext(now, length) : null;
    }

    /// <summary>Gives out a token.</summary>
    public string GiveNext(DateTimeOffset now, TimeSpan length)
    {
        var secret = OpaqueSecret.New();
        CurrentHash = OpaqueSecret.HashOf(secret);
        ExpiresAt = now + length;
        return $"{Id:N}.{secret}";
    }

    /// <summary>Reads a token's two parts.</summary>
    public static bool TryRead(string token, out Guid id, out string secret)
    {
        secret = token.Length == 32 + 1 + OpaqueSecret.Characters && token[32] == '.' ? token[33..] : string.Empty;
        return Guid.TryParseExact(token.Split('.')[0], "N", out id) && OpaqueSecret.HasForm(secret);
    }
}
