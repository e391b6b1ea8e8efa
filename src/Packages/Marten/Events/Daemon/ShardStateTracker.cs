using System.Collections.Concurrent;
using JasperFx.Events.Projections;
using Marten.Events.Daemon;

namespace JasperFx.Events.Daemon;

/// <summary>The last known states of all shards of one daemon.</summary>
public class ShardStateTracker : IObservable<ShardState>, IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, ShardState> states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Subscription, IObserver<ShardState>> observers = new();
    private readonly TimeProvider clock;
    private long highWaterMark;

    internal ShardStateTracker(TimeProvider clock) => this.clock = clock;

    /// <summary>The sequence number up to which all events are known.</summary>
    public long HighWaterMark => Volatile.Read(ref highWaterMark);

    internal Pulse Advanced { get; } = new();

    internal Pulse Changed { get; } = new();

    /// <summary>Calls an observer with each new state, until the result is disposed.</summary>
    public IDisposable Subscribe(IObserver<ShardState> observer)
    {
        var subscription = new Subscription(this);
        observers[subscription] = observer;
        return subscription;
    }

    /// <summary>The state of a shard; null when it has none yet.</summary>
    public ShardState? CurrentState(string shardName) => states.GetValueOrDefault(shardName);

    /// <inheritdoc cref="CurrentState(string)" />
    public ShardState? CurrentState(ShardName shardName) => CurrentState(shardName.Identity);

    /// <summary>The state of a shard, if it has one.</summary>
    public bool TryGetCurrentState(string shardName, out ShardState? state) => states.TryGetValue(shardName, out state);

    /// <summary>The states of all shards, and the high-water mark.</summary>
    public IReadOnlyList<ShardState> CurrentStates() => [.. states.Values];

    /// <summary>Records a state.</summary>
    public ValueTask PublishAsync(ShardState state)
    {
        states[state.ShardName] = state;
        foreach (var observer in observers.Values)
            observer.OnNext(state);
        Changed.Send();
        return ValueTask.CompletedTask;
    }

    /// <summary>Records the high-water mark.</summary>
    public ValueTask MarkHighWaterAsync(long sequence) => MarkHighWaterAsync(sequence, null);

    /// <summary>Records the high-water mark, and when it was saved.</summary>
    public ValueTask MarkHighWaterAsync(long sequence, DateTimeOffset? lastAdvanced) => MarkAsync(sequence, null, lastAdvanced);

    /// <summary>Records that the high-water mark has passed numbers that no event will ever have.</summary>
    public ValueTask MarkSkippingAsync(long lastKnownGoodHighWaterMark, long newHighWaterMark, DateTimeOffset? lastAdvanced = null) =>
        MarkAsync(newHighWaterMark, lastKnownGoodHighWaterMark, lastAdvanced);

    /// <summary>Records that a shard begins anew.</summary>
    public void MarkAsRestarted(ShardName name)
    {
        if (states.TryRemove(name.Identity, out _))
            Changed.Send();
    }

    /// <summary>Ends all observations.</summary>
    public void Finish()
    {
        foreach (var observer in observers.Values)
            observer.OnCompleted();
        observers.Clear();
    }

    /// <inheritdoc cref="Finish" />
    public Task Complete()
    {
        Finish();
        return Task.CompletedTask;
    }

    private ValueTask MarkAsync(long sequence, long? passed, DateTimeOffset? lastAdvanced)
    {
        Volatile.Write(ref highWaterMark, sequence);
        Advanced.Send();
        var state = State(ShardState.HighWaterMark, sequence, passed is null ? ShardAction.Updated : ShardAction.Skipped);
        state.PreviousGoodMark = passed ?? 0;
        state.LastAdvanced = lastAdvanced;
        return PublishAsync(state);
    }

    /// <summary>Waits until a shard has processed an event.</summary>
    /// <exception cref="TimeoutException">It took longer than the timeout, by default a minute.</exception>
    public Task<ShardState> WaitForShardState(ShardState expected, TimeSpan? timeout = null) =>
        WaitForShardCondition(s => s.ShardName == expected.ShardName && s.Sequence >= expected.Sequence && s.Action == expected.Action, expected.ToString(), timeout);

    /// <inheritdoc cref="WaitForShardState(ShardState, TimeSpan?)" />
    public Task<ShardState> WaitForShardState(string shardName, long sequence, TimeSpan? timeout = null) =>
        WaitForShardCondition(s => s.ShardName == shardName && s.Sequence >= sequence, $"{shardName} at {sequence}", timeout);

    /// <inheritdoc cref="WaitForShardState(ShardState, TimeSpan?)" />
    public Task<ShardState> WaitForShardState(ShardName name, long sequence, TimeSpan? timeout = null) => WaitForShardState(name.Identity, sequence, timeout);

    /// <summary>Waits until the high-water mark has reached a number.</summary>
    /// <exception cref="TimeoutException">It took longer than the timeout, by default a minute.</exception>
    public Task<ShardState> WaitForHighWaterMark(long sequence, TimeSpan? timeout = null) => WaitForShardState(ShardState.HighWaterMark, sequence, timeout);

    /// <summary>Waits until the state of a shard meets a condition.</summary>
    /// <exception cref="TimeoutException">It took longer than the timeout, by default a minute.</exception>
    public async Task<ShardState> WaitForShardCondition(Func<ShardState, bool> condition, string description, TimeSpan? timeout = null)
    {
        using var deadline = new CancellationTokenSource(timeout ?? DefaultTimeout, clock);
        while (true)
        {
            var changed = Changed.Next;
            if (states.Values.FirstOrDefault(condition) is { } state)
                return state;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not reached in time: {description}. The states are: {string.Join("; ", states.Values)}.");
            }
        }
    }

    /// <summary>Ends all observations.</summary>
    public void Dispose()
    {
        Finish();
        GC.SuppressFinalize(this);
    }

    internal ShardState State(string name, long sequence, ShardAction action) =>
        new(name, sequence) { Action = action, Timestamp = clock.GetUtcNow() };

    private sealed class Subscription(ShardStateTracker tracker) : IDisposable
    {
        public void Dispose() => tracker.observers.TryRemove(this, out _);
    }
}
