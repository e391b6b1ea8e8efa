using System.Collections.Concurrent;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Projections;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>Runs the asynchronous projections and subscriptions of one store. Starting, stopping and rebuilding happen one after the other.</summary>
internal sealed class ProjectionDaemon : IProjectionDaemon, IAsyncDisposable
{
    private static readonly TimeSpan RebuildTimeout = TimeSpan.FromMinutes(5);
    private readonly DaemonContext context;
    private readonly HighWaterAgent highWater;
    private readonly ConcurrentDictionary<string, ShardAgent> agents = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Task> ejected = new();
    private readonly SemaphoreSlim gate = new(1);
    private int disposed;

    public ProjectionDaemon(DocumentStore store, ILogger logger)
    {
        context = new DaemonContext(store, logger);
        highWater = new HighWaterAgent(context);
    }

    public ShardStateTracker Tracker => context.Tracker;

    public bool IsRunning => !agents.IsEmpty;

    public long HighWaterMark() => Tracker.HighWaterMark;

    public DateTimeOffset? HighWaterLastPolledAt => highWater.LastPolledAt;

    public bool IsHighWaterStale => highWater is { IsRunning: true, LastPolledAt: { } polled } && context.Clock.GetUtcNow() - polled > context.Settings.HighWaterStalenessThreshold;

    public Task PauseShardAsync(string projectionName, string? tenantId, CancellationToken token)
    {
        if (tenantId is not null)
            throw new ArgumentException("A shard processes the events of all tenants together and cannot pause for one.", nameof(tenantId));
        return ExclusivelyAsync(() => StopOneAsync(Find(projectionName).Shard.Identity), token);
    }

    public void EjectPausedShard(string shardName)
    {
        var identity = Find(shardName).Shard.Identity;
        if (agents.TryGetValue(identity, out var agent) && agent.Status == AgentStatus.Paused && agents.TryRemove(KeyValuePair.Create(identity, agent)))
            ejected.Enqueue(EndAsync(agent));
    }

    public AgentStatus StatusFor(string shardName) => agents.TryGetValue(shardName, out var agent) ? agent.Status : AgentStatus.Stopped;

    public IReadOnlyList<ISubscriptionAgent> CurrentAgents() => [.. agents.Values];

    public bool HasAnyPaused() => agents.Values.Any(a => a.Status == AgentStatus.Paused);

    public Task PrepareForRebuildsAsync() => ExclusivelyAsync(StopAgentsAsync, CancellationToken.None);

    public Task RebuildProjectionAsync(string projectionName, CancellationToken token) => RebuildProjectionAsync(projectionName, RebuildTimeout, token);

    public Task RebuildProjectionAsync(string projectionName, string? tenantId, CancellationToken token) => RebuildProjectionAsync(projectionName, tenantId, RebuildTimeout, token);

    public Task RebuildProjectionAsync(string projectionName, string? tenantId, TimeSpan shardTimeout, CancellationToken token) => RebuildAsync(Find(projectionName), shardTimeout, token, tenantId);

    public Task RebuildProjectionAsync<TView>(CancellationToken token) => RebuildAsync(Find(typeof(TView)), RebuildTimeout, token);

    public Task RebuildProjectionAsync<TView>(TimeSpan shardTimeout, CancellationToken token) => RebuildAsync(Find(typeof(TView)), shardTimeout, token);

    public Task RebuildProjectionAsync(Type projectionType, CancellationToken token) => RebuildProjectionAsync(projectionType, RebuildTimeout, token);

    public Task RebuildProjectionAsync(Type projectionType, TimeSpan shardTimeout, CancellationToken token) => RebuildAsync(Find(projectionType), shardTimeout, token);

    public Task RebuildProjectionAsync(string projectionName, TimeSpan shardTimeout, CancellationToken token) => RebuildAsync(Find(projectionName), shardTimeout, token);

    public Task StartAgentAsync(string shardName, CancellationToken token) => StartAsync(Find(shardName), token);

    public async Task<ISubscriptionAgent> StartAgentAsync(ShardName name, CancellationToken token) => await StartAsync(Find(name.Identity), token);

    public Task StopAgentAsync(ShardName shardName, Exception? ex = null) => StopAgentAsync(shardName.Identity, ex);

    public Task StopAgentAsync(string shardName, Exception? ex = null)
    {
        if (ex is not null)
            context.Logger.LogError(ex, "Shard {Shard} is stopped.", shardName);
        return ExclusivelyAsync(() => StopOneAsync(Find(shardName).Shard.Identity), CancellationToken.None);
    }

    public Task StartAllAsync() => ExclusivelyAsync(async () =>
    {
        await highWater.StartAsync(CancellationToken.None);
        await Task.WhenAll(context.Settings.Async.Select(r => StartOneAsync(r, CancellationToken.None)));
    }, CancellationToken.None);

    public Task StopAllAsync() => ExclusivelyAsync(async () =>
    {
        await highWater.StopAsync();
        await StopAgentsAsync();
    }, CancellationToken.None);

    public async Task RestartHighWaterAgentAsync(CancellationToken token) => await ExclusivelyAsync(async () =>
    {
        await highWater.StopAsync();
        await highWater.StartAsync(token);
    }, token);

    public Task CatchUpAsync(CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        await highWater.CatchUpAsync(cancellation);
        var mark = Tracker.HighWaterMark;
        await Task.WhenAll(context.Settings.Async.Select(r => agents.ContainsKey(r.Shard.Identity)
            ? WaitForAsync(r.Shard, mark, cancellation)
            : CatchUpAsync(r, mark, cancellation)));
    }, cancellation);

    /// <summary>As <see cref="CatchUpAsync(CancellationToken)"/>, each shard for itself: returns why some did not.</summary>
    public async Task<IReadOnlyList<Exception>> TryCatchUpAsync(CancellationToken cancellation)
    {
        var failures = new ConcurrentQueue<Exception>();
        await ExclusivelyAsync(async () =>
        {
            await highWater.CatchUpAsync(cancellation);
            await Task.WhenAll(context.Settings.Async.Where(r => !agents.ContainsKey(r.Shard.Identity)).Select(async r =>
            {
                try
                {
                    await CatchUpAsync(r, Tracker.HighWaterMark, cancellation);
                }
                catch (Exception exception) when (!cancellation.IsCancellationRequested)
                {
                    failures.Enqueue(exception);
                }
            }));
        }, cancellation);
        return [.. failures];
    }

    public Task CatchUpAsync(TimeSpan timeout, CancellationToken cancellation) => WithinAsync(timeout, "catch up", CatchUpAsync, cancellation);

    public Task WaitForNonStaleData(TimeSpan timeout) => WithinAsync(timeout, "wait for its shards", async token =>
    {
        await context.EnsureStorageAsync(token);
        var last = await context.ScalarAsync(context.Sql.LastEvent, null, token);
        await highWater.CatchUpAsync(token);
        await Task.WhenAll(agents.Values.Select(a => WaitForAsync(a.Name, last, token)));
    }, CancellationToken.None);

    public Task WaitForShardToBeRunning(string shardName, TimeSpan timeout) => WithinAsync(timeout, $"start {shardName}", async token =>
    {
        while (true)
        {
            var changed = Tracker.Changed.Next;
            if (StatusFor(Find(shardName).Shard.Identity) == AgentStatus.Running)
                return;
            await changed.WaitAsync(token);
        }
    }, CancellationToken.None);

    public Task RewindSubscriptionAsync(string subscriptionName, CancellationToken token, long? sequenceFloor = 0, DateTimeOffset? timestamp = null) => ExclusivelyAsync(async () =>
    {
        var registration = Find(subscriptionName);
        await context.EnsureStorageAsync(token);
        var floor = timestamp is { } time
            ? await context.ScalarAsync(context.Sql.SequenceBefore, EventParameters.Value(time.ToUniversalTime(), NpgsqlDbType.TimestampTz), token)
            : sequenceFloor ?? 0;
        var ran = await StopOneAsync(registration.Shard.Identity);
        await context.ResetAsync(registration.Shard, Math.Max(0, floor), token);
        if (ran)
            await StartOneAsync(registration, token);
    }, token);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await StopAllAsync();
        await Task.WhenAll(ejected);
        await highWater.DisposeAsync();
        context.Dispose();
        gate.Dispose();
    }

    private Task RebuildAsync(ProjectionRegistration registration, TimeSpan timeout, CancellationToken token, string? tenantId = null)
    {
        if (!registration.CanRebuild || registration.Lifecycle == ProjectionLifecycle.Live)
            throw new ArgumentOutOfRangeException(nameof(registration), registration.Name, "Only inline and asynchronous projections can be rebuilt; a subscription can be rewound.");
        return WithinAsync(timeout, $"rebuild {registration.Name}", stop => ExclusivelyAsync(async () =>
        {
            await context.EnsureStorageAsync(stop);
            var ran = await StopOneAsync(registration.Shard.Identity);
            await highWater.CatchUpAsync(stop);
            await new ProjectionRebuild(context, registration).RunAsync(tenantId, stop);
            if (ran)
                await StartOneAsync(registration, stop);
        }, stop), token);
    }

    private async Task CatchUpAsync(ProjectionRegistration registration, long mark, CancellationToken token)
    {
        using var agent = new ShardAgent(context, registration, ShardExecutionMode.CatchUp);
        await agent.RunToAsync(mark, token);
    }

    private async Task<ISubscriptionAgent> StartAsync(ProjectionRegistration registration, CancellationToken token)
    {
        await ExclusivelyAsync(async () =>
        {
            await highWater.StartAsync(token);
            await StartOneAsync(registration, token);
        }, token);
        return agents[registration.Shard.Identity];
    }

    private async Task StartOneAsync(ProjectionRegistration registration, CancellationToken token)
    {
        if (agents.ContainsKey(registration.Shard.Identity))
            return;
        var agent = new ShardAgent(context, registration, ShardExecutionMode.Continuous);
        await agent.StartAsync(token);
        agents[registration.Shard.Identity] = agent;
    }

    private async Task<bool> StopOneAsync(string identity)
    {
        if (!agents.TryRemove(identity, out var agent))
            return false;
        await EndAsync(agent);
        return true;
    }

    private static async Task EndAsync(ShardAgent agent)
    {
        await agent.StopAsync();
        agent.Dispose();
    }

    private Task StopAgentsAsync() => Task.WhenAll(agents.Keys.ToList().Select(StopOneAsync));

    private ProjectionRegistration Find(string name) => context.Settings.Find(name)
        ?? throw new ArgumentOutOfRangeException(nameof(name), name, $"No registered projection matches the name '{name}'. Available names are: {Names()}.");

    private ProjectionRegistration Find(Type type)
    {
        var found = context.Settings.Registrations.Where(r => r.Parts.Prepend(r).Any(p => p.ProjectionType == type || p.DocumentType == type)).ToList();
        return found.Count == 1
            ? found[0]
            : throw new ArgumentOutOfRangeException(nameof(type), type.FullName, $"{found.Count} projections are of this type or build it. Name one of: {Names()}.");
    }

    private string Names() => string.Join(", ", context.Settings.Registrations.Where(r => r.Lifecycle != ProjectionLifecycle.Live).Select(r => r.Name));

    private async Task WaitForAsync(ShardName shard, long sequence, CancellationToken token)
    {
        while (true)
        {
            var changed = Tracker.Changed.Next;
            if (!agents.TryGetValue(shard.Identity, out var agent) || agent.Position >= sequence)
                return;
            await changed.WaitAsync(token);
        }
    }

    private async Task ExclusivelyAsync(Func<Task> work, CancellationToken token)
    {
        await gate.WaitAsync(token);
        try
        {
            await work();
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task WithinAsync(TimeSpan timeout, string work, Func<CancellationToken, Task> run, CancellationToken token)
    {
        using var deadline = new CancellationTokenSource(timeout, context.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(token, deadline.Token);
        try
        {
            await run(both.Token);
        }
        catch (Exception exception) when (deadline.IsCancellationRequested && !token.IsCancellationRequested)
        {
            var states = string.Join("; ", Tracker.CurrentStates());
            throw new TimeoutException($"The daemon did not {work} within {timeout}. The states are: {states}.", exception);
        }
    }
}
