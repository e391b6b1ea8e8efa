using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Ordering;

/// <summary>Ids that follow from another one, so that whoever does the same again names the same thing. Name-based UUIDs of version 8 (RFC 9562, section 5.8).</summary>
internal static class DerivedId
{
    public static Guid Of(Guid id, string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{id:N} {name}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
