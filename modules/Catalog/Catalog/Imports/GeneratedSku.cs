using System.Security.Cryptography;
using System.Text;
using ModularMonolith.Catalog.Products;

namespace ModularMonolith.Catalog.Imports;

/// <summary>
/// The SKU of a variant to which the file gives none: readable, the same in every import of the same handle and option values, and
/// different from every other one.
/// </summary>
internal static class GeneratedSku
{
    private const int ReadableLength = 48;

    // Crockford's base 32 leaves out the letters that are mistaken for digits.
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Makes the SKU.</summary>
    /// <param name="handle">The product's handle.</param>
    /// <param name="optionValues">The variant's values.</param>
    /// <returns>For example <c>CHAIN-BRACELET-BLUE-7X2M0C9R</c>.</returns>
    public static string For(string handle, IReadOnlyList<string> optionValues)
    {
        var readable = Slug.From(string.Join('-', [handle, .. optionValues]));
        readable = readable[..Math.Min(readable.Length, ReadableLength)].Trim('-').ToUpperInvariant();

        // The unit separator cannot be typed, so different values never make the same text.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', [handle, .. optionValues])));
        var sku = new StringBuilder(readable).Append('-');
        for (var index = 0; index < 8; index++)
        {
            sku.Append(Digits[hash[index] & 31]);
        }

        return sku.ToString();
    }
}
