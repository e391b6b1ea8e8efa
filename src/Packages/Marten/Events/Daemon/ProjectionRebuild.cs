using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>One statement of the daemon's own.</summary>
internal sealed class DaemonStatement(string sql, NpgsqlParameter? parameter = null) : IStorageOperation
{
    public Type? DocumentType => null;

    public OperationRole Role => OperationRole.Other;

    public object? Document => null;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(sql);
        if (parameter is not null)
            command.Parameters.Add(parameter);
    }
}

/// <summary>Builds one projection anew from all events, while events may be appended.</summary>
internal sealed class ProjectionRebuild(DaemonContext context, ProjectionRegistration registration)
{
    public async Task RunAsync(CancellationToken token)
    {
        if (registration is AggregateRegistration { IsInlineSnapshot: true } snapshot)
        {
            await new SnapshotRebuild(context.Store, snapshot).RunAllAsync(token);
            return;
        }

        var ceiling = context.Tracker.HighWaterMark;
        await TearDownAsync(token);
        using var agent = new ShardAgent(context, registration, ShardExecutionMode.Rebuild);
        await agent.RunToAsync(ceiling, token);
        if (registration.Lifecycle == ProjectionLifecycle.Inline)
            await context.ResetAsync(registration.Shard, 0, token);
    }

    // The progress goes first: another process that runs the shard holds that row while it saves a page. When its page is saved
    // first, the deletions see it; otherwise its page finds no progress and is rolled back.
    private async Task TearDownAsync(CancellationToken token)
    {
        await using var session = context.OpenSession(registration.Async);
        session.QueueOperation(new DaemonStatement(context.Sql.Forget, EventParameters.Value(registration.Shard.Identity, NpgsqlDbType.Varchar)));
        if (registration.Async.TeardownDataOnRebuild)
        {
            var options = context.Store.Options;
            foreach (var type in registration.WrittenTypes)
            {
                await context.Store.Database.EnsureAsync(type, token);
                session.QueueOperation(new DaemonStatement($"delete from {options.MappingFor(type).QualifiedTableName}"));
            }

            foreach (var table in registration.WrittenTables.Concat(registration.Async.DeletedTables.Select(Quoted)))
                session.QueueOperation(new DaemonStatement($"delete from {table}"));
        }

        if (context.Settings.HasAnyAsyncProjections())
        {
            var name = registration.Name;
            session.DeleteWhere<DeadLetterEvent>(d => d.ProjectionName == name);
        }

        await session.SaveChangesAsync(token);
    }

    private static string Quoted(string table) => string.Join('.', table.Split('.').Select(Identifiers.Quote));
}

/// <summary>
/// Builds the snapshots of single streams anew, under the lock of their streams, so that writers wait for a moment and none is
/// overtaken. A writer that read a snapshot before and saves after it would bring the old state back, so streams that changed
/// meanwhile are built a second time, after such writers had time to save.
/// </summary>
internal sealed class SnapshotRebuild(DocumentStore store, AggregateRegistration registration)
{
    private const int StreamsPerPage = 500;
    private const int EventsPerTransaction = 5000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private readonly EventGraph events = store.Options.EventGraph;

    public async Task RunAllAsync(CancellationToken token)
    {
        await store.Database.EnsureAsync(typeof(IEvent), token);
        await store.Database.EnsureAsync(registration.AggregateType, token);
        await using var query = (QuerySession)store.QuerySession();
        var started = (await query.QueryAsync<DateTimeOffset>("select now() - interval '1 minute'", token))[0];
        await RunPagesAsync(query, null, token);
        await Task.Delay(Settling, events.TimeProvider, token);
        await RunPagesAsync(query, started, token);
        await using var session = (DocumentSession)store.LightweightSession();
        session.QueueOperation(new DaemonStatement(
            $"delete from {store.Options.MappingFor(registration.AggregateType).QualifiedTableName} as d where not exists (select 1 from {events.Sql.Streams} as s where s.id = d.id)"));
        await session.SaveChangesAsync(token);
    }

    /// <summary>Builds the snapshots of some streams in one transaction.</summary>
    public async Task RunAsync(Array ids, CancellationToken token)
    {
        await using var session = (DocumentSession)store.LightweightSession();
        session.Listeners.Clear();
        await session.EnsureStorageAsync(typeof(IEvent), token);
        await session.EnsureStorageAsync(registration.AggregateType, token);
        await session.BeginTransactionAsync(token);
        var archived = registration.Filter.IncludeArchivedEvents ? "" : " and d.is_archived = FALSE";
        await using var lockStreams = Command($"select s.id from {events.Sql.Streams} as s where s.id = ANY($1) order by s.id for update", ids);
        await session.ExecuteAsync(lockStreams, token);
        await using var read = Command($"select {events.Sql.EventColumns} from {events.Sql.Events} as d where d.stream_id = ANY($1){archived} order by d.stream_id, d.version", ids);
        var all = await session.ReadAsync(read, async (reader, stop) => await EventReader.ReadAllAsync(reader, session, stop), token);
        var storage = session.StorageFor(registration.AggregateType);
        foreach (var stream in all.GroupBy(e => events.Sql.IsGuid ? (object)e.StreamId : e.StreamKey!))
        {
            var relevant = stream.Where(e => registration.Aggregation.AppliesTo(e.EventType)).ToList();
            if (relevant.Count == 0)
                continue;
            var (after, action) = await registration.Aggregation.DetermineAsync(null, relevant, stream.Key, session, token);
            if (after is not null && action is ActionType.Store or ActionType.UnDeleteAndStore)
                session.QueueOperation(new DocumentWrite(storage, after!, stream.Key, WriteKind.Snapshot, session) { Revision = stream.Last().Version });
            else
                session.QueueOperation(new DeleteById(storage, stream.Key, null, action == ActionType.HardDelete, session));
        }

        await session.SaveChangesAsync(token);
    }

    private NpgsqlCommand Command(string sql, Array ids)
    {
        var command = new NpgsqlCommand(sql);
        command.Parameters.Add(SqlBuilder.CreateParameter(ids, NpgsqlDbType.Array | events.Sql.IdDbType));
        return command;
    }

    private async Task RunPagesAsync(QuerySession query, DateTimeOffset? changedSince, CancellationToken token)
    {
        object? last = null;
        while (true)
        {
            var page = await StreamsAsync(query, last, changedSince, token);
            foreach (var batch in Batches(page))
                await RunAsync(events.Sql.IsGuid ? batch.Cast<Guid>().ToArray() : batch.Cast<string>().ToArray(), token);
            if (page.Count < StreamsPerPage)
                return;
            last = page[^1].Id;
        }
    }

    private static IEnumerable<List<object>> Batches(List<(object Id, long Version)> page)
    {
        var batch = new List<object>();
        var count = 0L;
        foreach (var (id, version) in page)
        {
            batch.Add(id);
            count += version;
            if (count < EventsPerTransaction)
                continue;
            yield return batch;
            batch = [];
            count = 0;
        }

        if (batch.Count > 0)
            yield return batch;
    }

    private async Task<List<(object Id, long Version)>> StreamsAsync(QuerySession query, object? last, DateTimeOffset? changedSince, CancellationToken token)
    {
        var sql = new SqlBuilder().Append($"select s.id, s.version from {events.Sql.Streams} as s where TRUE");
        if (last is not null)
            sql.Append(" and s.id > ").AppendParameter(last, events.Sql.IdDbType);
        if (changedSince is { } time)
            sql.Append(" and s.timestamp >= ").AppendParameter(time, NpgsqlDbType.TimestampTz);
        await using var command = sql.Append(" order by s.id limit ").AppendParameter(StreamsPerPage, NpgsqlDbType.Integer).ToCommand();
        return await query.ReadAsync(command, static async (reader, stop) =>
        {
            var rows = new List<(object, long)>();
            while (await reader.ReadAsync(stop))
                rows.Add((reader.GetValue(0), reader.GetInt64(1)));
            return rows;
        }, token);
    }
}
