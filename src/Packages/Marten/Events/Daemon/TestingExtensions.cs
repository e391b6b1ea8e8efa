using JasperFx.Events.Projections;
using Marten.Events.Daemon;
using Marten.Events.Daemon.Coordination;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Marten.Events;

/// <summary>What becomes of the daemon after a forced catch-up.</summary>
public enum CatchUpMode
{
    /// <summary>It runs as before.</summary>
    AndResumeNormally = 0,

    /// <summary>It stays paused.</summary>
    AndDoNothing = 1,
}

/// <summary>What tests of asynchronous projections wait for.</summary>
public static class TestingExtensions
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until all asynchronous projections and subscriptions have processed the events that exist now, in whichever process they run.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static Task WaitForNonStaleProjectionDataAsync(this IHost host, TimeSpan timeout) =>
        host.Services.GetRequiredService<IDocumentStore>().WaitForNonStaleProjectionDataAsync(timeout);

    /// <inheritdoc cref="WaitForNonStaleProjectionDataAsync(IHost, TimeSpan)" />
    /// <typeparam name="T">The store's marker.</typeparam>
    public static Task WaitForNonStaleProjectionDataAsync<T>(this IHost host, TimeSpan timeout) where T : class, IDocumentStore =>
        host.Services.GetRequiredService<T>().WaitForNonStaleProjectionDataAsync(timeout);

    /// <inheritdoc cref="WaitForNonStaleProjectionDataAsync(IHost, TimeSpan)" />
    public static Task WaitForNonStaleProjectionDataAsync(this IDocumentStore store, TimeSpan timeout)
    {
        var known = (DocumentStore)store;
        return WaitAsync(known, [.. known.Options.Projections.Async.Select(r => r.Shard)], timeout, CancellationToken.None);
    }

    /// <summary>As <see cref="WaitForNonStaleProjectionDataAsync(IHost, TimeSpan)"/>. All tenants share one database here, and the projections process their events together.</summary>
    public static Task WaitForNonStaleProjectionDataAsync(this IHost host, string tenantIdOrDatabaseName, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantIdOrDatabaseName);
        return host.WaitForNonStaleProjectionDataAsync(timeout);
    }

    /// <inheritdoc cref="WaitForNonStaleProjectionDataAsync(IHost, string, TimeSpan)" />
    public static Task WaitForNonStaleProjectionDataAsync(this IDocumentStore store, string tenantIdOrDatabaseName, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantIdOrDatabaseName);
        return store.WaitForNonStaleProjectionDataAsync(timeout);
    }

    /// <summary>
    /// Lets all asynchronous projections and subscriptions of the store process the events that exist now, in this call, whether or
    /// not its daemon runs.
    /// </summary>
    /// <returns>Why shards did not; empty when all did.</returns>
    public static Task<IReadOnlyList<Exception>> ForceAllMartenDaemonActivityToCatchUpAsync(this IHost host, CancellationToken cancellation, CatchUpMode mode = CatchUpMode.AndResumeNormally) =>
        host.Services.ForceAllMartenDaemonActivityToCatchUpAsync(cancellation, mode);

    /// <inheritdoc cref="ForceAllMartenDaemonActivityToCatchUpAsync(IHost, CancellationToken, CatchUpMode)" />
    public static Task<IReadOnlyList<Exception>> ForceAllMartenDaemonActivityToCatchUpAsync(this IServiceProvider services, CancellationToken cancellation, CatchUpMode mode = CatchUpMode.AndResumeNormally) =>
        CatchUpAsync(services.GetRequiredService<IDocumentStore>(), services.GetService<IProjectionCoordinator>(), mode, cancellation);

    /// <inheritdoc cref="ForceAllMartenDaemonActivityToCatchUpAsync(IHost, CancellationToken, CatchUpMode)" />
    /// <typeparam name="T">The store's marker.</typeparam>
    public static Task<IReadOnlyList<Exception>> ForceAllMartenDaemonActivityToCatchUpAsync<T>(this IHost host, CancellationToken cancellation, CatchUpMode mode = CatchUpMode.AndResumeNormally) where T : class, IDocumentStore =>
        host.Services.ForceAllMartenDaemonActivityToCatchUpAsync<T>(cancellation, mode);

    /// <inheritdoc cref="ForceAllMartenDaemonActivityToCatchUpAsync(IHost, CancellationToken, CatchUpMode)" />
    /// <typeparam name="T">The store's marker.</typeparam>
    public static Task<IReadOnlyList<Exception>> ForceAllMartenDaemonActivityToCatchUpAsync<T>(this IServiceProvider services, CancellationToken cancellation, CatchUpMode mode = CatchUpMode.AndResumeNormally) where T : class, IDocumentStore =>
        CatchUpAsync(services.GetRequiredService<T>(), services.GetService<IProjectionCoordinator<T>>(), mode, cancellation);

    private static async Task<IReadOnlyList<Exception>> CatchUpAsync(IDocumentStore store, IProjectionCoordinator? coordinator, CatchUpMode mode, CancellationToken cancellation)
    {
        if (coordinator is null)
        {
            using var daemon = await store.BuildProjectionDaemonAsync();
            return await ((ProjectionDaemon)daemon).TryCatchUpAsync(cancellation);
        }

        await coordinator.PauseAsync();
        try
        {
            return await ((ProjectionDaemon)coordinator.DaemonForMainDatabase()).TryCatchUpAsync(cancellation);
        }
        finally
        {
            if (mode == CatchUpMode.AndResumeNormally)
                await coordinator.ResumeAsync();
        }
    }

    internal static async Task WaitAsync(DocumentStore store, IReadOnlyCollection<ShardName> shards, TimeSpan timeout, CancellationToken token)
    {
        if (shards.Count == 0)
            return;
        var clock = store.Options.Events.TimeProvider;
        var sql = new DaemonSql(store.Options.EventGraph);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(timeout);
        IReadOnlyList<ShardState> states = [];
        try
        {
            await store.Database.EnsureAsync(typeof(JasperFx.Events.IEvent), token);
            await using var command = store.DataSource.CreateCommand(sql.LastEvent);
            var last = (long)(await command.ExecuteScalarAsync(token))!;
            if (last == 0)
                return;
            while (true)
            {
                states = await store.Advanced.AllProjectionProgress(null, token);
                if (shards.All(shard => states.Any(s => s.ShardName == shard.Identity && s.Sequence >= last)))
                    return;
                await Task.Delay(Pause, clock, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new TimeoutException($"The projections have not processed all events within {timeout}. The progress is: {string.Join("; ", states)}. Is the daemon running?");
        }
    }
}
