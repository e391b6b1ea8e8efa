using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Internal;
using Marten.Internal.Sessions;
using Marten.Linq;
using Marten.Projections;
using Marten.Storage;
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

    public Task<IEvent?> LoadAsync(Guid id, CancellationToken token = default) => EventRequest(id).RunAsync(token);

    public async Task<IEvent<T>?> LoadAsync<T>(Guid id, CancellationToken token = default) where T : class => await LoadAsync(id, token) as IEvent<T>;

    public Task<StreamState?> FetchStreamStateAsync(Guid streamId, CancellationToken token = default) => StateRequest(Checked(streamId)).RunAsync(token);

    public Task<StreamState?> FetchStreamStateAsync(string streamKey, CancellationToken token = default) => StateRequest(Checked(streamKey)).RunAsync(token);

    public IMartenQueryable<T> QueryRawEventDataOnly<T>() where T : notnull =>
        LinqProvider.Query<T>(session, new EventDataQuerySource(Graph, session, typeof(T)));

    public IMartenQueryable<IEvent> QueryAllRawEvents() => LinqProvider.Query<IEvent>(session, new EventQuerySource(Graph, session));

    public object Checked(Guid id) => Graph.StreamIdentity == StreamIdentity.AsGuid
        ? id
        : throw new InvalidOperationException("The streams of this store are identified by a string. Pass a key, or set Events.StreamIdentity to AsGuid.");

    public object Checked(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Graph.StreamIdentity == StreamIdentity.AsString
            ? key
            : throw new InvalidOperationException("The streams of this store are identified by a Guid. Pass an id, or set Events.StreamIdentity to AsString.");
    }

    public static StreamAggregation<T> AggregationFor<T>(EventGraph graph) where T : class
    {
        var aggregation = (StreamAggregation<T>)graph.AggregateFor(typeof(T)).Aggregation;
        return aggregation.HasMethods
            ? aggregation
            : throw new InvalidProjectionException($"Nothing builds {typeof(T).FullName}: it has no public Create, Apply or ShouldDelete method and no constructor that accepts an event.");
    }

    /// <summary>The event with an id.</summary>
    public EventStoreRequest<IEvent?> EventRequest(Guid id) => new(
        session,
        () =>
        {
            var command = new SqlBuilder().Append($"select {Sql.EventColumns} from {Sql.Events} as d where d.id = ").AppendParameter(id, NpgsqlDbType.Uuid).Append(Sql.Own("d", 2)).ToCommand();
            Sql.AddTenant(command.Parameters, session.TenantId);
            return command;
        },
        async (reader, stop) => await reader.ReadAsync(stop) ? await EventReader.ReadAsync(reader, 0, Graph, session.Serializer, stop) : null);

    /// <summary>The state of a stream.</summary>
    public EventStoreRequest<StreamState?> StateRequest(object id) => new(
        session,
        () => ForStream(Sql.State, id),
        async (reader, stop) => await reader.ReadAsync(stop) ? EventReader.ReadState(reader, Graph) : null);

    /// <summary>Events of a stream in order.</summary>
    public EventStoreRequest<IReadOnlyList<IEvent>> StreamRequest(object id, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0) => new(
        session,
        () => version > 0 || fromVersion > 0 || timestamp is not null ? PartOf(id, version, timestamp, fromVersion) : ForStream(Sql.Stream, id),
        async (reader, stop) => await EventReader.ReadAllAsync(reader, session, stop));

    protected Task<IReadOnlyList<IEvent>> FetchAsync(object id, long version, DateTimeOffset? timestamp, long fromVersion, CancellationToken token) =>
        StreamRequest(id, version, timestamp, fromVersion).RunAsync(token);

    /// <summary>A command with the parameters that name a stream.</summary>
    protected NpgsqlCommand ForStream(string sql, object id)
    {
        var command = new NpgsqlCommand(sql);
        command.Parameters.Add(SqlBuilder.CreateParameter(id, Sql.IdDbType));
        Sql.AddTenant(command.Parameters, session.TenantId);
        return command;
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

    /// <summary>Whether the streams of an aggregate belong to all tenants, and this is the session of one of them.</summary>
    protected bool IsGlobalElsewhere(Type aggregateType) => Sql.IsConjoined && session.TenantId != TenantIds.Default && Graph.IsGlobal(aggregateType);

    private async Task<T?> AggregateAsync<T>(object id, long version, DateTimeOffset? timestamp, T? state, long fromVersion, CancellationToken token) where T : class
    {
        if (IsGlobalElsewhere(typeof(T)))
            return await new QueryEventStore((QuerySession)session.ForTenant(TenantIds.Default)).AggregateAsync(id, version, timestamp, state, fromVersion, token);
        var list = await FetchAsync(id, version, timestamp, fromVersion, token);
        return await AggregationFor<T>(Graph).FoldAsync(state, list, id, session, token);
    }

    // An event may delete the aggregate, and later ones may create it again: the state before the last deletion is wanted.
    private async Task<T?> LastKnownAsync<T>(object id, long version, DateTimeOffset? timestamp, CancellationToken token) where T : class
    {
        var list = await FetchAsync(id, version, timestamp, 0, token);
        var aggregation = AggregationFor<T>(Graph);
        T? now = null;
        var known = 0;
        for (var i = 0; i < list.Count; i++)
        {
            now = await aggregation.FoldAsync(now, [list[i]], id, session, token);
            if (now is not null)
                known = i + 1;
        }

        // The instance that was deleted may have been changed by that, so it is built anew.
        return now ?? (known == 0 ? null : await aggregation.FoldAsync(null, [.. list.Take(known)], id, session, token));
    }
}
