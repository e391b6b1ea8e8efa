namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait(SemaphoreSlim gate, ManualResetEventSlim open)
{
    public bool IsFree() => gate.Wait(0) && open.Wait(TimeSpan.Zero);

    public Task EnterAsync(CancellationToken cancellationToken) => gate.WaitAsync(cancellationToken);
}
