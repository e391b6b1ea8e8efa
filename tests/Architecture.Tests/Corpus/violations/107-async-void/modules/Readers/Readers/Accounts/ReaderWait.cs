namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public static async void Forget(Task work)
    { // finds: no-async-void ""
        await work;
    }
}
