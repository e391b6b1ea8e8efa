using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Internal;
using Marten.Internal.Sessions;
using Marten.Linq;
using Marten.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>Reads events and streams.</summary>
internal class QueryEventStore(QuerySession session) : IQueryEventStore
{
    protected EventGraph Graph { get; } = session.Options.EventGraph;

    protected EventSql Sql => Graph.Sql;

    public Task<IReadOnlyList<IEvent>> FetchStreamAsync(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0, CancellationToken token = default) =>
        FetchAsync(Checked(streamId), version, timestamp, fromVersion, token);

    public Task<IReadOnlyList<IEvent>> FetchStreamAsync(string streamKey, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0, CancellationToken token = default) =>
        FetchAsync(Checked(streamKey), version, timestamp, fromVersion, token);

    public Task<T?> AggregateStreamAsync<T>(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, T? state = null, long fromVersion = 0, CancellationToken token = default) where T : class =>
        AggregateAsync(Checked(streamId), version, timestamp, state, fromVersion, token);

    public Task<T?> AggregateStreamToLastKnownAsync<T>(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, CancellationToken token = default) where T : class =>
        LastKnownAsync<T>(Checked(streamId), version, timestamp, token);

    public Task<T?> AggregateStreamToLastKnownAsync<T>(string streamKey, long version = 0, DateTimeOffset? timestamp = null, CancellationToken token = default) where T : class =>
        LastKnownAsync<T>(Checked(streamKey), version, timestamp, token);

    public Task<T?> AggregateStreamAsync<T>(string streamKey, long version = 0, DateTimeOffset? timestamp = null, T? state = null, long fromVersion = 0, CancellationToken token = default) where T : class =>
        AggregateAsync(Checked(streamKey), version, timestamp, state, fromVersion, token);

    public async Task<IEvent?> LoadAsync(Guid id, CancellationToken token = default)
    {
        await session.EnsureStorageAsync(typeof(IEvent), token);
        await using var command = new SqlBuilder().Append($"select {Sql.EventColumns} from {Sql.Events} as d where d.id = ").AppendParameter(id, NpgsqlDbType.Uuid).Append(Sql.Own("d", 2)).ToCommand();
        Sql.AddTenant(command.Parameters, session.TenantId);
        return await session.ReadAsync(command, async (reader, stop) =>
            await reader.ReadAsync(stop) ? await EventReader.ReadAsync(reader, 0, Graph, session.Serializer, stop) : null, token);
    }

    public async Task<IEvent<T>?> LoadAsync<T>(Guid id, CancellationToken token = default) where T : class => await LoadAsync(id, token) as IEvent<T>;

    public Task<StreamState?> FetchStreamStateAsync(Guid streamId, CancellationToken token = default) => StateAsync(Checked(streamId), token);

    public Task<StreamState?> FetchStreamStateAsync(string streamKey, CancellationToken token = default) => StateAsync(Checked(streamKey), token);

    public IMartenQueryable<T> QueryRawEventDataOnly<T>() where T : notnull =>
        LinqProvider.Query<T>(session, new EventDataQuerySource(Graph, session, typeof(T)));

    public IMartenQueryable<IEvent> QueryAllRawEvents() => LinqProvider.Query<IEvent>(session, new EventQuerySource(Graph, session));

    protected object Checked(Guid id) => Graph.StreamIdentity == StreamIdentity.AsGuid
        ? id
        : throw new InvalidOperationException("The streams of this store are identified by a string. Pass a key, or set Events.StreamIdentity to AsGuid.");

    protected object Checked(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Graph.StreamIdentity == StreamIdentity.AsString
            ? key
            : throw new InvalidOperationException("The streams of this store are identified by a Guid. Pass an id, or set Events.StreamIdentity to AsString.");
    }

    protected static StreamAggregation<T> AggregationFor<T>(EventGraph graph) where T : class
    {
        var aggregation = (StreamAggregation<T>)graph.AggregateFor(typeof(T)).Aggregation;
        return aggregation.HasMethods
            ? aggregation
            : throw new InvalidProjectionException($"Nothing builds {typeof(T).FullName}: it has no public Create, Apply or ShouldDelete method and no constructor that accepts an event.");
    }

    protected async Task<IReadOnlyList<IEvent>> FetchAsync(object id, long version, DateTimeOffset? timestamp, long fromVersion, CancellationToken token)
    {
        await session.EnsureStorageAsync(typeof(IEvent), token);
        await using var command = version > 0 || fromVersion > 0 || timestamp is not null ? PartOf(id, version, timestamp, fromVersion) : new NpgsqlCommand(Sql.Stream);
        if (command.Parameters.Count == 0)
            AddStream(command, id);
        return await session.ReadAsync<IReadOnlyList<IEvent>>(command, async (reader, stop) => await EventReader.ReadAllAsync(reader, session, stop), token);
    }

    private NpgsqlCommand PartOf(object id, long version, DateTimeOffset? timestamp, long fromVersion)
    {
        var sql = new SqlBuilder().Append($"select {Sql.EventColumns} from {Sql.Events} as d where d.stream_id = ").AppendParameter(id, Sql.IdDbType);
        if (Sql.IsConjoined)
            sql.Append(" and d.tenant_id = ").AppendParameter(session.TenantId, NpgsqlDbType.Varchar);
        if (version > 0)
            sql.Append(" and d.version <= ").AppendParameter(version, NpgsqlDbType.Bigint);
        if (fromVersion > 0)
            sql.Append(" and d.version >= ").AppendParameter(fromVersion, NpgsqlDbType.Bigint);
        if (timestamp is { } until)
            sql.Append(" and d.timestamp <= ").AppendParameter(until.ToUniversalTime(), NpgsqlDbType.TimestampTz);
        return sql.Append(" order by d.version").ToCommand();
    }

    private async Task<T?> AggregateAsync<T>(object id, long version, DateTimeOffset? timestamp, T? state, long fromVersion, CancellationToken token) where T : class
    {
        var list = await FetchAsync(id, version, timestamp, fromVersion, token);
        return await AggregationFor<T>(Graph).FoldAsync(state, list, id, session, token);
    }

    // An event may delete the aggregate, and later ones may create it again: the state before the last deletion is wanted.
    private async Task<T?> LastKnownAsync<T>(object id, long version, DateTimeOffset? timestamp, CancellationToken token) where T : class
    {
        var list = await FetchAsync(id, version, timestamp, 0, token);
        var aggregation = AggregationFor<T>(Graph);
        for (var count = list.Count; count > 0; count--)
        {
            if (await aggregation.FoldAsync(null, [.. list.Take(count)], id, session, token) is { } found)
                return found;
        }

        return null;
    }

    protected void AddStream(NpgsqlCommand command, object id)
    {
        command.Parameters.Add(SqlBuilder.CreateParameter(id, Sql.IdDbType));
        Sql.AddTenant(command.Parameters, session.TenantId);
    }

    protected async Task<StreamState?> StateAsync(object id, CancellationToken token)
    {
        await session.EnsureStorageAsync(typeof(IEvent), token);
        await using var command = new NpgsqlCommand(Sql.State);
        AddStream(command, id);
        return await session.ReadAsync(command, async (reader, stop) => await reader.ReadAsync(stop) ? EventReader.ReadState(reader, Graph) : null, token);
    }
}
