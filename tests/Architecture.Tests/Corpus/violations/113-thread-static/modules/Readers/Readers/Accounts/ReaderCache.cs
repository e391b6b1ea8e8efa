namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    [ThreadStatic]
    private static string? _last; // finds: no-static-mutable-state "is static and can change"

    public static string? Last() => _last;

    public static void Keep(string name) => _last = name;
}
