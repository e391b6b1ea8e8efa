using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Platform.Http;

/// <summary>
/// Makes positions in lists into cursors that clients cannot make themselves: HMAC-SHA256 (RFC 2104), cut to 128 bits, over the position, the list and
/// its filters, under a key that all hosts share.
/// </summary>
internal sealed class CursorSeal(DatabaseAddress address)
{
    private const int TagBytes = 16;
    private const int MaximumLength = 2_000;

    // What may change from page to page: how much of each item and how many items.
    private static readonly string[] NoFilters = ["cursor", "limit", "fields"];

    private readonly Lazy<byte[]> _key = new(() => address.KeyFor("page cursors"));

    public string Seal(HttpContext http, string position)
    {
        var payload = Encoding.UTF8.GetBytes(position);
        return Base64Url.EncodeToString([.. Tag(http, payload), .. payload]);
    }

    /// <summary>The position in a cursor, or null when the cursor was not made here for this list with these filters.</summary>
    public string? Open(HttpContext http, string cursor)
    {
        if (cursor.Length > MaximumLength || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cursor);
        // The last character of such text can carry bits that mean nothing; only one spelling is ours.
        return bytes.Length > TagBytes && Base64Url.EncodeToString(bytes) == cursor && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, TagBytes), Tag(http, bytes.AsSpan(TagBytes)))
            ? Encoding.UTF8.GetString(bytes.AsSpan(TagBytes))
            : null;
    }

    private byte[] Tag(HttpContext http, ReadOnlySpan<byte> payload)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Value);
        mac.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(ListOf(http.Request))));
        mac.AppendData(payload);
        return mac.GetHashAndReset()[..TagBytes];
    }

    private static string ListOf(HttpRequest request) => string.Join('\n', request.Query
        .Where(static pair => !NoFilters.Contains(pair.Key))
        .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
        .SelectMany(static pair => pair.Value, static (pair, value) => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? string.Empty)}")
        .Prepend(request.Path.Value?.ToLowerInvariant()));
}
