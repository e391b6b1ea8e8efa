namespace ModularMonolith.Architecture.Sql;

/// <summary>What calls say about the texts that they are given.</summary>
internal static class SqlSinks
{
    private static readonly string[] SettingNames = ["DatabaseSchemaName", "HasDefaultSchema", "SearchPath", "SchemaName", "set_Schema", "ToTable", "ToView", "ToFunction", "HasSequence", "DefaultSchema"];
    private static readonly string[] PathKeys = ["search path=", "searchpath=", "search_path=", "search_path ="];

    /// <summary>Whether a call runs its text as SQL, or keeps it to be run.</summary>
    /// <param name="type">The full name of the type that declares the member.</param>
    /// <param name="member">The member.</param>
    public static bool IsDatabase(string type, string member) =>
        type.StartsWith("Npgsql.", StringComparison.Ordinal) ? member is ".ctor" or "CreateCommand" or "set_CommandText" or "BeginTextExport" or "BeginTextImport" or "BeginBinaryImport" or "BeginBinaryImportAsync"
            && !type.EndsWith("Parameter", StringComparison.Ordinal) && !type.Contains("Parameter`", StringComparison.Ordinal) && !type.Contains("Exception", StringComparison.Ordinal)
        : member is "set_CommandText" or "QueueSqlCommand" or "AddSchemaScript" or "MatchesSql" or "ExecuteSqlRaw" or "ExecuteSqlRawAsync" or "FromSqlRaw";

    /// <summary>Whether a call shows its text to people.</summary>
    /// <param name="type">The full name of the type that declares the member.</param>
    /// <param name="member">The member.</param>
    public static bool IsSentence(string type, string member) =>
        type.StartsWith("Microsoft.Extensions.Logging.", StringComparison.Ordinal)
        || member is "WithMessage" or "WithSummary" or "WithDescription" or "WithName" or "WithDisplayName" or "AddFailure"
        || (member == ".ctor" && (type.EndsWith("Exception", StringComparison.Ordinal) || type.EndsWith("ProblemType", StringComparison.Ordinal) || type.EndsWith("ProblemDetails", StringComparison.Ordinal)));

    /// <summary>Whether a call sets a schema by its name.</summary>
    /// <param name="type">The full name of the type that declares the member.</param>
    /// <param name="member">The member.</param>
    /// <param name="texts">Its arguments as far as they are known.</param>
    public static bool SetsSchema(string type, string member, IReadOnlyList<string?> texts)
    {
        if (type.Contains("OpenApi", StringComparison.Ordinal))
        {
            return false;
        }

        if (member == "set_Item")
        {
            return texts.Count > 1 && texts[0] is { } key && key.Replace(" ", string.Empty, StringComparison.Ordinal).Equals("searchpath", StringComparison.OrdinalIgnoreCase);
        }

        return Array.Exists(SettingNames, name => member.EndsWith(name, StringComparison.Ordinal));
    }

    /// <summary>The schemas of a search path in a connection string.</summary>
    public static IEnumerable<string> SearchPaths(string? text)
    {
        if (text is null || !text.Contains("search", StringComparison.OrdinalIgnoreCase))
        {
            yield break;
        }

        foreach (var key in PathKeys)
        {
            if (text.Contains('=', StringComparison.Ordinal) && text.IndexOf(key, StringComparison.OrdinalIgnoreCase) is >= 0 and var at && !text.StartsWith("set ", StringComparison.OrdinalIgnoreCase))
            {
                var value = text[(at + key.Length)..];
                foreach (var name in value[..(value.IndexOfAny([';', '\n', '\'']) is >= 0 and var end ? end : value.Length)].Split(','))
                {
                    yield return name.Trim().Trim('"', ' ');
                }
            }
        }
    }
}
