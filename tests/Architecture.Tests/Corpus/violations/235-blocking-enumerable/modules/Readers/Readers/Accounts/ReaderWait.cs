namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public int Count(IAsyncEnumerable<Guid> readers)
    {
        return readers.ToBlockingEnumerable().Count(); // finds: nothing-blocks "calls TaskAsyncEnumerableExtensions.ToBlockingEnumerable"
    }
}
