using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Sql;

/// <summary>What calls say about the texts that they are given.</summary>
internal static class SqlSinks
{
    private static readonly string[] SettingNames = ["DatabaseSchemaName", "HasDefaultSchema", "SearchPath", "SchemaName", "set_Schema", "ToTable", "ToView", "ToFunction", "HasSequence", "DefaultSchema"];
    private static readonly string[] PathKeys = ["search path=", "searchpath=", "search_path=", "search_path ="];

    /// <summary>Whether the call runs its text as SQL, or keeps it to be run.</summary>
    public static bool IsDatabase(Use use) =>
        use.Target.FullName.StartsWith("Npgsql.", StringComparison.Ordinal) ? use.Member is ".ctor" or "CreateCommand" or "set_CommandText" or "BeginTextExport" or "BeginTextImport" or "BeginBinaryImport" or "BeginBinaryImportAsync"
            && !use.Target.FullName.EndsWith("Parameter", StringComparison.Ordinal) && !use.Target.FullName.Contains("Parameter`", StringComparison.Ordinal) && !use.Target.FullName.Contains("Exception", StringComparison.Ordinal)
        : use.Member is "set_CommandText" or "QueueSqlCommand" or "AddSchemaScript" or "MatchesSql" or "ExecuteSqlRaw" or "ExecuteSqlRawAsync" or "FromSqlRaw";

    /// <summary>Whether the call shows its text to people.</summary>
    public static bool IsSentence(Use use) =>
        use.Target.FullName.StartsWith("Microsoft.Extensions.Logging.", StringComparison.Ordinal)
        || use.Member is "WithMessage" or "WithSummary" or "WithDescription" or "WithName" or "WithDisplayName" or "AddFailure"
        || (use.Member == ".ctor" && (use.Target.FullName.EndsWith("Exception", StringComparison.Ordinal) || use.Target.FullName.EndsWith("ProblemType", StringComparison.Ordinal)
            || use.Target.FullName.EndsWith("ProblemDetails", StringComparison.Ordinal)));

    /// <summary>Whether the call sets a schema by its name.</summary>
    public static bool SetsSchema(Use use)
    {
        if (use.Member is not { } member || use.Target.FullName.Contains("OpenApi", StringComparison.Ordinal))
        {
            return false;
        }

        if (member == "set_Item")
        {
            return use.Texts.Count > 1 && use.Texts[0] is { } key && key.Replace(" ", string.Empty, StringComparison.Ordinal).Equals("searchpath", StringComparison.OrdinalIgnoreCase);
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
                foreach (var name in value[..(value.IndexOfAny([';', '\n', '\'']) is >= 0 and var end ? end : value.Length)].Split(',', StringSplitOptions.TrimEntries))
                {
                    yield return name.Trim('"', ' ');
                }
            }
        }
    }
}
