namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    public static event EventHandler? Changed; // finds: no-static-mutable-state "is static and can change"

    public static void Tell() => Changed?.Invoke(null, EventArgs.Empty);
}
