namespace ModularMonolith.Readers.Accounts;

internal static class ReaderSecrets
{
    public static string NameOf(object anything)
    {
        dynamic reader = anything;
        return reader.Name; // finds: no-dynamic "calls what only the running program knows"
    }
}
