using System.Linq.Expressions;
using JasperFx.Events.Tags;

namespace JasperFx.Events
{
    /// <summary>Queues events for streams.</summary>
    public interface IEventOperations
    {
        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(Guid stream, IEnumerable<object> events);

        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(Guid stream, params object[] events);

        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(string stream, IEnumerable<object> events);

        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(string stream, params object[] events);

        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(Guid stream, long expectedVersion, params object[] events);

        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(string stream, long expectedVersion, IEnumerable<object> events);

        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(string stream, long expectedVersion, params object[] events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream<TAggregate>(Guid id, params object[] events) where TAggregate : class;

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Type aggregateType, Guid id, IEnumerable<object> events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Type aggregateType, Guid id, params object[] events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream<TAggregate>(string streamKey, IEnumerable<object> events) where TAggregate : class;

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream<TAggregate>(string streamKey, params object[] events) where TAggregate : class;

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Type aggregateType, string streamKey, IEnumerable<object> events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Type aggregateType, string streamKey, params object[] events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Guid id, IEnumerable<object> events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Guid id, params object[] events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(string streamKey, IEnumerable<object> events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(string streamKey, params object[] events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream<TAggregate>(IEnumerable<object> events) where TAggregate : class;

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream<TAggregate>(params object[] events) where TAggregate : class;

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Type aggregateType, IEnumerable<object> events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(Type aggregateType, params object[] events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(IEnumerable<object> events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream(params object[] events);
    }

    /// <summary>Queues events for streams and reads aggregates for decisions.</summary>
    public interface IEventStoreOperations : IEventOperations, IQueryEventStore
    {
        /// <summary>Wraps the body of an event, to set its metadata before it is appended.</summary>
        IEvent BuildEvent(object data);

        /// <summary>Queues events for the end of a stream; the expected version, where given, is that of the stream after the append.</summary>
        StreamAction Append(Guid stream, long expectedVersion, IEnumerable<object> events);

        /// <summary>Queues the first events of a stream that must not exist yet.</summary>
        StreamAction StartStream<TAggregate>(Guid id, IEnumerable<object> events) where TAggregate : class;

        /// <summary>Reads the version of an existing stream and queues events that are saved only while it is unchanged.</summary>
        Task AppendOptimistic(string streamKey, CancellationToken token, params object[] events);

        /// <summary>Reads the version of an existing stream and queues events that are saved only while it is unchanged.</summary>
        Task AppendOptimistic(string streamKey, params object[] events);

        /// <summary>Reads the version of an existing stream and queues events that are saved only while it is unchanged.</summary>
        Task AppendOptimistic(Guid streamId, CancellationToken token, params object[] events);

        /// <summary>Reads the version of an existing stream and queues events that are saved only while it is unchanged.</summary>
        Task AppendOptimistic(Guid streamId, params object[] events);

        /// <summary>Locks an existing stream until the session saves or is disposed, and queues events for it.</summary>
        Task AppendExclusive(string streamKey, CancellationToken token, params object[] events);

        /// <summary>Locks an existing stream until the session saves or is disposed, and queues events for it.</summary>
        Task AppendExclusive(string streamKey, params object[] events);

        /// <summary>Locks an existing stream until the session saves or is disposed, and queues events for it.</summary>
        Task AppendExclusive(Guid streamId, CancellationToken token, params object[] events);

        /// <summary>Locks an existing stream until the session saves or is disposed, and queues events for it.</summary>
        Task AppendExclusive(Guid streamId, params object[] events);

        /// <summary>Queues the archiving of a stream: its events stay, and disappear from queries and projections.</summary>
        void ArchiveStream(Guid streamId);

        /// <summary>Queues the archiving of a stream: its events stay, and disappear from queries and projections.</summary>
        void ArchiveStream(string streamKey);

        /// <summary>
        /// Queues the replacing of a stream's events by one that holds the aggregate after them. The stream keeps its version;
        /// the single events are gone.
        /// </summary>
        /// <exception cref="Marten.Exceptions.InvalidStreamOperationException">The events leave no aggregate.</exception>
        Task CompactStreamAsync<T>(Guid streamId, Action<Protected.StreamCompactingRequest<T>>? configure = null) where T : class;

        /// <inheritdoc cref="CompactStreamAsync{T}(Guid, Action{Protected.StreamCompactingRequest{T}})" />
        Task CompactStreamAsync<T>(string streamKey, Action<Protected.StreamCompactingRequest<T>>? configure = null) where T : class;

        /// <summary>Queues the writing of an event that was read and changed: its body and, where the store keeps them, its headers.</summary>
        /// <exception cref="Marten.Exceptions.InvalidStreamOperationException">On saving: there is no event with its sequence.</exception>
        void OverwriteEvent(IEvent e);

        /// <summary>Queues the replacing of the event with a sequence by another at the same place of its stream, with a new id.</summary>
        /// <returns>The new id.</returns>
        /// <exception cref="Marten.Exceptions.InvalidStreamOperationException">On saving: there is no event with the sequence.</exception>
        Guid CompletelyReplaceEvent<T>(long sequence, T eventBody) where T : class;

        /// <summary>Reads an aggregate for a decision; events appended to the result are saved only while the stream is unchanged.</summary>
        Task<IEventStream<T>> FetchForWriting<T>(Guid id, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="FetchForWriting{T}(Guid, CancellationToken)" />
        Task<IEventStream<T>> FetchForWriting<T>(string key, CancellationToken token = default) where T : class;

        /// <summary>As <see cref="FetchForWriting{T}(Guid, CancellationToken)"/>, if the stream has the expected version now.</summary>
        /// <exception cref="EventStreamUnexpectedMaxEventIdException">It has another version.</exception>
        Task<IEventStream<T>> FetchForWriting<T>(Guid id, long expectedVersion, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="FetchForWriting{T}(Guid, long, CancellationToken)" />
        Task<IEventStream<T>> FetchForWriting<T>(string key, long expectedVersion, CancellationToken token = default) where T : class;

        /// <summary>
        /// Reads an aggregate for a decision and locks its stream until the session saves or is disposed. Exclusive writers of a
        /// stream that does not exist yet wait for each other as well.
        /// </summary>
        /// <exception cref="Marten.Exceptions.StreamLockedException">Another transaction holds the lock longer than a command may last.</exception>
        Task<IEventStream<T>> FetchForExclusiveWriting<T>(Guid id, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="FetchForExclusiveWriting{T}(Guid, CancellationToken)" />
        Task<IEventStream<T>> FetchForExclusiveWriting<T>(string key, CancellationToken token = default) where T : class;

        /// <summary>The present state of an aggregate, or null: its inline snapshot, or built from its events.</summary>
        ValueTask<T?> FetchLatest<T>(Guid id, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="FetchLatest{T}(Guid, CancellationToken)" />
        ValueTask<T?> FetchLatest<T>(string id, CancellationToken token = default) where T : class;

        /// <summary>Tags all stored events for which a condition, translated to SQL, is true, when the session saves.</summary>
        void AssignTagWhere(Expression<Func<IEvent, bool>> expression, object tag);

        /// <summary>Whether there is an event with certain tags that is not archived.</summary>
        Task<bool> EventsExistAsync(EventTagQuery query, CancellationToken token = default);

        /// <summary>The events with certain tags that are not archived, in the order of their sequences.</summary>
        Task<IReadOnlyList<IEvent>> QueryByTagsAsync(EventTagQuery query, CancellationToken token = default);

        /// <summary>The aggregate that events with certain tags make; null when there are none.</summary>
        Task<T?> AggregateByTagsAsync<T>(EventTagQuery query, CancellationToken token = default) where T : class;

        /// <summary>
        /// Reads the events with certain tags for a decision. When the session saves events, of this boundary or others, it fails with
        /// <see cref="DcbConcurrencyException"/> if meanwhile another event with these tags was saved.
        /// </summary>
        Task<IEventBoundary<T>> FetchForWritingByTags<T>(EventTagQuery query, CancellationToken token = default) where T : class;

        /// <summary>As <see cref="FetchForWriting{T}(Guid, CancellationToken)"/>, by a wrapper of the stream's identity or by the natural key of a registered aggregate.</summary>
        /// <remarks>Where no stream has the natural key, the result is a stream that does not exist, with a new identity.</remarks>
        Task<IEventStream<T>> FetchForWriting<T, TId>(TId id, CancellationToken token = default) where T : class where TId : notnull;

        /// <summary>As <see cref="FetchForExclusiveWriting{T}(Guid, CancellationToken)"/>, by a wrapper of the stream's identity or by the natural key of a registered aggregate.</summary>
        Task<IEventStream<T>> FetchForExclusiveWriting<T, TId>(TId id, CancellationToken token = default) where T : class where TId : notnull;

        /// <summary>As <see cref="FetchLatest{T}(Guid, CancellationToken)"/>, by a wrapper of the stream's identity or by the natural key of a registered aggregate.</summary>
        ValueTask<T?> FetchLatest<T, TId>(TId id, CancellationToken token = default) where T : class where TId : notnull;

        /// <summary>The state that an aggregate will have when this session's events are saved, or null.</summary>
        ValueTask<T?> ProjectLatest<T>(Guid id, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="ProjectLatest{T}(Guid, CancellationToken)" />
        ValueTask<T?> ProjectLatest<T>(string id, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(Guid id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(Guid id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(string id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(string id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(Guid id, int expectedVersion, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(Guid id, int expectedVersion, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(string id, int expectedVersion, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate, lets the caller append events and saves them only while the stream is unchanged.</summary>
        Task WriteToAggregate<T>(string id, int expectedVersion, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate under a lock, lets the caller append events and saves them.</summary>
        Task WriteExclusivelyToAggregate<T>(Guid id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate under a lock, lets the caller append events and saves them.</summary>
        Task WriteExclusivelyToAggregate<T>(string id, Action<IEventStream<T>> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate under a lock, lets the caller append events and saves them.</summary>
        Task WriteExclusivelyToAggregate<T>(Guid id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class;

        /// <summary>Reads an aggregate under a lock, lets the caller append events and saves them.</summary>
        Task WriteExclusivelyToAggregate<T>(string id, Func<IEventStream<T>, Task> writing, CancellationToken token = default) where T : class;
    }
}

namespace Marten.Events
{
    /// <summary>Queues events for streams.</summary>
    public interface IEventOperations : JasperFx.Events.IEventOperations;

    /// <summary>Everything a session can do with events.</summary>
    public interface IEventStoreOperations : JasperFx.Events.IEventStoreOperations, IEventOperations, IQueryEventStore
    {
        /// <summary>Writes what FetchLatest would return as JSON; a stored snapshot is copied without deserializing it.</summary>
        /// <returns>Whether there was one; nothing is written otherwise.</returns>
        Task<bool> StreamLatestJson<T>(Guid id, Stream destination, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="StreamLatestJson{T}(Guid, Stream, CancellationToken)" />
        Task<bool> StreamLatestJson<T>(string id, Stream destination, CancellationToken token = default) where T : class;
    }
}
