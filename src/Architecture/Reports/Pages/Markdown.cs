using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>Writes pages.</summary>
internal sealed class Markdown
{
    private readonly StringBuilder _text = new();

    public Markdown Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    public Markdown Paragraph(string text) => Line(text).Line(string.Empty);

    /// <summary>A heading with a table below, or nothing when the table has no rows.</summary>
    public Markdown Table(string heading, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return this;
        }

        if (heading.Length > 0)
        {
            Paragraph("## " + heading);
        }

        Row(columns).Row([.. columns.Select(static _ => "---")]);
        foreach (var row in all)
        {
            Row(row);
        }

        return Line(string.Empty);
    }

    public Markdown Code(string language, string text) => Line("```" + language).Line(text.ReplaceLineEndings("\n").TrimEnd('\n')).Line("```").Line(string.Empty);

    /// <summary>The page, with one line end at its end.</summary>
    public override string ToString() => _text.ToString().TrimEnd('\n') + "\n";

    /// <summary>A type as C# writes it.</summary>
    public static string Type(TypeName? type) => type is null ? "void"
        : type is { FullName: "System.Nullable`1", Arguments.Count: 1 } ? Type(type.Arguments[0]) + "?"
        : type.Arguments.Count > 0 ? $"{type.Name}<{string.Join(", ", type.Arguments.Select(Type))}>"
        : type.FullName switch
        {
            "System.String" => "string",
            "System.Int32" => "int",
            "System.Int64" => "long",
            "System.Boolean" => "bool",
            "System.Decimal" => "decimal",
            "System.Double" => "double",
            "System.Object" => "object",
            _ => type.Name,
        };

    private Markdown Row(IReadOnlyList<string> cells) => Line("| " + string.Join(" | ", cells.Select(static cell => cell.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" "))) + " |");
}
