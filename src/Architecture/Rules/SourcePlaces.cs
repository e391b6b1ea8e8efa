using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Architecture.Rules;

/// <summary>
/// Finds the line of what a finding is about inside of the statement or declaration that symbols and sources locate: a statement may have many lines, and a declaration has its whole body. Only
/// findings are looked up.
/// </summary>
internal sealed class SourcePlaces(string root)
{
    private const int LinesAbove = 6;
    private const int LinesBelow = 30;
    private readonly Dictionary<string, string[]?> _lines = new(StringComparer.Ordinal);

    /// <summary>The finding at the first place in its stretch that names what it is about; the finding as it is where none does.</summary>
    public Finding Refine(Finding finding)
    {
        if (finding is not { Span: { } span, To: { } target, Kind: { } kind } || !span.File.EndsWith(".cs", StringComparison.Ordinal) || Lines(span.File) is not { } lines || span.Line > lines.Length)
        {
            return finding;
        }

        var names = Names(target, kind).ToList();
        var found = kind == EdgeKind.Table
            ? InText(lines, span, names[0])
            : names.Select(name => InCode(lines, span.File, name, span.Line, span.Column, span.EndLine)).FirstOrDefault(static place => place is not null)
                ?? (kind is EdgeKind.Catch or EdgeKind.TypeUse or EdgeKind.GenericArgument or EdgeKind.AttributeArgument ? Near(lines, span, names[0]) : null);
        return found is null ? finding : finding with { Span = found };
    }

    // A table by its schema, anything else by its own name and then by that of its type.
    private static IEnumerable<string> Names(string target, EdgeKind kind)
    {
        var parts = target.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return kind == EdgeKind.Table ? parts.Take(1) : parts.Reverse().Take(kind is EdgeKind.Call or EdgeKind.Constant ? 2 : 1).Select(static part => part.Split('<')[0]);
    }

    // Symbols place a signature at the first statement below it, and what is caught, or tried by a switch, at a statement above.
    private static SourceSpan? Near(string[] lines, SourceSpan span, string name)
    {
        for (var line = span.Line - 1; line >= Math.Max(1, span.Line - LinesAbove); line--)
        {
            if (InCode(lines, span.File, name, line, 1, line) is { } found)
            {
                return found;
            }
        }

        return InCode(lines, span.File, name, span.Line, span.Column, span.Line + LinesBelow);
    }

    private static SourceSpan? InCode(string[] lines, string file, string name, int line, int column, int last)
    {
        var lexer = new Lexer(string.Join('\n', lines.Take(last)));
        while (lexer.Next() is { } token)
        {
            if ((token.Line > line || (token.Line == line && token.Column >= column)) && token.Text == name)
            {
                return new SourceSpan(file, token.Line, token.Column, token.Line, token.Column + name.Length);
            }
        }

        return null;
    }

    private static SourceSpan? InText(string[] lines, SourceSpan span, string name)
    {
        for (var number = span.Line; number <= Math.Min(span.EndLine, lines.Length); number++)
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
