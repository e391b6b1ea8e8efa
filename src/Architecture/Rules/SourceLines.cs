using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Looks a word up in a source file, for the few places that neither symbols nor facts know.</summary>
internal static class SourceLines
{
    /// <summary>The first place of a word on a line that has another word too, within a span; null where there is none, or no such file.</summary>
    public static SourceSpan? Find(CodeGraph graph, SourceSpan? within, string besides, string word)
    {
        var file = within is null ? null : Path.Combine(graph.Root, within.File);
        if (within is null || !File.Exists(file))
        {
            return null;
        }

        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (number > within.EndLine)
            {
                break;
            }

            if (number >= within.Line && line.Contains(besides, StringComparison.Ordinal) && At(line, word) is { } column)
            {
                return new SourceSpan(within.File, number, column + 1, number, column + 1 + word.Length);
            }
        }

        return null;
    }

    /// <summary>The place of a text in a statement, else behind it in its type: a text may be put together over several statements. Letters may be large or small.</summary>
    public static SourceSpan? Find(CodeGraph graph, SourceSpan? statement, SourceSpan? type, IReadOnlyList<string> texts)
    {
        var file = statement is null ? null : Path.Combine(graph.Root, statement.File);
        if (statement is null || !File.Exists(file))
        {
            return null;
        }

        var lines = File.ReadAllLines(file);
        var last = Math.Min(type is not null && type.File == statement.File ? Math.Max(type.EndLine, statement.EndLine) : statement.EndLine, lines.Length);
        foreach (var (first, end) in new[] { (statement.Line, Math.Min(statement.EndLine, lines.Length)), (statement.EndLine + 1, last) })
        {
            foreach (var text in texts)
            {
                for (var number = first; number <= end; number++)
                {
                    var from = number == statement.Line ? Math.Min(statement.Column - 1, lines[number - 1].Length) : 0;
                    if (lines[number - 1].IndexOf(text, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var column)
                    {
                        return new SourceSpan(statement.File, number, column + 1, number, column + 1 + text.Length);
                    }
                }
            }
        }

        return null;
    }

    private static int? At(string line, string word)
    {
        for (var at = line.IndexOf(word, StringComparison.Ordinal); at >= 0; at = line.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsPart(line[at - 1])) && (at + word.Length == line.Length || !IsPart(line[at + word.Length])))
            {
                return at;
            }
        }

        return null;
    }

    private static bool IsPart(char character) => char.IsLetterOrDigit(character) || character == '_';
}
