using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Sql;

namespace ModularMonolith.Analyzers.Texts;

/// <summary>SQL, and settings of the database, that name the schema of another module. SQL is read by the same code as in the engine; whose table it is that is named without a schema only the engine knows.</summary>
internal sealed class SqlCheck
{
    private const int ShortestSql = 6;
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // The platform's, and the one where everybody could meet.
    private static readonly string[] SchemasOfNobody = ["integration", "audit", "public"];

    private readonly HashSet<string> _foreign;

    public SqlCheck(ModulePlace place) =>
        _foreign = new HashSet<string>(place.Modules.Where(module => module.Key != place.Folder).Select(static module => module.Value).Concat(SchemasOfNobody).Where(schema => schema != place.Name), StringComparer.OrdinalIgnoreCase);

    public void Check(TextMember member)
    {
        foreach (var call in member.Texts.Calls)
        {
            Mark(call);
            foreach (var name in Settings(call))
            {
                var text = call.Texts.First(text => text?.Text.Contains(name, StringComparison.OrdinalIgnoreCase) == true)!;
                member.Found(Rules.SqlStaysInItsSchema, Locate(call.PlaceOf(text), name, null), $"names the schema {name.ToLowerInvariant()} as the schema to work in");
            }
        }

        foreach (var text in member.Texts.Texts)
        {
            var sql = text.Text;
            if (!MayName(sql) || text.Parts.Exists(part => CodeTexts.IsDeclaredHere(part.Operation) && IsFound(part.Text)) || !(text.IsRun || (!text.IsShown && SqlText.IsSql(sql))))
            {
                continue;
            }

            foreach (var reference in Foreign(sql).GroupBy(static reference => reference.ToString()).Select(static same => same.First()))
            {
                member.Found(Rules.SqlStaysInItsSchema, Locate(text.Operation.Syntax, reference.Schema ?? reference.Name, reference.Name), $"names the {Kind(reference)} {Known(reference)} in SQL");
            }
        }
    }

    private static void Mark(TextCall call)
    {
        var isRun = SqlSinks.IsDatabase(call.Type, call.Name);
        var isShown = !isRun && SqlSinks.IsSentence(call.Type, call.Name);
        foreach (var text in call.Texts)
        {
            if (text is not null)
            {
                text.IsRun |= isRun;
                text.IsShown |= isShown;
            }
        }
    }

    private IEnumerable<string> Settings(TextCall call)
    {
        var values = call.Values;
        var set = SqlSinks.SetsSchema(call.Type, call.Name, values) ? values.SelectMany(static value => value?.Split(',') ?? []).Select(static name => name.Trim().Trim('"')) : [];
        return set.Concat(values.SelectMany(static value => SqlSinks.SearchPaths(value))).Where(_foreign.Contains).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    // Most texts name nothing, and need not be read.
    private bool MayName(string text) => text.Length >= ShortestSql && (_foreign.Any(schema => text.Contains(schema, StringComparison.OrdinalIgnoreCase)) || text.Contains("U&", StringComparison.OrdinalIgnoreCase));

    private bool IsFound(string text) => MayName(text) && SqlText.IsSql(text) && Foreign(text).Any();

    private IEnumerable<SqlReference> Foreign(string sql) => SqlReader.Read(sql).Where(reference => (reference.Kind == SqlObject.Schema ? reference.Name : reference.Schema) is { } schema && _foreign.Contains(schema));

    private static string Kind(SqlReference reference) => reference.Kind switch
    {
        SqlObject.Schema => "schema",
        SqlObject.Function => "function",
        SqlObject.Type => "type",
        _ => "table",
    };

    // A part of the name that only the running program knows is shown as an ellipsis, unless it is most likely the rest of the statement.
    private static string Known(SqlReference reference)
    {
        if (reference.Kind == SqlObject.Schema)
        {
            return reference.Name.ToLowerInvariant();
        }

        var name = reference.Name.TrimEnd(TextUse.Hole) is { Length: > 0 } known && !known.EndsWith("_", StringComparison.Ordinal) ? known : reference.Name;
        return $"{reference.Schema!.ToLowerInvariant()}.{name}".Replace(TextUse.Hole, '…');
    }

    // The schema as it is written, else the object; the whole text, where a constant from elsewhere holds the name.
    private static Location Locate(SyntaxNode syntax, string schema, string? name)
    {
        var source = syntax.ToString();
        var word = Regex.Escape(schema);
        var match = Regex.Match(source, $@"(?<![\w.$'])""*(?<name>{word})""*\s*\.", AnyCase);
        match = match.Success ? match : Regex.Match(source, $@"(?<![\w.$])(?<name>{word})(?!\w)", AnyCase);
        match = match.Success || name is null ? match : Regex.Match(source, $@"(?<!\w)(?<name>{Regex.Escape(name.Trim(TextUse.Hole))})(?!\w)", AnyCase);
        return match is { Success: true } && match.Groups["name"] is { Length: > 0 } found ? Location.Create(syntax.SyntaxTree, new TextSpan(syntax.SpanStart + found.Index, found.Length)) : syntax.GetLocation();
    }
}
