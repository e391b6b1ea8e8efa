namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    public static string Last { get; set; } = string.Empty; // finds: no-static-mutable-state "is static and can change"
}
