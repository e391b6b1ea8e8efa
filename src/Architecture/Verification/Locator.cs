using System.Collections.Concurrent;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Verification;

/// <summary>Symbols know statements; a reader wants the word. Finds what a finding is about inside of its statement.</summary>
/// <param name="root">The repository.</param>
public sealed class Locator(string root)
{
    private readonly ConcurrentDictionary<string, string[]> _files = new(StringComparer.Ordinal);

    /// <summary>The same finding at the very word, where the source shows it.</summary>
    public Finding Locate(Finding finding)
    {
        if (finding is not { Span: { } span, To: { } target, Kind: not (null or EdgeKind.Project or EdgeKind.Package) })
        {
            return finding;
        }

        var lines = _files.GetOrAdd(span.File, Lines);
        // The member says more than its type, which may stand far in front of it.
        foreach (var word in Words(target))
        {
            for (var line = span.Line; line <= Math.Min(span.EndLine, lines.Length); line++)
            {
                var from = line == span.Line ? span.Column - 1 : 0;
                var to = line == span.EndLine ? Math.Min(span.EndColumn - 1, lines[line - 1].Length) : lines[line - 1].Length;
                if (Find(lines[line - 1], word, from, to) is { } column)
                {
                    return finding with { Span = new SourceSpan(span.File, line, column + 1, line, column + 1 + word.Length) };
                }
            }
        }

        return finding;
    }

    private static IEnumerable<string> Words(string target) => target.Split('.').Reverse().Take(2);

    private static int? Find(string line, string word, int from, int to)
    {
        for (var at = Math.Max(from, 0); at < to && (at = line.IndexOf(word, at, StringComparison.Ordinal)) >= 0 && at + word.Length <= to; at++)
        {
            if ((at == 0 || !IsPart(line[at - 1])) && (at + word.Length == line.Length || !IsPart(line[at + word.Length])))
            {
                return at;
            }
        }

        return null;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
