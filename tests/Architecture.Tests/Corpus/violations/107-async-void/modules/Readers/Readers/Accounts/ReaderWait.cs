namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public static async void Forget(Task work) // finds: no-async-void "is async and returns no task"
    {
        await work;
    }
}
