namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Tells waiting readers in this process that something may have been committed.</summary>
internal sealed class LogSignal
{
    private TaskCompletionSource _next = New();
    private TaskCompletionSource _nextHere = New();

    /// <summary>The next raise. Take it before looking at the log, or a commit in between is slept through.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>The next raise by a commit of this process.</summary>
    public Task NextHere => Volatile.Read(ref _nextHere).Task;

    public void Raise()
    {
        Interlocked.Exchange(ref _next, New()).TrySetResult();
        Interlocked.Exchange(ref _nextHere, New()).TrySetResult();
    }

    /// <summary>Passes on what another host has told, which must not be told back.</summary>
    public void RaiseFromOutside() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Wakes the log's readers after a commit that the platform did not make itself.</summary>
public sealed class LogWakeUp
{
    private readonly LogSignal _signal;

    internal LogWakeUp(LogSignal signal) => _signal = signal;

    /// <summary>Looks at the log now instead of at the next poll.</summary>
    public void Raise() => _signal.Raise();
}
