using System.Security.Claims;
using System.Text.Json;

namespace ModularMonolith.Platform.Security.Tokens;

/// <summary>Checks access tokens.</summary>
public interface IAccessTokens
{
    /// <summary>
    /// Checks a token as RFC 9068, section 4 asks: kind, algorithm (ES256 and no other), issuer, audience, signature by a key that the issuer published, and times.
    /// Keys and addresses in the token's own header are ignored.
    /// </summary>
    /// <param name="token">The token as it came.</param>
    /// <param name="cancellationToken">Stops the search for the key.</param>
    /// <returns>What it says, or null when it does not hold; why is not told.</returns>
    ValueTask<AccessToken?> CheckAsync(string token, CancellationToken cancellationToken);
}

/// <summary>An access token that holds.</summary>
/// <param name="Identity">Whom it speaks for, with the claims of <see cref="CallerClaims"/>.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Payload">All that it says.</param>
public sealed record AccessToken(ClaimsIdentity Identity, ITokenIssuer Issuer, JsonElement Payload);
