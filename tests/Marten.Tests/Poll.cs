namespace ModularMonolith.Marten.Tests;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!await condition())
            await timer.WaitForNextTickAsync(deadline.Token);
    }
}
