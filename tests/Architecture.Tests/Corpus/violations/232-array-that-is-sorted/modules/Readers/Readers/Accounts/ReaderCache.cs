namespace ModularMonolith.Readers.Accounts;

internal static class ReaderCache
{
    private static readonly string[] Names = ["b", "a"]; // finds: no-static-mutable-state "is a static array, and its elements are changed"

    public static string First()
    {
        Array.Sort(Names);
        return Names[0];
    }
}
