namespace ModularMonolith.Readers.Accounts;

internal static class ReaderEvents
{
    public const string Left = "readers.reader-left";

    public static bool IsOurs(string name) => name is Left or "readers.anything-else" || name.StartsWith("readers.", StringComparison.Ordinal);
}
