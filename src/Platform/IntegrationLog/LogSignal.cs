namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Tells waiting readers in this process that something may have been committed.</summary>
internal sealed class LogSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next raise. Take it before looking at the log, or a commit in between is slept through.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
