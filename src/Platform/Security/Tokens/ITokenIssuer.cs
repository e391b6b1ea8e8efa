using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace ModularMonolith.Platform.Security.Tokens;

/// <summary>
/// Whoever issues access tokens (RFC 9068) that this API accepts. A module that registers one as a singleton service turns bearer authentication on; issuers outside of
/// this process are named by the configuration <c>Security:Issuers</c>.
/// </summary>
public interface ITokenIssuer
{
    /// <summary>The claim <c>iss</c> of its tokens, compared letter by letter.</summary>
    string Issuer { get; }

    /// <summary>What the claim <c>aud</c> of its tokens contains when they are meant for this API.</summary>
    string Audience { get; }

    /// <summary>The claim that lists the permissions: an array of strings, or one string with blanks in between. RFC 9068, section 2.2.3.1.</summary>
    string PermissionsClaim => "entitlements";

    /// <summary>With which algorithms its tokens are signed: names of RFC 7518, section 3.1, none with a shared secret. A key serves the algorithms of its kind only.</summary>
    IReadOnlyCollection<string> Algorithms => [SecurityAlgorithms.EcdsaSha256];

    /// <summary>The header <c>typ</c> of its access tokens, which tells them from others that it signs.</summary>
    string TokenType => "at+jwt";

    /// <summary>Whether its tokens can hold a permission here.</summary>
    /// <param name="permission">The permission, <c>module:action</c>.</param>
    /// <returns>True when a token that names it holds it.</returns>
    bool CanGrant(string permission) => true;

    /// <summary>Who the caller is here, from who they are to the issuer.</summary>
    /// <param name="subject">The claim <c>sub</c>.</param>
    /// <returns>The subject that is noted and compared in this system.</returns>
    string SubjectOf(string subject) => subject;

    /// <summary>Finds a key by its name in a set of keys that the issuer published. The name comes from a token that nobody has checked yet.</summary>
    /// <param name="keyId">The header <c>kid</c>, at most 100 characters.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The key, or null when the issuer has published none of this name.</returns>
    ValueTask<SecurityKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken);
}

/// <summary>Keys that check signatures.</summary>
public static class VerificationKey
{
    private const int CoordinateLength = 32;

    // RFC 7518, section 3.3 wants no shorter ones; the longest keep a check cheap.
    private const int ShortestModulus = 2_048;
    private const int LongestModulus = 8_192;

    /// <summary>Makes a key for RS256 and PS256 (RFC 7518, sections 3.3 and 3.5).</summary>
    /// <param name="keyId">Its name.</param>
    /// <param name="modulus">The modulus, 2,048 to 8,192 bits.</param>
    /// <param name="exponent">The public exponent.</param>
    /// <returns>The key.</returns>
    /// <exception cref="CryptographicException">It is no key, or has another length.</exception>
    public static RsaSecurityKey CreateRsa(string keyId, byte[] modulus, byte[] exponent)
    {
        ArgumentNullException.ThrowIfNull(modulus);
        ArgumentNullException.ThrowIfNull(exponent);
        var key = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        if (key.KeySize is < ShortestModulus or > LongestModulus)
        {
            key.Dispose();
            throw new CryptographicException($"An RSA key has {ShortestModulus} to {LongestModulus} bits here.");
        }

        return new RsaSecurityKey(key) { KeyId = keyId, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
    }

    /// <summary>Makes a key for ES256 (RFC 7518, section 3.4) from a point on the curve P-256.</summary>
    /// <param name="keyId">Its name.</param>
    /// <param name="x">The first coordinate, 32 bytes.</param>
    /// <param name="y">The second coordinate, 32 bytes.</param>
    /// <returns>The key.</returns>
    /// <exception cref="CryptographicException">It is no point on the curve.</exception>
    public static ECDsaSecurityKey Create(string keyId, byte[] x, byte[] y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Length != CoordinateLength || y.Length != CoordinateLength)
        {
            throw new CryptographicException("A coordinate on P-256 has 32 bytes (RFC 7518, section 6.2.1.2).");
        }

        var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
        return new ECDsaSecurityKey(key)
        {
            KeyId = keyId,
            // The library's cache goes by the key's name alone, and two issuers may use the same name.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
    }
}
