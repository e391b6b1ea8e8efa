using JasperFx.Events;
using Marten.Linq;

namespace JasperFx.Events
{
    /// <summary>Reads events and streams.</summary>
    public interface IQueryEventStore
    {
        /// <summary>The events of a stream in order, up to a version (0: all) or a time, from a version on.</summary>
        Task<IReadOnlyList<IEvent>> FetchStreamAsync(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0, CancellationToken token = default);

        /// <summary>The events of a stream in order, up to a version (0: all) or a time, from a version on.</summary>
        Task<IReadOnlyList<IEvent>> FetchStreamAsync(string streamKey, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0, CancellationToken token = default);

        /// <summary>
        /// The aggregate of a stream, built from its events up to a version (0: all) or a time. A known state can be given with
        /// the version of the first event that it lacks.
        /// </summary>
        Task<T?> AggregateStreamAsync<T>(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, T? state = null, long fromVersion = 0, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="AggregateStreamAsync{T}(Guid, long, DateTimeOffset?, T, long, CancellationToken)" />
        Task<T?> AggregateStreamAsync<T>(string streamKey, long version = 0, DateTimeOffset? timestamp = null, T? state = null, long fromVersion = 0, CancellationToken token = default) where T : class;

        /// <summary>As AggregateStreamAsync; where the last events have deleted the aggregate, its state before that.</summary>
        Task<T?> AggregateStreamToLastKnownAsync<T>(Guid streamId, long version = 0, DateTimeOffset? timestamp = null, CancellationToken token = default) where T : class;

        /// <inheritdoc cref="AggregateStreamToLastKnownAsync{T}(Guid, long, DateTimeOffset?, CancellationToken)" />
        Task<T?> AggregateStreamToLastKnownAsync<T>(string streamKey, long version = 0, DateTimeOffset? timestamp = null, CancellationToken token = default) where T : class;

        /// <summary>The event with an id, or null when there is none or its body is of another type.</summary>
        Task<IEvent<T>?> LoadAsync<T>(Guid id, CancellationToken token = default) where T : class;

        /// <summary>The event with an id, or null.</summary>
        Task<IEvent?> LoadAsync(Guid id, CancellationToken token = default);

        /// <summary>The version and times of a stream, or null when it does not exist.</summary>
        Task<StreamState?> FetchStreamStateAsync(Guid streamId, CancellationToken token = default);

        /// <summary>The version and times of a stream, or null when it does not exist.</summary>
        Task<StreamState?> FetchStreamStateAsync(string streamKey, CancellationToken token = default);
    }
}

namespace Marten.Events
{
    /// <summary>Reads events and streams, also by queries.</summary>
    public interface IQueryEventStore : JasperFx.Events.IQueryEventStore
    {
        /// <summary>A query over the bodies of all events of one type.</summary>
        IMartenQueryable<T> QueryRawEventDataOnly<T>() where T : notnull;

        /// <summary>A query over all events with their metadata.</summary>
        IMartenQueryable<IEvent> QueryAllRawEvents();
    }
}
