namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait(SemaphoreSlim turn)
{
    public void Now()
    {
        turn.Wait(); // finds: nothing-blocks "SemaphoreSlim.Wait"
        Thread.Sleep(1); // finds: nothing-blocks "Thread.Sleep"
    }
}
