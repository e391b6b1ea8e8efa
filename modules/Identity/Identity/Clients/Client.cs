using JasperFx;

namespace ModularMonolith.Identity.Clients;

/// <summary>A program that asks for tokens (RFC 6749, section 2).</summary>
internal sealed class Client : IRevisioned
{
    /// <summary>What stands for all permissions, also those that modules declare later.</summary>
    public const string AnyPermission = "*";

    /// <summary>What the subjects of service accounts begin with.</summary>
    public const string SubjectPrefix = "client:";

    /// <summary>The client of the operations that take a password themselves (<c>POST /sign-in</c>). It exists without having been made.</summary>
    public static readonly Client FirstParty = new()
    {
        Id = "first-party",
        Name = "The shop's own front ends",
        Grants = [Clients.Grants.RefreshToken],
        Scopes = [Clients.Scopes.OpenId, Clients.Scopes.Email],
        Permissions = [AnyPermission],
    };

    public required string Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The hash of the secret; null for a public client, which cannot keep one.</summary>
    public string? SecretHash { get; set; }

    public List<string> RedirectUris { get; set; } = [];

    public List<string> Grants { get; set; } = [];

    public List<string> Scopes { get; set; } = [];

    /// <summary>What it can do at most for those who use it.</summary>
    public List<string> Permissions { get; set; } = [];

    /// <summary>The roles of a service account: what it can do by itself, with the grant client_credentials.</summary>
    public List<string> Roles { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public int Version { get; set; }

    public bool IsConfidential => SecretHash is not null;

    public bool Allows(string permission) => Permissions.Contains(AnyPermission) || Permissions.Contains(permission);
}

/// <summary>The grants (RFC 6749, section 1.3).</summary>
internal static class Grants
{
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";
    public const string ClientCredentials = "client_credentials";

    public static readonly IReadOnlyList<string> All = [AuthorizationCode, RefreshToken, ClientCredentials];
}

/// <summary>The scopes (RFC 6749, section 3.3): those of OpenID Connect, and any permission, which limits a token to what it names.</summary>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Email = "email";
    public const int Longest = 1_000;

    public static readonly IReadOnlyList<string> OfProtocol = [OpenId, Email];

    public static bool Has(string scope, string name) => NamesIn(scope).Contains(name);

    public static string[] NamesIn(string? scope) => scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The scope that is granted for what was asked; null when the client may not ask for it.</summary>
    public static string? Grant(Client client, string? asked)
    {
        var names = NamesIn(asked).Distinct(StringComparer.Ordinal).ToList();
        return asked?.Length > Longest || names.Exists(name => !(OfProtocol.Contains(name) ? client.Scopes.Contains(name) : name.Contains(':', StringComparison.Ordinal) && client.Allows(name)))
            ? null
            : string.Join(' ', names);
    }
}
