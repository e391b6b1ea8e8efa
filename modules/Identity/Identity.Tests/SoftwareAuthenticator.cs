using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace ModularMonolith.Identity.Tests;

/// <summary>A device with one passkey (ES256), as WebAuthn Level 3 describes what it answers.</summary>
internal sealed class SoftwareAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);

    private uint _count;
    private string? _userHandle;

    public string Origin { get; set; } = "https://shop.example";

    public bool VerifiesUser { get; set; } = true;

    /// <summary>Devices that share their passkeys do not count how often one is used.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>What <c>navigator.credentials.create</c> answers.</summary>
    public object Create(JsonElement options)
    {
        _userHandle = options.GetProperty("user").GetProperty("id").GetString();
        var clientData = ClientData("webauthn.create", options);
        var data = AuthenticatorData(options.GetProperty("rp").GetProperty("id").GetString()!, HasCredential);
        byte[] attested = [.. data, .. new byte[16], .. BigEndian((ushort)_id.Length), .. _id, .. PublicKey()];
        // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR (RFC 8949)
        byte[] attestation = [0xa3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xa0, .. Text("authData"), .. Bytes(attested)];
        return Credential(new { clientDataJSON = Encode(clientData), attestationObject = Encode(attestation), transports = new[] { "internal" } });
    }

    /// <summary>What <c>navigator.credentials.get</c> answers.</summary>
    public object Get(JsonElement options)
    {
        var clientData = ClientData("webauthn.get", options);
        var data = AuthenticatorData(options.GetProperty("rpId").GetString()!, 0);
        var signature = _key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new { clientDataJSON = Encode(clientData), authenticatorData = Encode(data), signature = Encode(signature), userHandle = _userHandle });
    }

    public void Dispose() => _key.Dispose();

    private object Credential(object response) => new { id = Encode(_id), rawId = Encode(_id), type = "public-key", clientExtensionResults = new { }, response };

    private byte[] ClientData(string type, JsonElement options) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = false });

    private byte[] AuthenticatorData(string domain, byte flags) =>
        [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), (byte)(flags | UserPresent | (VerifiesUser ? UserVerified : 0)), .. BigEndian(Counts ? ++_count : 0)];

    // COSE_Key (RFC 9053, section 7.1.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        return [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, .. Bytes(point.X!), 0x22, .. Bytes(point.Y!)];
    }

    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Bytes(byte[] bytes) => bytes.Length < 256 ? [0x58, (byte)bytes.Length, .. bytes] : [0x59, .. BigEndian((ushort)bytes.Length), .. bytes];

    private static byte[] BigEndian(ushort number)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] BigEndian(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    private static string Encode(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
