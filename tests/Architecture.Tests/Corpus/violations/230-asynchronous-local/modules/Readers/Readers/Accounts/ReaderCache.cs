namespace ModularMonolith.Readers.Accounts;

internal static class ReaderCache
{
    private static readonly AsyncLocal<string?> Last = new(); // finds: no-static-mutable-state "is static, and what is in its AsyncLocal can change"

    public static void Keep(string name) => Last.Value = name;
}
