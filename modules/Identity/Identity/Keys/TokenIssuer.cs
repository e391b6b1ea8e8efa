using Microsoft.IdentityModel.Tokens;
using ModularMonolith.Platform.Security.Tokens;

namespace ModularMonolith.Identity.Keys;

/// <summary>This module as an issuer of access tokens. The platform checks them with the keys in this process, not over HTTP.</summary>
internal sealed class TokenIssuer(TokenSettings settings, SigningKeys keys) : ITokenIssuer
{
    public string Issuer => settings.Issuer;

    public string Audience => settings.Audience;

    public async ValueTask<SecurityKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken) => await keys.FindAsync(keyId, cancellationToken);
}
