namespace ModularMonolith.Identity.ApiKeys;

/// <summary>A credential of a machine, made by somebody with an account. It may what it was given, for as long as its maker may it too.</summary>
internal sealed class ApiKey
{
    /// <summary>What the subjects of keys begin with: a key is nobody's self-service, only what its permissions are.</summary>
    public const string SubjectPrefix = "key:";

    public Guid Id { get; set; }

    public required string Name { get; init; }

    /// <summary>The account that made it.</summary>
    public required Guid AccountId { get; init; }

    public required string SecretHash { get; init; }

    public required List<string> Permissions { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>A key as its maker sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Permissions">What it was given.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it works.</param>
/// <param name="LastUsedAt">When it was last used, to the minute.</param>
/// <param name="RevokedAt">When it was revoked.</param>
internal sealed record ApiKeyView(
    Guid Id, string Name, IReadOnlyList<string> Permissions, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    public static ApiKeyView Of(ApiKey key) => new(key.Id, key.Name, key.Permissions, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt);
}
