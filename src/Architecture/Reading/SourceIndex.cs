using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Where types are declared.</summary>
internal sealed class SourceIndex(IReadOnlyList<SourceFile> files)
{
    private readonly Dictionary<string, SourceSpan> _declarations = files.SelectMany(static file => file.Declarations)
        .GroupBy(static declaration => declaration.FullName, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First().Span, StringComparer.Ordinal);

    private readonly HashSet<string> _files = files.Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a file is one of the project's sources.</summary>
    public bool Has(string path) => _files.Contains(path);

    /// <summary>The declaration of a type by its compiled name, or null.</summary>
    public SourceSpan? Declaration(string fullName)
    {
        var plain = TypeNames.Written(fullName);
        while (plain.IndexOf('`', StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = start + 1;
            while (end < plain.Length && char.IsDigit(plain[end]))
            {
                end++;
            }

            plain = plain[..start] + plain[end..];
        }

        return _declarations.GetValueOrDefault(plain);
    }
}
