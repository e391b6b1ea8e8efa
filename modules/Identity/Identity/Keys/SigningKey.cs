namespace ModularMonolith.Identity.Keys;

/// <summary>A key pair on the curve P-256. It signs from its time on until that of the next key.</summary>
internal sealed class SigningKey
{
    /// <summary>The name under which it is published.</summary>
    public required string Id { get; init; }

    /// <summary>The private key in the form of PKCS #8, encrypted with data protection.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>The first coordinate of the public key, in base64url.</summary>
    public required string X { get; init; }

    /// <summary>The second one.</summary>
    public required string Y { get; init; }

    public required DateTimeOffset ActiveFrom { get; init; }
}
