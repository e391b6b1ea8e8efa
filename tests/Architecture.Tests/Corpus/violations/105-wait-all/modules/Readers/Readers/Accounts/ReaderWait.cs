namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public static void Now(Task first, Task second)
    {
        Task.WaitAll(first, second); // finds: nothing-blocks "WaitAll"
    }
}
