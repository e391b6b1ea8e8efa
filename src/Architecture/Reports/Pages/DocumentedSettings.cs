using System.Text.RegularExpressions;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>Reads the rows of <c>docs/configuration.md</c>: <c>| `key` | default | meaning |</c>.</summary>
internal static partial class DocumentedSettings
{
    private const string Page = "docs/configuration.md";

    /// <summary>The settings of a section, in the order of the page.</summary>
    public static IReadOnlyList<(string Key, string Default, string Meaning)> Of(string root, string section)
    {
        var file = Path.Combine(root, Page);
        return File.Exists(file) ? [.. File.ReadLines(file).Select(line => Row(line, $"| `{section}:")).OfType<(string, string, string)>()] : [];
    }

    private static (string Key, string Default, string Meaning)? Row(string line, string beginning) =>
        line.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) && line.Trim().Trim('|').Split(" | ") is [var key, var usual, .. var meaning] && meaning.Length > 0
            ? (key.Trim(), usual.Trim(), FromReference(string.Join(" | ", meaning).Trim()))
            : null;

    // The row is read on a page in another folder.
    private static string FromReference(string text) => RelativeLink().Replace(text, "](../");

    [GeneratedRegex(@"\]\((?![a-z]+:|#|/|\.\./)")]
    private static partial Regex RelativeLink();
}
