using System.Globalization;
using System.Text;

namespace ModularMonolith.Catalog.Products;

/// <summary>The last part of a product page's address.</summary>
internal static class Slug
{
    private const string Marked = "àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľŀłñńņňŉòóôõöøōŏőŕŗřśŝşšţťŧùúûüũūŭůűųŵýÿŷźżž";
    private const string Plain = "aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijklllllnnnnnooooooooorrrsssstttuuuuuuuuuuwyyyzzz";

    /// <summary>Whether a text can be a slug: letters of any script in lower case, digits, hyphens, underscores and dots.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= ProductLimits.Slug }
        && text.All(static letter => letter is '-' or '_' or '.' || (char.IsLetterOrDigit(letter) && char.ToLowerInvariant(letter) == letter) || IsMark(letter))
        && text.Any(static letter => letter is not '.');

    /// <summary>Makes a slug of a title: <c>Crème Brûlée (small)</c> becomes <c>creme-brulee-small</c>.</summary>
    /// <returns>A valid slug, <c>product</c> when the title has no letters and digits.</returns>
    public static string From(string title)
    {
        var slug = new StringBuilder(title.Length);
        foreach (var letter in title)
        {
            Append(slug, char.ToLowerInvariant(letter));
        }

        // Room for the number that makes it unique.
        var length = Math.Min(slug.Length, ProductLimits.Slug - 20);
        while (length > 0 && slug[length - 1] == '-')
        {
            length--;
        }

        return length == 0 ? "product" : slug.ToString(0, length);
    }

    private static void Append(StringBuilder slug, char letter)
    {
        // Invariant globalization has no Unicode normalisation, which would otherwise split off the marks.
        var marked = Marked.IndexOf(letter, StringComparison.Ordinal);
        switch (letter)
        {
            case 'ß':
                slug.Append("ss");
                break;
            case 'æ':
                slug.Append("ae");
                break;
            case 'œ':
                slug.Append("oe");
                break;
            case '\'' or '’':
                break;
            case var _ when marked >= 0:
                slug.Append(Plain[marked]);
                break;
            case var _ when char.IsLetterOrDigit(letter) || IsMark(letter):
                slug.Append(letter);
                break;
            default:
                if (slug.Length > 0 && slug[^1] != '-')
                {
                    slug.Append('-');
                }

                break;
        }
    }

    private static bool IsMark(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
