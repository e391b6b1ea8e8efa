namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    private static int _count; // finds: no-static-mutable-state "is static"

    public static int Next() => ++_count;
}
