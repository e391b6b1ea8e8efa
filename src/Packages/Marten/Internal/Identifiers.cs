using System.Collections.Frozen;
using System.Text;

namespace Marten.Internal;

/// <summary>Names of database objects: quoting, snake case, and the aliases of types.</summary>
internal static class Identifiers
{
    // The reserved words of PostgreSQL 15 (appendix C): a column or schema of such a name works only in quotes.
    private static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(
    [
        "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary", "both", "case",
        "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog",
        "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "default",
        "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign", "freeze", "from",
        "full", "grant", "group", "having", "ilike", "in", "initially", "inner", "intersect", "into", "is", "isnull", "join",
        "lateral", "leading", "left", "like", "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null",
        "offset", "on", "only", "or", "order", "outer", "overlaps", "placing", "primary", "references", "returning", "right",
        "select", "session_user", "similar", "some", "symmetric", "table", "tablesample", "then", "to", "trailing", "true",
        "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window", "with",
    ]);

    /// <summary>The name as it must appear in SQL.</summary>
    public static string Quote(string name)
    {
        var plain = name.Length > 0 && (char.IsAsciiLetterLower(name[0]) || name[0] == '_')
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') && !Reserved.Contains(name);
        return plain ? name : '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
    }

    public static string Qualify(string schema, string name) => Quote(schema) + "." + Quote(name);

    /// <summary>A text literal. Only for names and keys that are part of a statement's fixed text; values are parameters.</summary>
    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary><c>OrderPlaced</c> becomes <c>order_placed</c>.</summary>
    public static string SnakeCase(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var startsWord = char.IsUpper(c) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
                result.Append('_');
            result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString();
    }

    /// <summary>The default alias of a document type: its lower-case name, with the names of enclosing types and generic arguments.</summary>
    public static string AliasFor(Type type)
    {
        var name = type.Name;
        if (type.IsGenericType)
        {
            var tick = name.IndexOf('`', StringComparison.Ordinal);
            name = (tick < 0 ? name : name[..tick]) + "_of_" + string.Join("_", type.GetGenericArguments().Select(AliasFor));
        }

        if (type.IsNested && type.DeclaringType is { } outer)
            name = AliasFor(outer.IsGenericTypeDefinition ? outer.GetGenericTypeDefinition() : outer) + "_" + name;
        return name.ToLowerInvariant();
    }
}
