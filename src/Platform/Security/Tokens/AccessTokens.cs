using System.Buffers.Text;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ModularMonolith.Platform.Security.Tokens;

/// <summary>
/// Reads strictly what decides (kind, algorithm, key, times) with the platform's own JSON reader, and leaves form and signature to the library. RFC 8725 lists the attacks that each
/// check is for.
/// </summary>
internal sealed class AccessTokens(IEnumerable<ITokenIssuer> issuers, TimeProvider time) : IAccessTokens
{
    private const int LongestToken = 16 * 1024;
    private const int LongestKeyId = 100;
    private const int LongestSubject = 200;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken };
    private readonly ITokenIssuer[] _issuers = [.. issuers];

    public async ValueTask<AccessToken?> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (!TryRead(token, out var header, out var payload)
            || TextOf(header, "alg") is not { } algorithm
            // RFC 7515, section 4.1.11: what must be understood and is not known here is refused.
            || header.TryGetProperty("crit", out _)
            || TextOf(header, "kid") is not { Length: > 0 and <= LongestKeyId } keyId
            || TextOf(payload, "iss") is not { } name
            || Array.Find(_issuers, issuer => issuer.Issuer == name) is not { } issuer
            || !issuer.Algorithms.Contains(algorithm, StringComparer.Ordinal)
            || !IsAccessToken(TextOf(header, "typ"), issuer.TokenType)
            || !IsFor(payload, issuer.Audience)
            || !IsNow(payload)
            || TextOf(payload, "sub") is not { Length: > 0 and <= LongestSubject } subject
            || await issuer.FindKeyAsync(keyId, cancellationToken) is not { } key
            || !Fits(key, algorithm)
            || !IsSigned(token, key))
        {
            return null;
        }

        return new AccessToken(IdentityOf(payload, issuer, issuer.SubjectOf(subject)), issuer, payload);
    }

    private static bool TryRead(string token, out JsonElement header, out JsonElement payload)
    {
        header = payload = default;
        var parts = token.Length <= LongestToken ? token.Split('.', 4) : [];
        return parts.Length == 3 && TryParse(parts[0], out header) && TryParse(parts[1], out payload);
    }

    private static bool TryParse(string part, out JsonElement json)
    {
        json = default;
        if (!Base64Url.IsValid(part))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part), Strict);
            json = document.RootElement.Clone();
            ReadTexts(json);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // The reader takes bytes that are no UTF-8 and halves of surrogate pairs, and throws only at whoever asks for the text.
    private static void ReadTexts(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                json.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    ReadTexts(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    ReadTexts(member.Value);
                }

                break;
        }
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // RFC 9068, section 4: with or without the prefix that RFC 7515 lets issuers leave out.
    private static bool IsAccessToken(string? type, string expected) =>
        expected.Equals(type, StringComparison.OrdinalIgnoreCase) || ("application/" + expected).Equals(type, StringComparison.OrdinalIgnoreCase);

    // A key is asked for nothing that it was not made for, whatever the library would try.
    private static bool Fits(SecurityKey key, string algorithm) => algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => key is ECDsaSecurityKey,
        SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.RsaSsaPssSha256 => key is RsaSecurityKey,
        _ => false,
    };

    private static bool IsFor(JsonElement payload, string audience) => payload.TryGetProperty("aud", out var value) && value.ValueKind switch
    {
        JsonValueKind.String => value.ValueEquals(audience),
        JsonValueKind.Array => value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(audience)),
        _ => false,
    };

    private bool IsNow(JsonElement payload)
    {
        var now = time.GetUtcNow();
        return SecondsOf(payload, "exp") is { } expires && now < Add(expires, Skew)
            && (!payload.TryGetProperty("nbf", out _) || (SecondsOf(payload, "nbf") is { } begins && now >= Add(begins, -Skew)))
            && (!payload.TryGetProperty("iat", out _) || (SecondsOf(payload, "iat") is { } issued && now >= Add(issued, -Skew)));
    }

    private static DateTimeOffset Add(long seconds, TimeSpan skew) => DateTimeOffset.FromUnixTimeSeconds(seconds) + skew;

    private static long? SecondsOf(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > 0 and < 100_000_000_000
            ? (long)seconds
            : null;

    private bool IsSigned(string token, SecurityKey key) => _handler.ValidateToken(token, new TokenValidationParameters
    {
        RequireSignedTokens = true,
        IssuerSigningKeyResolver = (_, _, _, _) => [key],
        // Checked above, by the host's clock and without the library's leniency.
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
    }).IsValid;

    private static ClaimsIdentity IdentityOf(JsonElement payload, ITokenIssuer issuer, string subject)
    {
        var identity = new ClaimsIdentity("Bearer", CallerClaims.Subject, null);
        identity.AddClaim(new Claim(CallerClaims.Subject, subject));
        foreach (var name in (ReadOnlySpan<string>)[CallerClaims.Session, CallerClaims.Client, CallerClaims.Scope])
        {
            if (TextOf(payload, name) is { } value)
            {
                identity.AddClaim(new Claim(name, value));
            }
        }

        if (payload.TryGetProperty(issuer.PermissionsClaim, out var permissions))
        {
            identity.AddClaims(NamesIn(permissions).Distinct(StringComparer.Ordinal).Where(issuer.CanGrant).Select(static permission => new Claim(CallerClaims.Permission, permission)));
        }

        return identity;
    }

    private static IEnumerable<string> NamesIn(JsonElement claim) => claim.ValueKind switch
    {
        JsonValueKind.String => claim.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        JsonValueKind.Array => claim.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!),
        _ => [],
    };
}
