namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    private static int _count; // finds: no-static-mutable-state ""

    public static int Next() => ++_count;
}
