using JasperFx.Events.Projections;

namespace JasperFx.Events.Daemon;

/// <summary>What a shard does.</summary>
public enum AgentStatus
{
    /// <summary>It processes events.</summary>
    Running = 0,

    /// <summary>It was stopped, or never started.</summary>
    Stopped = 1,

    /// <summary>It failed and waits before it tries again.</summary>
    Paused = 2,
}

/// <summary>Why a shard processes events.</summary>
public enum ShardExecutionMode
{
    /// <summary>To follow new events.</summary>
    Continuous = 0,

    /// <summary>To build everything anew.</summary>
    Rebuild = 1,

    /// <summary>To reach the events that exist now.</summary>
    CatchUp = 2,
}

/// <summary>What a subscription can tell its shard.</summary>
public interface ISubscriptionController
{
    /// <summary>Why events are processed.</summary>
    ShardExecutionMode Mode { get; }

    /// <summary>What is done about events that cannot be processed.</summary>
    ErrorHandlingOptions ErrorOptions { get; }

    /// <summary>The shard.</summary>
    ShardName Name { get; }

    /// <summary>How the shard runs.</summary>
    AsyncOptions Options { get; }

    /// <summary>Rolls the page back and pauses the shard.</summary>
    Task ReportCriticalFailureAsync(Exception ex);

    /// <summary>Saves the page up to an event and pauses the shard, which then continues behind that event.</summary>
    Task ReportCriticalFailureAsync(Exception ex, long lastProcessed);

    /// <summary>Keeps a dead letter for an event that the subscription passes over. It is saved with the page.</summary>
    Task RecordDeadLetterEventAsync(IEvent @event, Exception ex);
}

/// <summary>A running shard.</summary>
public interface ISubscriptionAgent : ISubscriptionController
{
    /// <summary>The sequence number of the last processed event.</summary>
    long Position { get; }

    /// <summary>What the shard does.</summary>
    AgentStatus Status { get; }

    /// <summary>Since when the shard is paused.</summary>
    DateTimeOffset? PausedTime { get; }
}

/// <summary>Runs the asynchronous projections and subscriptions of one store.</summary>
public interface IProjectionDaemon : IDisposable
{
    /// <summary>The states of all shards.</summary>
    ShardStateTracker Tracker { get; }

    /// <summary>Whether any shard runs.</summary>
    bool IsRunning { get; }

    /// <summary>When new events were last looked for; null when they never were.</summary>
    DateTimeOffset? HighWaterLastPolledAt { get; }

    /// <summary>Whether the daemon should look for new events and has not for longer than HighWaterStalenessThreshold.</summary>
    bool IsHighWaterStale { get; }

    /// <summary>Stops the shard of a projection until it is started again.</summary>
    /// <param name="projectionName">The projection or shard.</param>
    /// <param name="tenantId">Must be null: a shard processes the events of all tenants together.</param>
    /// <param name="token">Stops the wait for the shard's turn.</param>
    Task PauseShardAsync(string projectionName, string? tenantId, CancellationToken token);

    /// <summary>Gives a shard up that failed and waits before it tries again; it can be started again.</summary>
    void EjectPausedShard(string shardName);

    /// <summary>Stops all shards, so that projections can be rebuilt.</summary>
    Task PrepareForRebuildsAsync();

    /// <summary>
    /// Builds a projection anew from all events, within 5 minutes. Events may be appended meanwhile. A running shard of the
    /// projection is stopped before and started again afterwards. An inline projection that is not a snapshot of one stream
    /// must not be used meanwhile.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No projection has the name.</exception>
    /// <exception cref="TimeoutException">It took longer.</exception>
    Task RebuildProjectionAsync(string projectionName, CancellationToken token);

    /// <summary>
    /// Builds the documents of one tenant anew, and leaves those of others alone. That is possible for documents of one stream
    /// each, in a store that keeps the streams of tenants apart.
    /// </summary>
    /// <param name="projectionName">The projection.</param>
    /// <param name="tenantId">The tenant; null for all, as the other overload.</param>
    /// <param name="token">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">No projection has the name.</exception>
    /// <exception cref="InvalidOperationException">The documents of the projection are not those of single streams, or not kept apart by tenants.</exception>
    /// <exception cref="TimeoutException">It took longer than 5 minutes.</exception>
    Task RebuildProjectionAsync(string projectionName, string? tenantId, CancellationToken token);

    /// <summary>As <see cref="RebuildProjectionAsync(string, string?, CancellationToken)"/>, with another limit of time.</summary>
    Task RebuildProjectionAsync(string projectionName, string? tenantId, TimeSpan shardTimeout, CancellationToken token);

    /// <inheritdoc cref="RebuildProjectionAsync(string, CancellationToken)" />
    /// <typeparam name="TView">The projection, or the document that it builds.</typeparam>
    Task RebuildProjectionAsync<TView>(CancellationToken token);

    /// <inheritdoc cref="RebuildProjectionAsync(string, CancellationToken)" />
    Task RebuildProjectionAsync(Type projectionType, CancellationToken token);

    /// <summary>As <see cref="RebuildProjectionAsync(Type, CancellationToken)"/>, with another limit of time.</summary>
    Task RebuildProjectionAsync(Type projectionType, TimeSpan shardTimeout, CancellationToken token);

    /// <summary>As <see cref="RebuildProjectionAsync(string, CancellationToken)"/>, with another limit of time.</summary>
    Task RebuildProjectionAsync(string projectionName, TimeSpan shardTimeout, CancellationToken token);

    /// <summary>As <see cref="RebuildProjectionAsync{TView}(CancellationToken)"/>, with another limit of time.</summary>
    Task RebuildProjectionAsync<TView>(TimeSpan shardTimeout, CancellationToken token);

    /// <summary>Starts one shard unless it runs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    Task StartAgentAsync(string shardName, CancellationToken token);

    /// <inheritdoc cref="StartAgentAsync(string, CancellationToken)" />
    Task<ISubscriptionAgent> StartAgentAsync(ShardName name, CancellationToken token);

    /// <summary>Stops one shard after the page that it is processing.</summary>
    Task StopAgentAsync(string shardName, Exception? ex = null);

    /// <inheritdoc cref="StopAgentAsync(string, Exception?)" />
    Task StopAgentAsync(ShardName shardName, Exception? ex = null);

    /// <summary>Starts all shards.</summary>
    Task StartAllAsync();

    /// <summary>Processes all events that exist now, with the shards that do not run; then returns.</summary>
    Task CatchUpAsync(CancellationToken cancellation);

    /// <inheritdoc cref="CatchUpAsync(CancellationToken)" />
    /// <exception cref="TimeoutException">It took longer.</exception>
    Task CatchUpAsync(TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Stops all shards after the pages that they are processing.</summary>
    Task StopAllAsync();

    /// <summary>Waits until all running shards have processed the events that exist now.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    Task WaitForNonStaleData(TimeSpan timeout);

    /// <summary>The sequence number up to which all events are known.</summary>
    long HighWaterMark();

    /// <summary>Starts looking for new events again.</summary>
    Task RestartHighWaterAgentAsync(CancellationToken token);

    /// <summary>What a shard does.</summary>
    AgentStatus StatusFor(string shardName);

    /// <summary>The started shards.</summary>
    IReadOnlyList<ISubscriptionAgent> CurrentAgents();

    /// <summary>Whether a shard failed and waits before it tries again.</summary>
    bool HasAnyPaused();

    /// <summary>Waits until a shard runs.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    Task WaitForShardToBeRunning(string shardName, TimeSpan timeout);

    /// <summary>Lets a subscription or projection process events again, from a sequence number or a time on, without deleting anything.</summary>
    Task RewindSubscriptionAsync(string subscriptionName, CancellationToken token, long? sequenceFloor = 0, DateTimeOffset? timestamp = null);
}
