namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait(SemaphoreSlim gate)
{
    public bool Enter(CancellationToken cancellationToken)
    {
        gate.Wait(cancellationToken); // finds: nothing-blocks "calls SemaphoreSlim.Wait"
        return gate.Wait(TimeSpan.FromSeconds(2)); // finds: nothing-blocks "calls SemaphoreSlim.Wait"
    }
}
