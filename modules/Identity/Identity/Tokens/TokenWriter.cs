using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.Keys;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Writes signed tokens: access tokens (RFC 9068) and id tokens (OpenID Connect Core 1.0, section 2).</summary>
internal sealed class TokenWriter(SigningKeys keys, TokenSettings settings, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<TokenAnswer> WriteAsync(TokenGrant grant, CancellationToken cancellationToken)
    {
        var key = await keys.CurrentAsync(cancellationToken);
        var isWithIdToken = grant.SessionId is not null && Scopes.Has(grant.Scope, Scopes.OpenId);
        return new TokenAnswer(
            AccessToken(grant, key), "Bearer", (int)TokenSettings.AccessTokenLength.TotalSeconds, grant.RefreshToken, isWithIdToken ? IdToken(grant, key) : null, grant.Scope);
    }

    private string AccessToken(TokenGrant grant, SigningCredentials key)
    {
        var claims = Claims(grant, settings.Audience);
        claims[CallerClaims.Client] = grant.ClientId;
        claims["jti"] = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        claims[CallerClaims.Scope] = grant.Scope;
        claims["entitlements"] = grant.Permissions;
        return Sign(claims, key, "at+jwt");
    }

    private string IdToken(TokenGrant grant, SigningCredentials key)
    {
        var claims = Claims(grant, grant.ClientId);
        if (grant.Nonce is not null)
        {
            claims["nonce"] = grant.Nonce;
        }

        if (grant.Email is not null)
        {
            claims["email"] = grant.Email;
            claims["email_verified"] = true;
        }

        return Sign(claims, key, "JWT");
    }

    private Dictionary<string, object> Claims(TokenGrant grant, string audience)
    {
        var now = time.GetUtcNow();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = settings.Issuer,
            ["aud"] = audience,
            ["sub"] = grant.Subject,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + TokenSettings.AccessTokenLength).ToUnixTimeSeconds(),
        };
        if (grant.SessionId is { } session)
        {
            claims[CallerClaims.Session] = session.ToString();
            claims["auth_time"] = grant.AuthenticatedAt.ToUnixTimeSeconds();
        }

        return claims;
    }

    private string Sign(Dictionary<string, object> claims, SigningCredentials key, string type) =>
        _handler.CreateToken(JsonSerializer.Serialize(claims, Json), key, new Dictionary<string, object> { ["typ"] = type });
}
