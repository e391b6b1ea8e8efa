namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderCache
{
    public static event EventHandler? Changed; // finds: no-static-mutable-state ""

    public static void Tell() => Changed?.Invoke(null, EventArgs.Empty);
}
