using System.Text.Json.Serialization;

namespace ModularMonolith.Identity.Tokens;

/// <summary>What was granted, from which the tokens are written after the commit.</summary>
/// <param name="Subject">Whom the tokens speak for.</param>
/// <param name="ClientId">The client that gets them.</param>
/// <param name="SessionId">The session; null for a service account.</param>
/// <param name="Scope">The granted scope.</param>
/// <param name="AuthenticatedAt">When the subject signed in.</param>
/// <param name="Permissions">What the access token entitles to.</param>
/// <param name="RefreshToken">The refresh token, if there is one.</param>
/// <param name="Nonce">From the authorization request, for the id token.</param>
/// <param name="Email">The address, when the scope asks for it.</param>
internal sealed record TokenGrant(
    string Subject, string ClientId, Guid? SessionId, string Scope, DateTimeOffset AuthenticatedAt, IReadOnlyList<string> Permissions, string? RefreshToken = null, string? Nonce = null,
    string? Email = null);

/// <summary>What became of a request for tokens. A refusal is an answer, not an exception: what was noted because of it is saved.</summary>
/// <param name="Grant">What was granted; null when it was refused.</param>
/// <param name="Refusal">What the client did wrong.</param>
internal sealed record GrantOutcome(TokenGrant? Grant, string? Refusal)
{
    public static GrantOutcome Refused(string why) => new(null, why);

    public static implicit operator GrantOutcome(TokenGrant grant) => new(grant, null);
}

/// <summary>The answer of RFC 6749, section 5.1.</summary>
/// <param name="AccessToken">The access token, a JWT in the form of RFC 9068.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token expires.</param>
/// <param name="RefreshToken">For the next access token; works once.</param>
/// <param name="IdToken">Who signed in, for the client itself.</param>
/// <param name="Scope">What was granted.</param>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken,
    [property: JsonPropertyName("id_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IdToken,
    [property: JsonPropertyName("scope")] string Scope);
