using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Looks into source files for the place of what the compiled code does not locate. Only findings are looked up.</summary>
internal static class SourceText
{
    /// <summary>Where a text first stands in one of a project's sources, behind another text of the same file; null when it stands in none.</summary>
    /// <remarks>Where another text follows it, it is a different name.</remarks>
    public static SourceSpan? Find(string root, ProjectFacts? project, string text, string behind = "", string except = "") =>
        project?.Sources.Select(file => FindIn(root, file.Path, text, behind, except)).FirstOrDefault(static found => found is not null);

    /// <summary>Where a text first stands in a file, behind another text; null when it does not.</summary>
    public static SourceSpan? FindIn(string root, string file, string text, string behind = "", string except = "")
    {
        var path = Path.Combine(root, file);
        if (!File.Exists(path))
        {
            return null;
        }

        var content = File.ReadAllText(path);
        var from = content.IndexOf(behind, StringComparison.Ordinal);
        var at = from < 0 ? -1 : content.IndexOf(text, from, StringComparison.Ordinal);
        while (at >= 0 && except.Length > 0 && content.AsSpan(at + text.Length).StartsWith(except, StringComparison.Ordinal))
        {
            at = content.IndexOf(text, at + text.Length, StringComparison.Ordinal);
        }

        return at < 0 ? null : At(file, content, at, text.Length);
    }

    /// <summary>The place of a stretch of a file's content.</summary>
    public static SourceSpan At(string file, string content, int at, int length)
    {
        var before = content.AsSpan(0, at);
        var line = before.Count('\n') + 1;
        var column = at - before.LastIndexOf('\n');
        return new SourceSpan(file, line, column, line, column + length);
    }
}
