namespace ModularMonolith.Platform.Hosting;

/// <summary>Whether the host has its database and schema; background work waits for it and readiness reports it.</summary>
public sealed class StartupState
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the start is complete.</summary>
    public bool IsStarted => _started.Task.IsCompletedSuccessfully;

    /// <summary>Waits until the start is complete.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends with the start.</returns>
    public Task WhenStarted(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    internal void MarkStarted() => _started.TrySetResult();
}
