using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Secrets of 256 random bits that this server hands out and keeps only the hash of. They cannot be guessed, so a plain SHA-256 is enough.</summary>
internal static class OpaqueSecret
{
    private const int Length = 32;

    /// <summary>The number of characters of a secret.</summary>
    public const int Characters = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    public static string HashOf(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    public static bool Matches(string secret, string? hash) =>
        hash is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(hash));

    public static bool HasForm(string? text) => text is { Length: Characters } && Base64Url.IsValid(text);
}
