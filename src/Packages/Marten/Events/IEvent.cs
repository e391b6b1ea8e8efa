namespace JasperFx.Events;

/// <summary>One event of a stream with its metadata.</summary>
public interface IEvent
{
    /// <summary>The event's own id.</summary>
    Guid Id { get; set; }

    /// <summary>The position in its stream, from 1.</summary>
    long Version { get; set; }

    /// <summary>The position among all events of the store.</summary>
    long Sequence { get; set; }

    /// <summary>The body.</summary>
    object Data { get; }

    /// <summary>The id of the stream, where streams are identified by one.</summary>
    Guid StreamId { get; set; }

    /// <summary>The key of the stream, where streams are identified by one.</summary>
    string? StreamKey { get; set; }

    /// <summary>When the event was saved.</summary>
    DateTimeOffset Timestamp { get; set; }

    /// <summary>The tenant; the default tenant in a store without tenants.</summary>
    string TenantId { get; set; }

    /// <summary>The type of the body.</summary>
    Type EventType { get; }

    /// <summary>The stable name under which the type is stored.</summary>
    string EventTypeName { get; set; }

    /// <summary>The CLR type that wrote the event.</summary>
    string DotNetTypeName { get; set; }

    /// <summary>What caused the event, where the store records it.</summary>
    string? CausationId { get; set; }

    /// <summary>The conversation that the event belongs to, where the store records it.</summary>
    string? CorrelationId { get; set; }

    /// <summary>Further metadata, where the store records it.</summary>
    Dictionary<string, object>? Headers { get; set; }

    /// <summary>Whether the event is archived.</summary>
    bool IsArchived { get; set; }

    /// <summary>The name of the aggregate type of the stream.</summary>
    string? AggregateTypeName { get; set; }

    /// <summary>The user on whose behalf the event was saved, where the store records it.</summary>
    string? UserName { get; set; }

    /// <summary>Whether asynchronous projections pass the event over, where the store allows that.</summary>
    bool IsSkipped { get; set; }

    /// <summary>The values by which the event can be found in whatever stream it is, of an event that is to be saved.</summary>
    IReadOnlyList<EventTag>? Tags { get; }

    /// <summary>Adds a tag. Its type must be a type of tags of the store that saves the event.</summary>
    void AddTag<TTag>(TTag tag) where TTag : notnull;

    /// <summary>Adds a tag.</summary>
    void AddTag(EventTag tag);

    /// <summary>How the identity of an aggregate is read from an event: the stream's id or key, or a wrapper around one.</summary>
    /// <exception cref="NotSupportedException">The type can be no identity of a stream.</exception>
    static Func<IEvent, TId> CreateAggregateIdentitySource<TId>() where TId : notnull => Marten.Events.StreamIdentitySource<TId>.Create<IEvent>(e => e.StreamId, e => e.StreamKey!);

    /// <summary>Sets a header.</summary>
    void SetHeader(string key, object value);

    /// <summary>A header, or null.</summary>
    object? GetHeader(string key);
}

/// <summary>One event of a stream with its metadata and a typed body.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
public interface IEvent<out T> : IEvent where T : notnull
{
    /// <summary>The body.</summary>
    new T Data { get; }
}

/// <summary>What identifies a stream.</summary>
public enum StreamIdentity
{
    /// <summary>A UUID.</summary>
    AsGuid = 0,

    /// <summary>A text.</summary>
    AsString = 1,
}

/// <summary>How events are appended.</summary>
public enum EventAppendMode
{
    /// <summary>Version and sequence of each event are known before it is saved; costs a round trip more.</summary>
    Rich = 0,

    /// <summary>The database assigns versions and sequences.</summary>
    Quick = 1,

    /// <summary>As <see cref="Quick"/>, with the database's clock.</summary>
    QuickWithServerTimestamps = 2,
}

/// <summary>What a queued stream action does.</summary>
public enum StreamActionType
{
    /// <summary>Starts a stream.</summary>
    Start = 0,

    /// <summary>Appends to a stream.</summary>
    Append = 1,
}

/// <summary>The state of a stream.</summary>
public class StreamState
{
    /// <summary>Creates an empty state.</summary>
    public StreamState()
    {
    }

    /// <summary>The state of a stream that is identified by a UUID.</summary>
    public StreamState(Guid id, long version, Type? aggregateType, DateTimeOffset lastTimestamp, DateTimeOffset created)
    {
        Id = id;
        Version = version;
        AggregateType = aggregateType;
        LastTimestamp = lastTimestamp;
        Created = created;
    }

    /// <summary>The state of a stream that is identified by a key.</summary>
    public StreamState(string key, long version, Type? aggregateType, DateTimeOffset lastTimestamp, DateTimeOffset created)
        : this(Guid.Empty, version, aggregateType, lastTimestamp, created) => Key = key;

    /// <summary>The id of the stream, where streams are identified by one.</summary>
    public Guid Id { get; set; }

    /// <summary>The key of the stream, where streams are identified by one.</summary>
    public string? Key { get; set; }

    /// <summary>The number of its events.</summary>
    public long Version { get; set; }

    /// <summary>The aggregate type it was started for, when it is known.</summary>
    public Type? AggregateType { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset LastTimestamp { get; set; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>Whether it is archived.</summary>
    public bool IsArchived { get; set; }
}

/// <summary>A stream that was read for a decision.</summary>
/// <typeparam name="T">The aggregate.</typeparam>
public interface IEventStream<out T> where T : notnull
{
    /// <summary>The aggregate before the new events; null when the stream does not exist.</summary>
    T? Aggregate { get; }

    /// <summary>The version that was read; 0 when the stream does not exist.</summary>
    long? StartingVersion { get; }

    /// <summary>The version after the new events.</summary>
    long? CurrentVersion { get; }

    /// <summary>The token that the stream was fetched with.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>The id of the stream, where streams are identified by one.</summary>
    Guid Id { get; }

    /// <summary>The key of the stream, where streams are identified by one.</summary>
    string? Key { get; }

    /// <summary>The new events.</summary>
    IReadOnlyList<IEvent> Events { get; }

    /// <summary>Whether the version is checked even when no event is appended.</summary>
    bool AlwaysEnforceConsistency { get; set; }

    /// <summary>Queues one event.</summary>
    void AppendOne(object @event);

    /// <summary>Queues events.</summary>
    void AppendMany(params object[] events);

    /// <summary>Queues events.</summary>
    void AppendMany(IEnumerable<object> events);

    /// <summary>
    /// After the session has saved the events: counts them to the starting version, so that further events can be appended and
    /// saved without fetching the stream again. The aggregate stays what it is. Before that it does nothing.
    /// </summary>
    void TryFastForwardVersion();
}

/// <summary>An event that ends a stream: where an inline snapshot follows the stream, the stream is archived with it.</summary>
/// <param name="Reason">Why the stream ends.</param>
public record Archived(string Reason);

/// <summary>Stands in the place of an event that got a sequence and could not be saved, so that no sequence is missing.</summary>
public class Tombstone
{
    /// <summary>The stored name.</summary>
    public static readonly string Name = "tombstone";

    /// <summary>The stream of all tombstones, where streams are identified by a text.</summary>
    public static readonly string StreamKey = "mt_tombstone";

    /// <summary>The stream of all tombstones of this process, where streams are identified by a UUID.</summary>
    public static readonly Guid StreamId = Guid.NewGuid();
}

/// <summary>Stands in the place of all events of a stream up to one.</summary>
/// <typeparam name="T">The aggregate.</typeparam>
/// <param name="Snapshot">The aggregate after those events.</param>
/// <param name="PreviousStreamId">The id of the stream, where streams are identified by one.</param>
/// <param name="PreviousStreamKey">The key of the stream, where streams are identified by one.</param>
public record Compacted<T>(T Snapshot, Guid PreviousStreamId, string PreviousStreamKey)
{
    /// <summary>The state in the last such event, where there is one, and the events after it.</summary>
    public static (T? Snapshot, IReadOnlyList<IEvent> Events) MaybeFastForward(T? snapshot, IReadOnlyList<IEvent> events)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            if (events[i] is IEvent<Compacted<T>> compacted)
                return (compacted.Data.Snapshot, [.. events.Skip(i + 1)]);
        }

        return (snapshot, events);
    }
}
