namespace ModularMonolith.Readers.Accounts;

internal static class ReaderFields
{
    public static IEnumerable<string> Names() => typeof(Reader).GetProperties().Select(static property => property.Name);

    public static object? Owed(Reader reader) => typeof(Reader).GetProperty(nameof(Reader.Owed))?.GetValue(reader);

    public static string? Version() => typeof(ReaderFields).Assembly.GetName().Version?.ToString();
}
