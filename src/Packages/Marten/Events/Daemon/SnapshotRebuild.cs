using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Projections;
using Marten.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>
/// Builds the snapshots of single streams anew, under the lock of their streams, so that writers wait for a moment and none is
/// overtaken. The rows of the streams get new marks: a writer that read a snapshot before and saves after it would bring the
/// old state back, and fails instead, as it does after any other change of its stream.
/// </summary>
internal sealed class SnapshotRebuild(DocumentStore store, AggregateRegistration registration)
{
    private const int StreamsPerPage = 500;
    private const int EventsPerTransaction = 5000;
    private readonly EventGraph events = store.Options.EventGraph;

    /// <summary>Builds the snapshots of all streams, or of those of one tenant.</summary>
    public async Task RunAllAsync(string? tenantId, CancellationToken token)
    {
        await store.Database.EnsureAsync(typeof(IEvent), token);
        await store.Database.EnsureAsync(registration.AggregateType, token);
        await using var query = new QuerySession(store, new Marten.Services.SessionOptions { AllowAnyTenant = true });
        if (registration.IsGlobal && events.Sql.IsConjoined)
            tenantId = TenantIds.Default;
        StreamRow? last = null;
        while (true)
        {
            var page = await StreamsAsync(query, last, tenantId, token);
            foreach (var batch in Batches(page))
                await RunAsync(batch[0].TenantId, Ids(batch), token);
            if (page.Count < StreamsPerPage)
                break;
            last = page[^1];
        }

        await DeleteOrphansAsync(registration.IsGlobal ? null : tenantId, token);
    }

    // A stream and its snapshot are committed together, so a snapshot without a stream has none.
    private async Task DeleteOrphansAsync(string? tenantId, CancellationToken token)
    {
        var sql = events.Sql;
        var own = sql.IsConjoined ? $" and s.tenant_id = {(registration.IsGlobal ? $"'{TenantIds.Default}'" : "d.tenant_id")}" : "";
        await using var session = new DocumentSession(store, new Marten.Services.SessionOptions { AllowAnyTenant = true });
        AllTenants.Queue(session, store.Options.MappingFor(registration.AggregateType), new DaemonStatement(
            $"delete from {store.Options.MappingFor(registration.AggregateType).QualifiedTableName} as d where not exists (select 1 from {sql.Streams} as s where s.id = d.id{own})"
                + (tenantId is null ? "" : " and d.tenant_id = $1"),
            tenantId is null ? null : EventParameters.Value(tenantId, NpgsqlDbType.Varchar)));
        await session.SaveChangesAsync(token);
    }

    /// <summary>Builds the snapshots of some streams of a tenant in one transaction.</summary>
    public async Task RunAsync(string tenantId, Array ids, CancellationToken token)
    {
        await using var session = new DocumentSession(store, new Marten.Services.SessionOptions { TenantId = tenantId, AllowAnyTenant = true });
        session.Listeners.Clear();
        await session.EnsureStorageAsync(typeof(IEvent), token);
        await session.EnsureStorageAsync(registration.AggregateType, token);
        await session.BeginTransactionAsync(token);
        var sql = events.Sql;
        var archived = registration.Filter.IncludeArchivedEvents ? "" : " and s.is_archived = FALSE";
        await using var lockStreams = Command($"select s.id from {sql.Streams} as s where s.id = ANY($1){sql.Own("s", 2)}{archived} order by s.id for update", ids, tenantId);
        var locked = await session.ReadAsync(lockStreams, static async (reader, stop) =>
        {
            var rows = new List<object>();
            while (await reader.ReadAsync(stop))
                rows.Add(reader.GetValue(0));
            return rows;
        }, token);
        var found = Typed(locked);
        await using var mark = Command($"update {sql.Streams} as s set version = s.version where s.id = ANY($1){sql.Own("s", 2)}", found, tenantId);
        await session.ExecuteAsync(mark, token);
        var live = registration.Filter.IncludeArchivedEvents ? "" : " and d.is_archived = FALSE";
        await using var read = Command($"select {sql.EventColumns} from {sql.Events} as d where d.stream_id = ANY($1){sql.Own("d", 2)}{live} order by d.stream_id, d.version", found, tenantId);
        var all = await session.ReadAsync(read, async (reader, stop) => await EventReader.ReadAllAsync(reader, session, stop), token);
        var streams = all.ToLookup(e => sql.IsGuid ? (object)e.StreamId : e.StreamKey!);
        foreach (var id in locked)
        {
            await QueueAsync(session, id, [.. streams[id]], token);
            foreach (var write in events.NaturalKeyOperations(id, tenantId, [.. streams[id]]))
                session.QueueOperation(write);
        }

        await session.SaveChangesAsync(token);
    }

    private async Task QueueAsync(DocumentSession session, object id, List<IEvent> stream, CancellationToken token)
    {
        var storage = session.StorageFor(registration.AggregateType);
        var relevant = stream.FindAll(e => registration.Aggregation.AppliesTo(e.EventType));
        var (after, action) = relevant.Count == 0
            ? (null, ActionType.HardDelete)
            : await registration.Aggregation.DetermineAsync(null, relevant, id, session, token);
        if (after is not null && action is ActionType.Store or ActionType.UnDeleteAndStore or ActionType.StoreThenSoftDelete)
            session.QueueOperation(new DocumentWrite(storage, after!, id, WriteKind.Snapshot, session) { Revision = stream[^1].Version });
        if (action is not (ActionType.Store or ActionType.UnDeleteAndStore))
            session.QueueOperation(new DeleteById(storage, id, null, action == ActionType.HardDelete, session));
    }

    private NpgsqlCommand Command(string sql, Array ids, string tenantId)
    {
        var command = new NpgsqlCommand(sql);
        command.Parameters.Add(SqlBuilder.CreateParameter(ids, NpgsqlDbType.Array | events.Sql.IdDbType));
        events.Sql.AddTenant(command.Parameters, tenantId);
        return command;
    }

    private Array Typed(IEnumerable<object> ids) => events.Sql.IsGuid ? ids.Cast<Guid>().ToArray() : ids.Cast<string>().ToArray();

    private Array Ids(List<StreamRow> batch) => Typed(batch.Select(s => s.Id));

    private static IEnumerable<List<StreamRow>> Batches(List<StreamRow> page)
    {
        var batch = new List<StreamRow>();
        var count = 0L;
        foreach (var row in page)
        {
            if (batch.Count > 0 && (count >= EventsPerTransaction || batch[0].TenantId != row.TenantId))
            {
                yield return batch;
                batch = [];
                count = 0;
            }

            batch.Add(row);
            count += row.Version;
        }

        if (batch.Count > 0)
            yield return batch;
    }

    private async Task<List<StreamRow>> StreamsAsync(QuerySession query, StreamRow? last, string? tenantId, CancellationToken token)
    {
        var isConjoined = events.Sql.IsConjoined;
        var tenant = isConjoined ? "s.tenant_id" : $"'{TenantIds.Default}'";
        var sql = new SqlBuilder().Append($"select s.id, s.version, {tenant} from {events.Sql.Streams} as s where TRUE");
        if (tenantId is not null)
            sql.Append(" and s.tenant_id = ").AppendParameter(tenantId, NpgsqlDbType.Varchar);
        if (last is not null && isConjoined)
            sql.Append(" and (s.tenant_id, s.id) > (").AppendParameter(last.TenantId, NpgsqlDbType.Varchar).Append(", ").AppendParameter(last.Id, events.Sql.IdDbType).Append(")");
        else if (last is not null)
            sql.Append(" and s.id > ").AppendParameter(last.Id, events.Sql.IdDbType);
        sql.Append(isConjoined ? " order by s.tenant_id, s.id limit " : " order by s.id limit ");
        await using var command = sql.AppendParameter(StreamsPerPage, NpgsqlDbType.Integer).ToCommand();
        return await query.ReadAsync(command, static async (reader, stop) =>
        {
            var rows = new List<StreamRow>();
            while (await reader.ReadAsync(stop))
                rows.Add(new StreamRow(reader.GetValue(0), reader.GetInt64(1), reader.GetString(2)));
            return rows;
        }, token);
    }

    private sealed record StreamRow(object Id, long Version, string TenantId);
}
