using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Catalog.Products;

/// <summary>SKUs for variants that come without one.</summary>
internal static class GeneratedSku
{
    private const int ReadableLength = 60;

    /// <summary>
    /// A SKU that is the same whenever it is made for the same slug and option values, and another one for all others: a readable
    /// part, then 48 bits of a SHA-256 of slug and values.
    /// </summary>
    /// <returns>For example <c>CHAIN-BRACELET-BLUE-3F2A1B9C04D7</c>.</returns>
    public static string For(string slug, IEnumerable<string> optionValues)
    {
        IReadOnlyList<string> parts = [slug, .. optionValues];
        var readable = Slug.From(string.Join('-', parts)).ToUpperInvariant();
        if (readable.Length > ReadableLength)
        {
            readable = readable[..ReadableLength].TrimEnd('-');
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts)));
        return $"{readable}-{Convert.ToHexString(hash, 0, 6)}";
    }
}
