namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait(SemaphoreSlim turn, TimeProvider time)
{
    public async Task<int> NowAsync(IReadOnlyList<Task<int>> work, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            var all = await Task.WhenAll(work).ConfigureAwait(false);
            return all.Sum() + await Task.FromResult(1) + await new ValueTask<int>(2);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<int> EachAsync(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }
}
