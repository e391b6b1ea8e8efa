using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Architecture.Rules;

/// <summary>
/// Finds the line of what a finding is about inside of the statement or declaration that symbols and sources locate: a statement may have many lines, and a declaration has its whole body. Only
/// findings are looked up.
/// </summary>
internal sealed class SourcePlaces(string root)
{
    private readonly Dictionary<string, string[]?> _lines = new(StringComparer.Ordinal);

    /// <summary>The finding at the first place in its stretch that names what it is about; the finding as it is where none does.</summary>
    public Finding Refine(Finding finding)
    {
        if (finding is not { Span: { } span, To: { } target, Kind: { } kind } || !span.File.EndsWith(".cs", StringComparison.Ordinal) || Lines(span.File) is not { } lines || span.Line > lines.Length)
        {
            return finding;
        }

        var last = EndOf(lines, span, kind);
        foreach (var name in Names(target, kind))
        {
            if ((kind == EdgeKind.Table ? InText(lines, span, last, name) : InCode(lines, span, last, name)) is { } found)
            {
                return finding with { Span = found };
            }
        }

        return finding;
    }

    // A table by its schema, anything else by its own name and then by that of its type.
    private static IEnumerable<string> Names(string target, EdgeKind kind)
    {
        var parts = target.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return kind == EdgeKind.Table ? parts.Take(1) : parts.Reverse().Take(2).Select(static part => part.Split('<')[0]);
    }

    // Types that are caught, or tried by a switch, stand behind the place that symbols give for them.
    private static int EndOf(string[] lines, SourceSpan span, EdgeKind kind)
    {
        var start = lines[span.Line - 1].AsSpan(Math.Min(span.Column - 1, lines[span.Line - 1].Length)).TrimStart();
        return kind == EdgeKind.Catch || (kind == EdgeKind.TypeUse && (start.StartsWith("switch") || start is "{" or "}")) ? Math.Min(span.Line + 40, lines.Length) : Math.Min(span.EndLine, lines.Length);
    }

    private static SourceSpan? InCode(string[] lines, SourceSpan span, int last, string name)
    {
        var lexer = new Lexer(string.Join('\n', lines.Take(last)));
        while (lexer.Next() is { } token)
        {
            if ((token.Line > span.Line || (token.Line == span.Line && token.Column >= span.Column)) && token.Text == name)
            {
                return new SourceSpan(span.File, token.Line, token.Column, token.Line, token.Column + name.Length);
            }
        }

        return null;
    }

    private static SourceSpan? InText(string[] lines, SourceSpan span, int last, string name)
    {
        for (var number = span.Line; number <= last; number++)
        {
            var line = lines[number - 1];
            var at = number == span.Line ? Math.Min(span.Column - 1, line.Length) : 0;
            while ((at = line.IndexOf(name, at, StringComparison.OrdinalIgnoreCase)) >= 0)
            {
                if (!IsWord(line, at - 1) && !IsWord(line, at + name.Length))
                {
                    return new SourceSpan(span.File, number, at + 1, number, at + 1 + name.Length);
                }

                at += name.Length;
            }
        }

        return null;
    }

    private static bool IsWord(string line, int at) => at >= 0 && at < line.Length && (char.IsLetterOrDigit(line[at]) || line[at] == '_');

    private string[]? Lines(string file)
    {
        if (!_lines.TryGetValue(file, out var lines))
        {
            var path = Path.Combine(root, file);
            _lines[file] = lines = File.Exists(path) ? File.ReadAllLines(path) : null;
        }

        return lines;
    }
}
