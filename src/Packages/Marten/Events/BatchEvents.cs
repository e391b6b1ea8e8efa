using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.Events.Tags;
using Marten.Events;
using Marten.Internal.Sessions;

namespace Marten.Services.BatchQuerying
{
    /// <summary>Questions to the event store that are asked in one round trip with others.</summary>
    public interface IBatchEvents
    {
        /// <summary>The event with an id, or null.</summary>
        Task<IEvent?> Load(Guid id);

        /// <summary>The version and times of a stream, or null when it does not exist.</summary>
        Task<StreamState?> FetchStreamState(Guid streamId);

        /// <inheritdoc cref="FetchStreamState(Guid)" />
        Task<StreamState?> FetchStreamState(string streamKey);

        /// <summary>The events of a stream in order, up to a version (0: all) or a time, from a version on.</summary>
        Task<IReadOnlyList<IEvent>> FetchStream(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0);

        /// <inheritdoc cref="FetchStream(Guid, long, DateTimeOffset?, long)" />
        Task<IReadOnlyList<IEvent>> FetchStream(string streamKey, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0);

        /// <summary>Reads an aggregate for a decision; events appended to the result are saved only while the stream is unchanged.</summary>
        /// <exception cref="InvalidOperationException">The session only reads.</exception>
        Task<IEventStream<T>> FetchForWriting<T>(Guid id) where T : class;

        /// <inheritdoc cref="FetchForWriting{T}(Guid)" />
        Task<IEventStream<T>> FetchForWriting<T>(string key) where T : class;

        /// <summary>As <see cref="FetchForWriting{T}(Guid)"/>, if the stream has the expected version now.</summary>
        /// <exception cref="EventStreamUnexpectedMaxEventIdException">It has another version.</exception>
        Task<IEventStream<T>> FetchForWriting<T>(Guid id, long expectedVersion) where T : class;

        /// <inheritdoc cref="FetchForWriting{T}(Guid, long)" />
        Task<IEventStream<T>> FetchForWriting<T>(string key, long expectedVersion) where T : class;

        /// <summary>
        /// As <see cref="FetchForWriting{T}(Guid)"/>, and locks the stream until the session has saved its changes or is disposed. The
        /// batch runs in a transaction of the session.
        /// </summary>
        /// <exception cref="Exceptions.StreamLockedException">Another transaction holds the lock for longer than a command may last.</exception>
        Task<IEventStream<T>> FetchForExclusiveWriting<T>(Guid id) where T : class;

        /// <inheritdoc cref="FetchForExclusiveWriting{T}(Guid)" />
        Task<IEventStream<T>> FetchForExclusiveWriting<T>(string key) where T : class;

        /// <summary>The present state of an aggregate, or null.</summary>
        Task<T?> FetchLatest<T>(Guid id) where T : class;

        /// <inheritdoc cref="FetchLatest{T}(Guid)" />
        Task<T?> FetchLatest<T>(string id) where T : class;

        /// <summary>Whether there is an event with certain tags that is not archived.</summary>
        /// <exception cref="InvalidOperationException">The session only reads.</exception>
        Task<bool> EventsExist(EventTagQuery query);

        /// <summary>Reads the events with certain tags for a decision; events are saved only while there are no others.</summary>
        /// <exception cref="InvalidOperationException">The session only reads.</exception>
        Task<IEventBoundary<T>> FetchForWritingByTags<T>(EventTagQuery query) where T : class;
    }

    /// <summary>The questions of one batch to the event store.</summary>
    internal sealed class BatchEvents(BatchedQuery batch, QuerySession session) : IBatchEvents
    {
        private QueryEventStore Reader => session is DocumentSession writer ? (EventStoreOperations)writer.Events : (QueryEventStore)session.Events;

        private EventStoreOperations Writer => Reader as EventStoreOperations
            ?? throw new InvalidOperationException("This session only reads. Open a document session to fetch streams for writing.");

        public Task<IEvent?> Load(Guid id) => batch.Add(Reader.EventRequest(id));

        public Task<StreamState?> FetchStreamState(Guid streamId) => batch.Add(Reader.StateRequest(Reader.Checked(streamId)));

        public Task<StreamState?> FetchStreamState(string streamKey) => batch.Add(Reader.StateRequest(Reader.Checked(streamKey)));

        public Task<IReadOnlyList<IEvent>> FetchStream(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0) =>
            batch.Add(Reader.StreamRequest(Reader.Checked(streamId), version, timestamp, fromVersion));

        public Task<IReadOnlyList<IEvent>> FetchStream(string streamKey, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0) =>
            batch.Add(Reader.StreamRequest(Reader.Checked(streamKey), version, timestamp, fromVersion));

        public Task<IEventStream<T>> FetchForWriting<T>(Guid id) where T : class => Writer.FetchInBatchAsync<T>(batch, Reader.Checked(id), null);

        public Task<IEventStream<T>> FetchForWriting<T>(string key) where T : class => Writer.FetchInBatchAsync<T>(batch, Reader.Checked(key), null);

        public Task<IEventStream<T>> FetchForWriting<T>(Guid id, long expectedVersion) where T : class => Writer.FetchInBatchAsync<T>(batch, Reader.Checked(id), expectedVersion);

        public Task<IEventStream<T>> FetchForWriting<T>(string key, long expectedVersion) where T : class => Writer.FetchInBatchAsync<T>(batch, Reader.Checked(key), expectedVersion);

        public Task<IEventStream<T>> FetchForExclusiveWriting<T>(Guid id) where T : class => Writer.FetchLockedInBatchAsync<T>(batch, Reader.Checked(id));

        public Task<IEventStream<T>> FetchForExclusiveWriting<T>(string key) where T : class => Writer.FetchLockedInBatchAsync<T>(batch, Reader.Checked(key));

        public Task<T?> FetchLatest<T>(Guid id) where T : class => LatestAsync<T>(Reader.Checked(id));

        public Task<T?> FetchLatest<T>(string id) where T : class => LatestAsync<T>(Reader.Checked(id));

        public Task<bool> EventsExist(EventTagQuery query) => batch.Add(Writer.ExistRequest(query));

        public Task<IEventBoundary<T>> FetchForWritingByTags<T>(EventTagQuery query) where T : class
        {
            var writer = Writer;
            return batch.FollowAsync(writer.TagRequest(query), async found => await writer.BoundaryAsync<T>(query, found, CancellationToken.None));
        }

        private Task<T?> LatestAsync<T>(object id) where T : class =>
            session.Options.EventGraph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline ? batch.Load<T>(id) : BuildAsync<T>(id);

        private Task<T?> BuildAsync<T>(object id) where T : class => batch.FollowAsync(
            Reader.StreamRequest(id),
            async events => await QueryEventStore.AggregationFor<T>(session.Options.EventGraph).FoldAsync(null, events, id, session, CancellationToken.None));
    }
}

namespace Marten.Events
{
    internal sealed partial class EventStoreOperations
    {
        /// <summary>As FetchForWriting, when a batch is executed.</summary>
        public Task<IEventStream<T>> FetchInBatchAsync<T>(Services.BatchQuerying.BatchedQuery batch, object id, long? expectedVersion) where T : class
        {
            if (IsGlobalElsewhere(typeof(T)))
                return Global.FetchInBatchAsync<T>(batch, id, expectedVersion);
            BeginUnitOfWork();
            if (TryFindFetched(typeof(T), id, out var known))
            {
                Expect<T>(id, expectedVersion, known.StartingVersion);
                return Task.FromResult<IEventStream<T>>((EventStream<T>)known);
            }

            return Graph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline
                ? batch.FollowAsync(SnapshotRequest<T>(id), state => Task.FromResult<IEventStream<T>>(Fetched(id, expectedVersion, state)))
                : batch.FollowAsync<IReadOnlyList<IEvent>, IEventStream<T>>(StreamRequest(id), async events => Fetched(id, expectedVersion, await BuildAsync<T>(id, events)));
        }

        /// <summary>As FetchForExclusiveWriting, when a batch is executed.</summary>
        public Task<IEventStream<T>> FetchLockedInBatchAsync<T>(Services.BatchQuerying.BatchedQuery batch, object id) where T : class
        {
            if (IsGlobalElsewhere(typeof(T)))
                return Global.FetchLockedInBatchAsync<T>(batch, id);
            BeginUnitOfWork();
            return Graph.AggregateFor(typeof(T)).Lifecycle == ProjectionLifecycle.Inline
                ? batch.FollowAsync(LockedSnapshotRequest<T>(id), found => Task.FromResult<IEventStream<T>>(Fetched(id, null, new FetchedState<T>(found.Version, found.Result))))
                : batch.FollowAsync<(long Version, IReadOnlyList<IEvent>? Result), IEventStream<T>>(LockedEventsRequest(id), async found => Fetched(
                    id, null, new FetchedState<T>(found.Version, await AggregationFor<T>(Graph).FoldAsync(null, found.Result ?? [], id, session, CancellationToken.None))));
        }

        private EventStream<T> Fetched<T>(object id, long? expectedVersion, FetchedState<T> state) where T : class
        {
            Expect<T>(id, expectedVersion, state.Version);
            return Fetched(id, state, CancellationToken.None);
        }

        private async Task<FetchedState<T>> BuildAsync<T>(object id, IReadOnlyList<IEvent> events) where T : class =>
            new(events.Count == 0 ? 0 : events[^1].Version, await AggregationFor<T>(Graph).FoldAsync(null, events, id, session, CancellationToken.None));
    }
}
