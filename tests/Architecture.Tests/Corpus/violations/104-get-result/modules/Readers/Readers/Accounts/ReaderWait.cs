namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderWait
{
    public static async Task<int> NowAsync(Task<int> first, ValueTask<int> second)
    {
        var sum = await first;
        sum += second.ConfigureAwait(false).GetAwaiter().GetResult(); // finds: nothing-blocks "GetResult"
        return sum;
    }
}
