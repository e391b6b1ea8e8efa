using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Internal;
using Marten.Internal.Storage;
using Npgsql;

namespace Marten.Events;

internal sealed partial class EventStoreOperations
{
    /// <summary>Whether the daemon keeps a document of an aggregate, from which reading can go on.</summary>
    private bool HasFollowingDocument(Type aggregateType) =>
        Graph.AggregateFor(aggregateType) is { Lifecycle: ProjectionLifecycle.Async, IsMultiStream: false } && !session.Options.MappingFor(aggregateType).IsHierarchy;

    // The events are read before the document, so none between the two can be missing: the document is at least as new as the one
    // behind which they were read, and those that it knows are left out. The version of the stream is read last, to tell a stream
    // without events to apply from one whose document was deleted between the statements.
    private async Task<FetchedState<T>> ReadFollowingAsync<T>(object id, CancellationToken token) where T : class
    {
        await session.EnsureStorageAsync(typeof(IEvent), token);
        await session.EnsureStorageAsync(typeof(T), token);
        var sql = Sql.Following(session.StorageFor<T>());
        await using var batch = new NpgsqlBatch();
        foreach (var text in new[] { sql.Events, sql.Document, sql.Stream })
        {
            var command = new NpgsqlBatchCommand(text);
            command.Parameters.Add(SqlBuilder.CreateParameter(id, Sql.IdDbType));
            Sql.AddTenant(command.Parameters, session.TenantId);
            batch.BatchCommands.Add(command);
        }

        var (events, known, document, version) = await session.ReadAsync(batch, async (reader, stop) =>
        {
            var behind = await EventReader.ReadAllAsync(reader, session, stop);
            await reader.NextResultAsync(stop);
            var exists = await reader.ReadAsync(stop);
            var (revision, state) = exists ? (reader.GetInt64(0), session.Serializer.FromJson<T>(reader, 1)) : (0, null);
            await reader.NextResultAsync(stop);
            return (behind, revision, state, await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0);
        }, token);
        var pending = events.Where(e => e.Version > known).ToList();
        if (document is null && version > 0 && (pending.Count == 0 || pending[0].Version > 1))
            return await ReadLiveAsync<T>(id, false, token);
        session.Options.OpenTelemetry.RecordReplayed(pending.Count, typeof(T), "Async");
        var state = await AggregationFor<T>(Graph).FoldAsync(document, pending, id, session, token);
        return new FetchedState<T>(pending.Count == 0 ? known : pending[^1].Version, state);
    }
}

/// <summary>How the document of an aggregate and the events behind it are read. Each statement has the id of the stream, and the tenant where tenants are kept apart.</summary>
/// <param name="Events">The events behind the document.</param>
/// <param name="Document">The version and the JSON of the document.</param>
/// <param name="Stream">The version of the stream.</param>
internal sealed record FollowingSql(string Events, string Document, string Stream)
{
    public static FollowingSql For(DocumentStorage storage, EventSql sql)
    {
        var condition = $"{storage.From} where d.id = $1{(storage.Mapping.IsConjoined ? " and d.tenant_id = $2" : "")}{(storage.DefaultFilter is null ? "" : " and " + storage.DefaultFilter)}";
        return new FollowingSql(
            $"select {sql.EventColumns} from {sql.Events} as d where d.stream_id = $1{sql.Own("d", 2)} and d.version > coalesce((select d.mt_version from {condition}), 0) order by d.version",
            $"select d.mt_version, d.data from {condition}",
            $"select s.version from {sql.Streams} as s where s.id = $1{sql.Own("s", 2)}");
    }
}
