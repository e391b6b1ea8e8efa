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
