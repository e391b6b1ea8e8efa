using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Impact;

/// <summary>What became of a file.</summary>
public enum ChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It has other contents.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>It has another place, and perhaps other contents.</summary>
    Renamed,
}

/// <summary>A file that a change touches.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Path">Where it is, or was when it is gone; relative, with slashes.</param>
/// <param name="FormerPath">Where it was before; the same unless it was renamed.</param>
/// <param name="Types">The full names of the types whose declarations are touched, in a C# file: nested ones behind a slash, without arity. Types that are gone included.</param>
public sealed record ChangedFile(ChangeKind Kind, string Path, string FormerPath, IReadOnlyList<string> Types)
{
    /// <summary>Which types some lines of a source touch: a line belongs to the innermost declaration around it, one outside of all to the next below, as attributes and comments do.</summary>
    /// <param name="declarations">The declarations of the file.</param>
    /// <param name="lines">The lines, from 1.</param>
    /// <returns>The names, in order, each once.</returns>
    public static IReadOnlyList<string> Touched(IReadOnlyList<Declaration> declarations, IEnumerable<int> lines)
    {
        var inOrder = declarations.OrderBy(static declaration => declaration.Span.Line).ToList();
        return [.. lines.Select(line =>
                inOrder.LastOrDefault(declaration => declaration.Span.Line <= line && line <= declaration.Span.EndLine)
                ?? inOrder.FirstOrDefault(declaration => declaration.Span.Line > line) ?? inOrder.LastOrDefault())
            .OfType<Declaration>().Select(static declaration => declaration.FullName).Distinct().Order(StringComparer.Ordinal)];
    }
}
