using JasperFx.Events;
using JasperFx.Events.Protected;

namespace JasperFx.Events.Protected
{
    /// <summary>What is called with the events that compacting removes. Implement the generic one.</summary>
    public interface IEventsArchiver;

    /// <summary>Keeps events somewhere else before compacting removes them.</summary>
    /// <typeparam name="TOperations">What it writes with; of Marten: IDocumentOperations.</typeparam>
    public interface IEventsArchiver<in TOperations> : IEventsArchiver
    {
        /// <summary>Called before anything is removed. What it queues is saved together with the removal; when it fails, nothing is removed.</summary>
        Task MaybeArchiveAsync<T>(TOperations operations, StreamCompactingRequest<T> request, IReadOnlyList<IEvent> events, CancellationToken cancellation) where T : class;
    }

    /// <summary>Which events of a stream one event is to stand for.</summary>
    /// <typeparam name="T">The aggregate.</typeparam>
    public class StreamCompactingRequest<T> where T : class
    {
        /// <summary>A request for a stream that is identified by a text.</summary>
        public StreamCompactingRequest(string? streamKey) => StreamKey = streamKey;

        /// <summary>A request for a stream that is identified by a UUID.</summary>
        public StreamCompactingRequest(Guid? streamId) => StreamId = streamId;

        /// <summary>The key of the stream, where streams are identified by one.</summary>
        public string? StreamKey { get; private set; }

        /// <summary>The id of the stream, where streams are identified by one.</summary>
        public Guid? StreamId { get; private set; }

        /// <summary>The last version to compact; 0 is the latest.</summary>
        public long Version { get; set; }

        /// <summary>The time up to which events are compacted; default: all.</summary>
        public DateTimeOffset? Timestamp { get; set; }

        /// <summary>What keeps the events before they are removed, an <see cref="IEventsArchiver{TOperations}"/> of IDocumentOperations; default: nothing does.</summary>
        public IEventsArchiver? Archiver { get; set; }

        /// <summary>Stops the reading of the stream.</summary>
        public CancellationToken CancellationToken { get; set; } = CancellationToken.None;

        /// <summary>The sequence of the last event that was compacted; set by the operation.</summary>
        public long Sequence { get; set; }
    }
}

namespace Marten.Events
{
    internal sealed partial class EventStoreOperations
    {
        public Task CompactStreamAsync<T>(Guid streamId, Action<StreamCompactingRequest<T>>? configure = null) where T : class =>
            CompactAsync(Checked(streamId), new StreamCompactingRequest<T>(streamId), configure);

        public Task CompactStreamAsync<T>(string streamKey, Action<StreamCompactingRequest<T>>? configure = null) where T : class =>
            CompactAsync(Checked(streamKey), new StreamCompactingRequest<T>(streamKey), configure);

        private static IEventsArchiver<IDocumentOperations> ArchiverOf(IEventsArchiver archiver) => archiver as IEventsArchiver<IDocumentOperations>
            ?? throw new InvalidOperationException($"{archiver.GetType().FullName} does not implement IEventsArchiver<IDocumentOperations>.");

        // The last event keeps its place and becomes the state; those before it go. Both happen when the session saves.
        private async Task CompactAsync<T>(object id, StreamCompactingRequest<T> request, Action<StreamCompactingRequest<T>>? configure) where T : class
        {
            configure?.Invoke(request);
            var events = await FetchAsync(id, request.Version, request.Timestamp, 0, request.CancellationToken);
            if (events.Count == 0 || events is [IEvent<Compacted<T>>])
                return;
            var aggregate = await AggregationFor<T>(Graph).FoldAsync(null, events, id, session, request.CancellationToken)
                ?? throw new Exceptions.InvalidStreamOperationException($"Stream '{id}' cannot be compacted: at version {events[^1].Version} there is no {typeof(T).Name}.");
            request.Version = events[^1].Version;
            request.Sequence = events[^1].Sequence;
            if (request.Archiver is { } archiver)
                await ArchiverOf(archiver).MaybeArchiveAsync(session, request, [.. events.Where(e => e is not IEvent<Compacted<T>>)], request.CancellationToken);
            CompletelyReplaceEvent(request.Sequence, new Compacted<T>(aggregate, request.StreamId ?? Guid.Empty, request.StreamKey ?? string.Empty));
            session.QueueOperation(new DeleteEventsOperation(Graph, [.. events.Take(events.Count - 1).Select(e => e.Sequence)]));
        }
    }
}
