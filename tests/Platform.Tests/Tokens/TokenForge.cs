using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using ModularMonolith.Platform.Security.Tokens;

namespace ModularMonolith.Platform.Tests.Tokens;

/// <summary>An issuer in the test's hands, which also makes tokens that no honest issuer would.</summary>
internal sealed class TokenForge : ITokenIssuer, IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now;
    private readonly ECDsaSecurityKey _public;

    public TokenForge(DateTimeOffset now, string issuer = "https://issuer.example", string keyId = "first")
    {
        (_now, Issuer, KeyId) = (now, issuer, keyId);
        var point = _key.ExportParameters(false).Q;
        (X, Y) = (point.X!, point.Y!);
        _public = VerificationKey.Create(keyId, X, Y);
    }

    public string Issuer { get; }

    public string KeyId { get; }

    public string Audience => "https://api.example";

    public byte[] X { get; }

    public byte[] Y { get; }

    public List<string> Asked { get; } = [];

    public JsonObject Header(params (string Name, JsonNode? Value)[] changes) =>
        With(new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = KeyId }, changes);

    public JsonObject Payload(params (string Name, JsonNode? Value)[] changes) => With(
        new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "ann",
            ["client_id"] = "shop",
            ["sid"] = "a session",
            ["scope"] = "openid",
            ["iat"] = _now.ToUnixTimeSeconds(),
            ["exp"] = _now.AddMinutes(10).ToUnixTimeSeconds(),
            ["entitlements"] = new JsonArray("notes:read", "notes:write"),
        },
        changes);

    public string Sign(JsonObject header, JsonObject payload, Func<byte[], byte[]>? signature = null) => SignText(header.ToJsonString(), payload.ToJsonString(), signature);

    public string SignText(string header, string payload, Func<byte[], byte[]>? signature = null)
    {
        var signed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        var bytes = Encoding.UTF8.GetBytes(signed);
        return signed + "." + Base64Url.EncodeToString(signature is null ? SignWith(_key, bytes) : signature(bytes));
    }

    public static byte[] SignWith(ECDsa key, byte[] bytes) => key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public ValueTask<SecurityKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        Asked.Add(keyId);
        return new(keyId == KeyId ? _public : null);
    }

    public byte[] SubjectPublicKeyInfo() => _key.ExportSubjectPublicKeyInfo();

    public void Dispose() => _key.Dispose();

    // A null takes the member away.
    private static JsonObject With(JsonObject json, (string Name, JsonNode? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                json.Remove(name);
            }
            else
            {
                json[name] = value;
            }
        }

        return json;
    }
}
