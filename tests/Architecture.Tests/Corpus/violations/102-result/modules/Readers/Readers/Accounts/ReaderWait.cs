namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public static int Now(Task<int> count)
    {
        return count.Result; // finds: nothing-blocks "Result"
    }
}
