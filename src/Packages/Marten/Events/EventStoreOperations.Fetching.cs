using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Internal;
using Marten.Storage;

namespace Marten.Events;

internal sealed partial class EventStoreOperations
{
    public Task<IEventStream<T>> FetchForWriting<T>(Guid id, CancellationToken token = default) where T : class => FetchAsync<T>(Checked(id), null, false, token);

    public Task<IEventStream<T>> FetchForWriting<T>(string key, CancellationToken token = default) where T : class => FetchAsync<T>(Checked(key), null, false, token);

    public Task<IEventStream<T>> FetchForWriting<T>(Guid id, long expectedVersion, CancellationToken token = default) where T : class => FetchAsync<T>(Checked(id), expectedVersion, false, token);

    public Task<IEventStream<T>> FetchForWriting<T>(string key, long expectedVersion, CancellationToken token = default) where T : class => FetchAsync<T>(Checked(key), expectedVersion, false, token);

    public Task<IEventStream<T>> FetchForExclusiveWriting<T>(Guid id, CancellationToken token = default) where T : class => FetchAsync<T>(Checked(id), null, true, token);

    public Task<IEventStream<T>> FetchForExclusiveWriting<T>(string key, CancellationToken token = default) where T : class => FetchAsync<T>(Checked(key), null, true, token);

    public ValueTask<T?> FetchLatest<T>(Guid id, CancellationToken token = default) where T : class => LatestAsync<T>(Checked(id), token);

    public ValueTask<T?> FetchLatest<T>(string id, CancellationToken token = default) where T : class => LatestAsync<T>(Checked(id), token);

    public Task<bool> StreamLatestJson<T>(Guid id, Stream destination, CancellationToken token = default) where T : class => LatestJsonAsync<T>(Checked(id), destination, token);

    public Task<bool> StreamLatestJson<T>(string id, Stream destination, CancellationToken token = default) where T : class => LatestJsonAsync<T>(Checked(id), destination, token);

    public ValueTask<T?> ProjectLatest<T>(Guid id, CancellationToken token = default) where T : class => ProjectAsync<T>(Checked(id), token);

    public ValueTask<T?> ProjectLatest<T>(string id, CancellationToken token = default) where T : class => ProjectAsync<T>(Checked(id), token);

    private async Task<IEventStream<T>> FetchAsync<T>(object id, long? expectedVersion, bool exclusively, CancellationToken token) where T : class
    {
        if (IsGlobalElsewhere(typeof(T)))
            return await Global.FetchAsync<T>(id, expectedVersion, exclusively, token);
        BeginUnitOfWork();
        if (!exclusively && TryFindFetched(typeof(T), id, out var known))
        {
            Expect<T>(id, expectedVersion, known.StartingVersion);
            return (EventStream<T>)known;
        }

        var state = Graph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline
            ? await ReadSnapshotAsync<T>(id, exclusively, token)
            : !exclusively && HasFollowingDocument(typeof(T))
                ? await ReadFollowingAsync<T>(id, token)
                : await ReadLiveAsync<T>(id, exclusively, token);
        Expect<T>(id, expectedVersion, state.Version);
        return Fetched(id, state, token);
    }

    /// <summary>Keeps what was read for a decision, so that events can be appended to it.</summary>
    private EventStream<T> Fetched<T>(object id, FetchedState<T> state, CancellationToken token) where T : class
    {
        var version = state.Version;
        if (!TryFindAction(id, out var action) || (action.Events.Count == 0 && action.ExpectedVersionOnServer != version))
            action = ActionFor(id, version == 0 ? StreamActionType.Start : StreamActionType.Append);
        action.ExpectedVersionOnServer ??= version;
        Describe(action, typeof(T));
        var stream = new EventStream<T>(this, action, state, token);
        actions[id] = action;
        fetched[(typeof(T), id)] = stream;
        return stream;
    }

    private static void Expect<T>(object id, long? expected, long actual)
    {
        if (expected is { } version && version != actual)
            throw new EventStreamUnexpectedMaxEventIdException(id, typeof(T), version, actual);
    }

    private async Task<FetchedState<T>> ReadSnapshotAsync<T>(object id, bool exclusively, CancellationToken token) where T : class
    {
        session.Options.OpenTelemetry.RecordReplayed(0, typeof(T), "Inline");
        if (!exclusively)
            return await SnapshotRequest<T>(id).RunAsync(token);
        var (version, snapshot) = await LockedSnapshotRequest<T>(id).RunAsync(token);
        return new FetchedState<T>(version, snapshot);
    }

    // A statement that waited for the row of the stream would still see the snapshot of before, so the snapshot is read by
    // one of its own. Without a lock both come from one statement, so they belong together.
    private LockedStreamRequest<T> LockedSnapshotRequest<T>(object id) where T : class
    {
        var storage = session.StorageFor<T>();
        return new LockedStreamRequest<T>(
            session,
            Sql,
            id,
            Sql.Snapshot(storage).Locked,
            async (reader, stop) =>
            {
                session.IdentityMap?.Remove((typeof(T), id));
                return await reader.ReadAsync(stop) ? storage.Read(reader, 0, session) : null;
            },
            typeof(T));
    }

    private LockedStreamRequest<IReadOnlyList<IEvent>> LockedEventsRequest(object id) =>
        new(session, Sql, id, Sql.Stream, async (reader, stop) => await EventReader.ReadAllAsync(reader, session, stop));

    private EventStoreRequest<FetchedState<T>> SnapshotRequest<T>(object id) where T : class
    {
        var storage = session.StorageFor<T>();
        return new EventStoreRequest<FetchedState<T>>(
            session,
            () => ForStream(Sql.Snapshot(storage).One, id),
            async (reader, stop) =>
            {
                if (!await reader.ReadAsync(stop))
                    return default;

                // An instance that the session remembers may be older than the version that is read now.
                session.IdentityMap?.Remove((typeof(T), id));
                return new FetchedState<T>(reader.GetInt64(1), reader.IsDBNull(3) ? null : storage.Read(reader, 3, session), reader.GetFieldValue<uint>(2));
            },
            typeof(T));
    }

    private async Task<FetchedState<T>> ReadLiveAsync<T>(object id, bool exclusively, CancellationToken token) where T : class
    {
        long version;
        IReadOnlyList<IEvent>? list;
        if (exclusively)
        {
            (version, list) = await LockedEventsRequest(id).RunAsync(token);
        }
        else
        {
            list = await FetchAsync(id, 0, null, 0, token);
            version = list.Count == 0 ? 0 : list[^1].Version;
        }

        session.Options.OpenTelemetry.RecordReplayed(list?.Count ?? 0, typeof(T), "Live");
        return new FetchedState<T>(version, await AggregationFor<T>(Graph).FoldAsync(null, list ?? [], id, session, token));
    }

    private async ValueTask<T?> LatestAsync<T>(object id, CancellationToken token) where T : class
    {
        if (IsGlobalElsewhere(typeof(T)))
            return await Global.LatestAsync<T>(id, token);
        if (Graph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline)
            return await session.LoadAsync<T>(id, token);
        if (HasFollowingDocument(typeof(T)))
            return (await ReadFollowingAsync<T>(id, token)).Aggregate;
        var list = await FetchAsync(id, 0, null, 0, token);
        return await AggregationFor<T>(Graph).FoldAsync(null, list, id, session, token);
    }

    private async Task<bool> LatestJsonAsync<T>(object id, Stream destination, CancellationToken token) where T : class
    {
        if (Graph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline)
            return await (id is Guid guid ? session.Json.StreamById<T>(guid, destination, token) : session.Json.StreamById<T>((string)id, destination, token));
        if (await LatestAsync<T>(id, token) is not { } latest)
            return false;
        using var buffer = new PooledBuffer();
        session.Serializer.WriteTo(buffer, latest);
        await destination.WriteAsync(buffer.WrittenMemory, token);
        return true;
    }

    /// <summary>The events of the default tenant, to which the streams of global aggregates belong.</summary>
    private EventStoreOperations Global => (EventStoreOperations)session.Own(TenantIds.Default).Events;

    private async ValueTask<T?> ProjectAsync<T>(object id, CancellationToken token) where T : class
    {
        if (IsGlobalElsewhere(typeof(T)))
            return await Global.ProjectAsync<T>(id, token);
        // From the events and not from the snapshot: the pending ones must not be applied to an instance somebody else holds.
        var list = await FetchAsync(id, 0, null, 0, token);
        if (!TryFindAction(id, out var action) || action.Events.Count == 0)
            return await AggregationFor<T>(Graph).FoldAsync(null, list, id, session, token);
        var version = list.Count == 0 ? 0 : list[^1].Version;
        foreach (var pending in action.Events)
            pending.Version = ++version;
        return await AggregationFor<T>(Graph).FoldAsync(null, [.. list, .. action.Events], id, session, token);
    }
}
