using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Events.Projections;
using Marten.Internal.Sessions;
using Marten.Services;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>What the parts of one daemon share.</summary>
internal sealed class DaemonContext(DocumentStore store, ILogger logger) : IDisposable
{
    public DocumentStore Store => store;

    public ILogger Logger => logger;

    public ProjectionOptions Settings => store.Options.Projections;

    public DaemonSql Sql { get; } = new(store.Options.EventGraph);

    public TimeProvider Clock => store.Options.Events.TimeProvider;

    public ShardStateTracker Tracker { get; } = new(store.Options.Events.TimeProvider);

    /// <summary>Limits how many shards read at the same time.</summary>
    public SemaphoreSlim Loads { get; } = new(Math.Max(1, store.Options.Projections.MaxConcurrentEventLoadsPerDatabase));

    /// <summary>Limits how many shards write at the same time.</summary>
    public SemaphoreSlim Writes { get; } = new(Math.Max(1, store.Options.Projections.MaxConcurrentBatchWritesPerDatabase));

    public int TimeoutSeconds => Math.Max(30, store.Options.CommandTimeout);

    public async Task EnsureStorageAsync(CancellationToken token)
    {
        await store.Database.EnsureAsync(typeof(IEvent), token);
        if (Settings.HasAnyAsyncProjections())
            await store.Database.EnsureAsync(typeof(DeadLetterEvent), token);
    }

    /// <summary>A session whose listeners are those of the daemon only.</summary>
    public DocumentSession OpenSession(bool remembersDocuments)
    {
        var session = new DocumentSession(store, new SessionOptions
        {
            Tracking = remembersDocuments ? DocumentTracking.IdentityOnly : DocumentTracking.None,
            Timeout = TimeoutSeconds,
            AllowAnyTenant = true,
        });
        session.Listeners.Clear();
        return session;
    }

    public async Task<long?> ProgressAsync(ShardName shard, CancellationToken token)
    {
        await using var command = store.DataSource.CreateCommand(Sql.Progress);
        command.Parameters.Add(EventParameters.Value(shard.Identity, NpgsqlDbType.Varchar));
        return await command.ExecuteScalarAsync(token) as long?;
    }

    public async Task<long> ScalarAsync(string sql, NpgsqlParameter? parameter, CancellationToken token)
    {
        await using var command = store.DataSource.CreateCommand(sql);
        if (parameter is not null)
            command.Parameters.Add(parameter);
        return (long)(await command.ExecuteScalarAsync(token))!;
    }

    /// <summary>Sets the progress of a shard; 0 forgets it.</summary>
    public async Task ResetAsync(ShardName shard, long sequence, CancellationToken token)
    {
        await using var command = store.DataSource.CreateCommand(sequence == 0 ? Sql.Forget : Sql.Reset);
        command.Parameters.Add(EventParameters.Value(shard.Identity, NpgsqlDbType.Varchar));
        if (sequence != 0)
            command.Parameters.Add(EventParameters.Value(sequence, NpgsqlDbType.Bigint));
        await command.ExecuteNonQueryAsync(token);
    }

    public void Dispose()
    {
        Tracker.Dispose();
        Loads.Dispose();
        Writes.Dispose();
    }
}
