namespace ModularMonolith.Readers.Accounts;

internal static class ReaderCache
{
    internal static readonly int[] Visits = new int[7]; // finds: no-static-mutable-state "is a static array, and its elements are changed"
}
