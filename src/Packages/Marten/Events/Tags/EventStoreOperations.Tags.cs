using System.Linq.Expressions;
using JasperFx.Events;
using JasperFx.Events.Tags;
using Marten.Internal;
using Marten.Linq;

namespace Marten.Events;

/// <summary>Events by their tags.</summary>
internal sealed partial class EventStoreOperations
{
    public void AssignTagWhere(Expression<Func<IEvent, bool>> expression, object tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        var type = Graph.TagTypeOf(tag.GetType());
        var value = type.ExtractValue(tag);
        var sql = Graph.TagStatements.Assign(type, value, session.TenantId);
        LinqProvider.AppendWhere(sql, new EventQuerySource(Graph, session), expression, session.Options);
        sql.Append(" on conflict do nothing");
        foreach (var locking in Graph.Locks([(session.TenantId, EventGraph.NameOf(type, value))]))
            session.QueueOperation(locking);
        session.QueueOperation(new AssignTag(sql));
    }

    public Task<bool> EventsExistAsync(EventTagQuery query, CancellationToken token = default) => ExistRequest(query).RunAsync(token);

    public Task<IReadOnlyList<IEvent>> QueryByTagsAsync(EventTagQuery query, CancellationToken token = default) => TagRequest(query).RunAsync(token);

    public async Task<T?> AggregateByTagsAsync<T>(EventTagQuery query, CancellationToken token = default) where T : class => await FoldAsync<T>(await TagRequest(query).RunAsync(token), token);

    public async Task<IEventBoundary<T>> FetchForWritingByTags<T>(EventTagQuery query, CancellationToken token = default) where T : class =>
        await BoundaryAsync<T>(query, await TagRequest(query).RunAsync(token), token);

    /// <summary>Whether there is an event with certain tags.</summary>
    public EventStoreRequest<bool> ExistRequest(EventTagQuery query) => new(
        session,
        () =>
        {
            var sql = new SqlBuilder().Append($"select exists (select 1 from {Sql.Events} as d where ");
            Graph.TagStatements.AppendCondition(sql, query, session.TenantId);
            return sql.Append(")").ToCommand();
        },
        static async (reader, stop) => await reader.ReadAsync(stop) && reader.GetBoolean(0));

    /// <summary>The events with certain tags in the order of their sequences.</summary>
    public EventStoreRequest<IReadOnlyList<IEvent>> TagRequest(EventTagQuery query) => new(
        session,
        () =>
        {
            var sql = new SqlBuilder().Append($"select {Sql.EventColumns} from {Sql.Events} as d where ");
            Graph.TagStatements.AppendCondition(sql, query, session.TenantId);
            return sql.Append(" order by d.seq_id").ToCommand();
        },
        async (reader, stop) => await EventReader.ReadAllAsync(reader, session, stop));

    /// <summary>Makes what was read the boundary of this unit of work.</summary>
    public async Task<IEventBoundary<T>> BoundaryAsync<T>(EventTagQuery query, IReadOnlyList<IEvent> events, CancellationToken token) where T : class
    {
        var last = events.Count == 0 ? 0 : events[^1].Sequence;
        var aggregate = await FoldAsync<T>(events, token);
        session.UnitOfWork.Boundaries.Add(new TagBoundary(query, session.TenantId, last, events.Count));
        return new EventBoundary<T>(this, aggregate, last, events);
    }

    /// <summary>Queues an event for the stream that one of its tags names.</summary>
    public void AppendByTags(object body, Type aggregateType)
    {
        var item = BuildEvent(body);
        if (item.Tags is not { Count: > 0 })
        {
            foreach (var tag in Graph.InferTags(item.Data))
                item.AddTag(tag);
        }

        var tags = (item.Tags ?? []).Select(t => (Type: Graph.TagTypeOf(t.TagType), t.Value)).Where(t => t.Type.SimpleType == (Sql.IsGuid ? typeof(Guid) : typeof(string))).ToList();
        if (tags.Count == 0)
        {
            throw new InvalidOperationException(
                $"An event of type {item.EventType.Name} has no tag that names a stream, which must wrap a {(Sql.IsGuid ? "Guid" : "string")}. Give it one with WithTag, or append it to a stream.");
        }

        var index = Math.Max(0, tags.FindIndex(t => t.Type.AggregateType == aggregateType));
        AppendTo(tags[index].Type.ExtractValue(tags[index].Value), null, [item]);
    }

    private async ValueTask<T?> FoldAsync<T>(IReadOnlyList<IEvent> events, CancellationToken token) where T : class => events.Count == 0
        ? null
        : await AggregationFor<T>(Graph).FoldAsync(null, events, Sql.IsGuid ? events[0].StreamId : events[0].StreamKey!, session, token);
}

/// <inheritdoc />
internal sealed class EventBoundary<T>(EventStoreOperations operations, T? aggregate, long lastSeenSequence, IReadOnlyList<IEvent> events) : IEventBoundary<T> where T : class
{
    public T? Aggregate => aggregate;

    public long LastSeenSequence => lastSeenSequence;

    public IReadOnlyList<IEvent> Events => events;

    public void AppendOne(object @event) => operations.AppendByTags(@event, typeof(T));

    public void AppendMany(params object[] events) => AppendMany((IEnumerable<object>)events);

    public void AppendMany(IEnumerable<object> events)
    {
        foreach (var item in events)
            AppendOne(item);
    }
}
