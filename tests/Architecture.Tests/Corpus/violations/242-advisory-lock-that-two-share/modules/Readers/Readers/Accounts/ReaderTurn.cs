namespace ModularMonolith.Readers.Accounts;

internal static class ReaderTurn
{
    public static string Take()
    {
        return "select pg_try_advisory_lock(hashtext('night-work'))"; // finds: files-are-own "uses the file or lock 'night-work', which Lending uses too"
    }
}
