using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Looks a word up in a source file, for the few places that neither symbols nor facts know.</summary>
internal static class SourceLines
{
    private const int LinesOfAttributes = 12;
    private const int LinesOfSignature = 60;

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

    /// <summary>The place of a text in a statement; of one that is put together that of its longest part.</summary>
    public static SourceSpan? OfText(CodeGraph graph, SourceSpan? statement, string text) =>
        text.Split(TextUse.Hole, StringSplitOptions.RemoveEmptyEntries).MaxBy(static part => part.Length) is { } part ? Find(graph, statement, null, [part]) : null;

    /// <summary>The place of a text in the lines just above a declaration: in its attributes.</summary>
    public static SourceSpan? FindAbove(CodeGraph graph, SourceSpan? declaration, string text) => declaration is null
        ? null
        : Find(graph, declaration with { Line = Math.Max(1, declaration.Line - LinesOfAttributes), Column = 1, EndLine = declaration.Line }, null, [text]);

    /// <summary>
    /// The place of a member's name where it is declared: above its first statement, or, when it has none, behind the beginning of its type. Null where neither names it.
    /// </summary>
    public static SourceSpan? Declaration(CodeGraph graph, TypeFacts type, MemberFacts member)
    {
        var name = member.Kind == MemberKind.Constructor ? type.Name.Name : member.SourceName[(member.SourceName.LastIndexOf('.') + 1)..];
        var place = member.Place ?? type.Place;
        var file = place is null ? null : Path.Combine(graph.Root, place.File);
        if (place is null || !File.Exists(file))
        {
            return null;
        }

        var lines = File.ReadAllLines(file);
        var isBelow = member.Place is null || member.Place == type.Place;
        for (var number = place.Line; number > 0 && number <= lines.Length && Math.Abs(number - place.Line) < LinesOfSignature; number += isBelow ? 1 : -1)
        {
            var line = lines[number - 1];
            if (!line.TrimStart().StartsWith("//", StringComparison.Ordinal) && At(line, name) is { } column && line.AsSpan(column + name.Length).TrimStart() is ['(' or '<', ..]
                && IsBehindType(line.AsSpan(0, column)))
            {
                return new SourceSpan(place.File, number, column + 1, number, column + 1 + name.Length);
            }
        }

        return null;
    }

    // Not behind an operator, a call or a keyword of code.
    private static bool IsBehindType(ReadOnlySpan<char> before)
    {
        var text = before.TrimEnd();
        return before.Length == 0 || (text.Length == 0 ? before.Length > 0 : before[^1] == ' ' && (char.IsLetterOrDigit(text[^1]) || text[^1] is '>' or ']' or '?' or ')' or '_') && !text.EndsWith("=>") && !text.EndsWith("return") && !text.EndsWith("await") && !text.EndsWith("new"));
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
