using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using JasperFx.Events.Grouping;
using Marten.Events;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Storage;
using Npgsql;

namespace Marten.Projections;

/// <summary>Turns a page of events into writes of the documents that they change.</summary>
internal abstract class AggregateRunner
{
    /// <summary>Queues the writes.</summary>
    /// <param name="session">The session that saves them.</param>
    /// <param name="events">The events in order.</param>
    /// <param name="isInline">Whether the events are being appended now, so that their sequence may not be known yet.</param>
    /// <param name="raises">Whether side effects follow.</param>
    /// <param name="changes">Where the parts of a composite projection record what they did; otherwise null.</param>
    /// <param name="token">Stops the work.</param>
    public abstract Task RunAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool isInline, bool raises, StageChanges? changes, CancellationToken token);

    /// <summary>Calls the side effects of one document that events have changed.</summary>
    public abstract ValueTask RaiseAsync(DocumentSession session, object id, IReadOnlyList<IEvent> events, object? after);

    public static AggregateRunner Create(StreamAggregation aggregation, Type idType, object? projection) =>
        (AggregateRunner)Activator.CreateInstance(typeof(AggregateRunner<,>).MakeGenericType(aggregation.AggregateType, idType), aggregation, projection)!;
}

/// <inheritdoc cref="AggregateRunner" />
internal sealed class AggregateRunner<TDoc, TId>(StreamAggregation<TDoc> aggregation, JasperFxAggregationProjectionBase<TDoc, TId, IDocumentOperations, IQuerySession>? projection) : AggregateRunner
    where TDoc : class
    where TId : notnull
{
    private readonly JasperFxMultiStreamProjectionBase<TDoc, TId, IDocumentOperations, IQuerySession>? multiStream =
        projection as JasperFxMultiStreamProjectionBase<TDoc, TId, IDocumentOperations, IQuerySession>;

    private readonly Func<IEvent, TId>? streamIdentity =
        projection is JasperFxMultiStreamProjectionBase<TDoc, TId, IDocumentOperations, IQuerySession> ? null : IEvent.CreateAggregateIdentitySource<TId>();

    private readonly bool hasSideEffects = projection?.Overrides(nameof(projection.RaiseSideEffects)) == true;

    public override async Task RunAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool isInline, bool raises, StageChanges? changes, CancellationToken token)
    {
        // Events that are being appended belong to the tenant of their session.
        if (isInline || !KeepsTenants(session))
        {
            await RunAsync(session, isInline ? session.TenantId : TenantIds.Default, events, isInline, raises, changes, token);
            return;
        }

        foreach (var tenant in events.GroupBy(e => e.TenantId, StringComparer.Ordinal))
            await RunAsync(session.Own(tenant.Key), tenant.Key, [.. tenant], isInline, raises, changes, token);
    }

    private bool KeepsTenants(DocumentSession session) =>
        session.Options.MappingFor(typeof(TDoc)).IsConjoined && multiStream is not { TenancyGrouping: TenancyGrouping.AcrossTenants };

    private async Task RunAsync(DocumentSession session, string tenantId, IReadOnlyList<IEvent> events, bool isInline, bool raises, StageChanges? changes, CancellationToken token)
    {
        if (multiStream is null && !isInline && raises)
            Archive(session, events);
        var group = multiStream is null ? SliceByStream(tenantId, events) : await multiStream.SliceAsync(tenantId, session, events, token);
        if (group.Slices.Count == 0)
            return;
        if (projection is not null)
            await projection.EnrichEventsAsync(group, session, token);
        await session.EnsureStorageAsync(typeof(TDoc), token);
        var storage = session.StorageFor<TDoc>();
        var known = await LoadAsync(session, storage, group, token);
        foreach (var slice in group.Slices)
        {
            var (version, snapshot) = known.GetValueOrDefault(slice.Id);
            var pending = multiStream is null && version > 0 ? Behind(slice.Events(), version) : slice.Events();
            if (pending.Count == 0)
                continue;
            var (after, action) = await aggregation.DetermineAsync(snapshot, pending, slice.Id, session, token);
            slice.Snapshot = action is ActionType.Delete or ActionType.HardDelete ? null : after;
            Queue(session, storage, AggregateIdentity<TId>.Bare(slice.Id), after, action, pending[^1], isInline);
            changes?.Record(tenantId, slice.Id, after, action, pending[^1]);
            if (!raises || !hasSideEffects)
                continue;
            if (changes is null)
                await RaiseAsync(session, slice);
            else
                changes.SideEffects.Add(() => RaiseAsync(session, slice));
        }
    }

    public override async ValueTask RaiseAsync(DocumentSession session, object id, IReadOnlyList<IEvent> events, object? after)
    {
        if (!hasSideEffects)
            return;
        var slice = new EventSlice<TDoc, TId>(AggregateIdentity<TId>.Of(id), session.TenantId) { Snapshot = (TDoc?)after };
        slice.AddEvents(events);
        await RaiseAsync(session, slice);
    }

    // With the append, the unit of work that appends the event does it.
    private static void Archive(DocumentSession session, IReadOnlyList<IEvent> events)
    {
        var graph = session.Options.EventGraph;
        foreach (var ended in events.Where(e => e.Data is Archived))
            session.QueueOperation(new ArchiveStreamOperation(graph, graph.Sql.IsGuid ? ended.StreamId : ended.StreamKey!, ended.TenantId));
    }

    private SliceGroup<TDoc, TId> SliceByStream(string tenantId, IReadOnlyList<IEvent> events)
    {
        var group = new SliceGroup<TDoc, TId>(tenantId);
        foreach (var item in events)
        {
            if (aggregation.AppliesTo(item.EventType))
                group.Slices[streamIdentity!(item)].AddEvent(item);
        }

        return group;
    }

    // A document that knows some of the events already was written by another process or before a rewind; they must not count twice.
    private static List<IEvent> Behind(IReadOnlyList<IEvent> events, long version) => [.. events.Where(e => e.Version > version)];

    private async Task<Dictionary<TId, (long Version, TDoc Snapshot)>> LoadAsync(DocumentSession session, DocumentStorage<TDoc> storage, SliceGroup<TDoc, TId> group, CancellationToken token)
    {
        var ids = group.Slices.Where(s => multiStream is not null || s.Events()[0].Version != 1).Select(s => s.Id).ToArray();
        if (ids.Length == 0)
            return [];
        var filter = (storage.DefaultFilter is null ? "" : " and " + storage.DefaultFilter) + (storage.Mapping.IsConjoined ? " and d.tenant_id = $2" : "");
        await using var command = new NpgsqlCommand($"select d.id, d.mt_version, {storage.SelectColumns} from {storage.From} where d.id = ANY($1){filter}");
        foreach (var parameter in storage.Keys(AggregateIdentity<TId>.BareArray(ids), session))
            command.Parameters.Add(parameter);
        return await session.ReadAsync(command, async (reader, stop) =>
        {
            var rows = new Dictionary<TId, (long, TDoc)>();
            while (await reader.ReadAsync(stop))
                rows[AggregateIdentity<TId>.Of(reader.GetValue(0))] = (reader.GetInt64(1), storage.Read(reader, 2, session));
            return rows;
        }, token);
    }

    private void Queue(DocumentSession session, DocumentStorage storage, object id, TDoc? after, ActionType action, IEvent last, bool isInline)
    {
        if (after is not null && action is ActionType.Store or ActionType.UnDeleteAndStore or ActionType.StoreThenSoftDelete)
        {
            // While events are appended their sequence is not known in every mode, so the database counts.
            var kind = isInline && multiStream is not null ? WriteKind.Overwrite : WriteKind.Snapshot;
            var revision = multiStream is null ? last.Version : isInline ? 0 : last.Sequence;
            session.QueueOperation(new DocumentWrite(storage, after!, id, kind, session) { Revision = revision });
            if (session.IdentityMap is { } map)
                map[(typeof(TDoc), id)] = after!;
        }

        if (action is ActionType.Delete or ActionType.HardDelete or ActionType.StoreThenSoftDelete)
        {
            session.QueueOperation(new DeleteById(storage, id, null, action == ActionType.HardDelete, session));
            session.IdentityMap?.Remove((typeof(TDoc), id));
        }
    }

    private async ValueTask RaiseAsync(DocumentSession session, EventSlice<TDoc, TId> slice)
    {
        await projection!.RaiseSideEffects(session, slice.Id, slice);
        foreach (var item in slice.RaisedEvents())
        {
            if (item.StreamKey is { } key)
                session.Events.Append(key, item);
            else
                session.Events.Append(item.StreamId, item);
        }

        if (!slice.HasMessages)
            return;
        var batch = await session.MessagesAsync();
        foreach (var (message, metadata) in slice.Messages)
        {
            if (metadata is { } given)
                await batch.PublishAsync(message, given);
            else
                await batch.PublishAsync(message, slice.TenantId);
        }
    }
}
