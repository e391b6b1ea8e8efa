using System.Net;
using System.Text;

namespace ModularMonolith.Catalog.Products;

/// <summary>The words of an HTML text, for search. Not for showing: it makes nothing safe.</summary>
internal static class PlainText
{
    /// <summary>Drops tags, comments and the contents of script and style, and decodes entities.</summary>
    /// <param name="html">Any text; broken HTML is read as far as it goes.</param>
    /// <param name="maximumLength">Where to stop, in characters of the result.</param>
    public static string Of(string html, int maximumLength)
    {
        var text = new StringBuilder(Math.Min(html.Length, maximumLength));
        var place = 0;
        while (place < html.Length && text.Length < maximumLength)
        {
            var tag = html.IndexOf('<', place);
            var end = tag < 0 ? html.Length : tag;
            text.Append(html, place, Math.Min(end - place, maximumLength - text.Length)).Append(' ');
            place = tag < 0 ? html.Length : AfterTag(html, tag);
        }

        return WebUtility.HtmlDecode(text.ToString()).Trim();
    }

    private static int AfterTag(string html, int tag)
    {
        var rest = html.AsSpan(tag);
        if (rest.StartsWith("<!--", StringComparison.Ordinal))
        {
            return After(html, "-->", tag);
        }

        foreach (var hidden in (ReadOnlySpan<string>)["script", "style"])
        {
            if (rest[1..].StartsWith(hidden, StringComparison.OrdinalIgnoreCase))
            {
                return After(html, ">", html.IndexOf("</" + hidden, tag, StringComparison.OrdinalIgnoreCase));
            }
        }

        // A lone "<", as in "sizes < 40", opens no tag.
        return rest.Length > 1 && (char.IsAsciiLetter(rest[1]) || rest[1] is '/' or '!') ? After(html, ">", tag) : tag + 1;
    }

    private static int After(string html, string closing, int from)
    {
        var end = from < 0 ? -1 : html.IndexOf(closing, from, StringComparison.Ordinal);
        return end < 0 ? html.Length : end + closing.Length;
    }
}
