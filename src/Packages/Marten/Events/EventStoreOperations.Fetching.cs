using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Exceptions;
using Marten.Internal;
using Npgsql;
using NpgsqlTypes;

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
        BeginUnitOfWork();
        if (!exclusively && TryFindFetched(typeof(T), id, out var known))
        {
            Expect<T>(id, expectedVersion, known.StartingVersion);
            return (EventStream<T>)known;
        }

        await session.EnsureStorageAsync(typeof(IEvent), token);
        if (exclusively)
            await session.BeginTransactionAsync(token);
        var state = Graph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline
            ? await ReadSnapshotAsync<T>(id, exclusively, token)
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

    // Stream and snapshot come from one statement, so they belong together. Under a lock they cannot: a statement that waited
    // for the row would still see the snapshot of before, so the snapshot is read by a statement of its own after it.
    private async Task<FetchedState<T>> ReadSnapshotAsync<T>(object id, bool exclusively, CancellationToken token) where T : class
    {
        session.Options.OpenTelemetry.RecordReplayed(0, typeof(T), "Inline");
        var storage = session.StorageFor<T>();
        await session.EnsureStorageAsync(typeof(T), token);
        var sql = Sql.Snapshot(storage);
        if (!exclusively)
            return await SnapshotRequest<T>(id).RunAsync(token);
        session.IdentityMap?.Remove((typeof(T), id));
        var (version, snapshot) = await ReadLockedAsync(id, sql.Locked, async (reader, stop) => await reader.ReadAsync(stop) ? storage.Read(reader, 0, session) : null, token);
        return new FetchedState<T>(version, snapshot);
    }

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
            (version, list) = await ReadLockedAsync(id, Sql.LockAndReadStream,
                async (reader, stop) => await EventReader.ReadAllAsync(reader, session, stop), token);
        }
        else
        {
            list = await FetchAsync(id, 0, null, 0, token);
            version = list.Count == 0 ? 0 : list[^1].Version;
        }

        session.Options.OpenTelemetry.RecordReplayed(list?.Count ?? 0, typeof(T), "Live");
        return new FetchedState<T>(version, await AggregationFor<T>(Graph).FoldAsync(null, list ?? [], id, session, token));
    }

    // One round trip: the transaction's begin travels with the first command.
    private async Task<(long Version, TResult? Result)> ReadLockedAsync<TResult>(object id, string sql, Func<NpgsqlDataReader, CancellationToken, Task<TResult?>> read, CancellationToken token)
        where TResult : class
    {
        await using var command = new NpgsqlCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("id", NpgsqlDbType.Text) { Value = id.ToString() });
        command.Parameters.Add(new NpgsqlParameter("key", Sql.IdDbType) { Value = id });
        if (Sql.IsConjoined)
            command.Parameters.Add(new NpgsqlParameter("tenant", NpgsqlDbType.Varchar) { Value = session.TenantId });
        try
        {
            return await session.ReadAsync<(long, TResult?)>(command, async (reader, stop) =>
            {
                await reader.NextResultAsync(stop);
                var version = await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0;
                await reader.NextResultAsync(stop);
                return (version, await read(reader, stop));
            }, token);
        }
        catch (MartenCommandException exception) when (exception.InnerException is { InnerException: TimeoutException } or PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled })
        {
            throw new StreamLockedException(id, exception.InnerException!);
        }
    }

    private async ValueTask<T?> LatestAsync<T>(object id, CancellationToken token) where T : class
    {
        if (Graph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline)
            return await session.LoadAsync<T>(id, token);
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

    private async ValueTask<T?> ProjectAsync<T>(object id, CancellationToken token) where T : class
    {
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
