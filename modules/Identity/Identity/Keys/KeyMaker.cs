using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace ModularMonolith.Identity.Keys;

/// <summary>Makes signing keys and opens them again.</summary>
internal sealed class KeyMaker(IDataProtectionProvider protection, TimeProvider time)
{
    private readonly IDataProtector _protector = protection.CreateProtector("identity.signing-keys");

    public SigningKey Make(DateTimeOffset activeFrom)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var privateKey = key.ExportPkcs8PrivateKey();
        var point = key.ExportParameters(false).Q;
        try
        {
            return new SigningKey
            {
                Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
                PrivateKey = Base64Url.EncodeToString(_protector.Protect(privateKey)),
                X = Base64Url.EncodeToString(point.X),
                Y = Base64Url.EncodeToString(point.Y),
                ActiveFrom = activeFrom,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    public SigningCredentials Open(SigningKey stored)
    {
        var privateKey = _protector.Unprotect(Base64Url.DecodeFromChars(stored.PrivateKey));
        try
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(privateKey, out _);
            return new SigningCredentials(
                new ECDsaSecurityKey(key) { KeyId = stored.Id, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } }, SecurityAlgorithms.EcdsaSha256);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }
}
