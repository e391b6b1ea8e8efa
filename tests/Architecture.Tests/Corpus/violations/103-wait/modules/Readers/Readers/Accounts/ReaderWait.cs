namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public static void Now(Task work)
    {
        work.Wait(TimeSpan.FromSeconds(1)); // finds: nothing-blocks "Wait"
    }
}
