namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public async void Forget( // finds: no-async-void "is async and returns no task"
        Guid reader,
        Task task)
    {
        if (reader != Guid.Empty)
        {
            await task;
        }
    }
}
