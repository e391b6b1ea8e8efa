namespace JasperFx.Events;

/// <summary>The events that one unit of work adds to one stream.</summary>
public class StreamAction
{
    private readonly List<IEvent> events = [];

    /// <summary>An action on a stream that is identified by a UUID.</summary>
    public StreamAction(Guid stream, StreamActionType actionType)
    {
        Id = stream;
        ActionType = actionType;
    }

    /// <summary>An action on a stream that is identified by a key.</summary>
    public StreamAction(string stream, StreamActionType actionType)
    {
        Key = stream;
        ActionType = actionType;
    }

    /// <summary>An action on a stream; store and caller use either the id or the key.</summary>
    public StreamAction(Guid id, string key, StreamActionType actionType)
    {
        Id = id;
        Key = key;
        ActionType = actionType;
    }

    /// <summary>The id of the stream, where streams are identified by one.</summary>
    public Guid Id { get; }

    /// <summary>The key of the stream, where streams are identified by one.</summary>
    public string? Key { get; }

    /// <summary>Whether the stream is started or appended to.</summary>
    public StreamActionType ActionType { get; }

    /// <summary>The aggregate that the stream stands for, when it is known.</summary>
    public Type? AggregateType { get; set; }

    /// <summary>The name of the aggregate, as stored with the stream.</summary>
    public string? AggregateTypeName { get; internal set; }

    /// <summary>The tenant; the default tenant in a store without tenants.</summary>
    public string TenantId { get; set; } = "*DEFAULT*";

    /// <summary>The new events.</summary>
    public IReadOnlyList<IEvent> Events => events;

    /// <summary>The version that the stream must have in the database before the append; null: any.</summary>
    public long? ExpectedVersionOnServer { get; set; }

    /// <summary>The version of the stream after the append, when it is known.</summary>
    public long Version { get; set; }

    /// <summary>Whether the version is checked even when no event is added.</summary>
    public bool AlwaysEnforceConsistency { get; set; }

    /// <summary>Whether the events are in the database.</summary>
    internal bool IsSaved { get; set; }

    /// <summary>Whether the operations that save the stream contain all of its events.</summary>
    internal bool IsPrepared { get; set; }

    /// <summary>How many of the events the caller queued; projections appended the others while saving. Null when all are the caller's.</summary>
    internal int? OwnEvents { get; private set; }

    /// <summary>When the stream was last changed, when it is known.</summary>
    public DateTimeOffset? Timestamp { get; internal set; }

    /// <summary>When the stream was started, when it is known.</summary>
    public DateTimeOffset? Created { get; internal set; }

    /// <summary>The start of a stream.</summary>
    public static StreamAction Start(Guid streamId, params IEvent[] events) => new StreamAction(streamId, StreamActionType.Start).AddEvents(events);

    /// <summary>The start of a stream.</summary>
    public static StreamAction Start(string streamKey, params IEvent[] events) => new StreamAction(streamKey, StreamActionType.Start).AddEvents(events);

    /// <summary>An append to a stream.</summary>
    public static StreamAction Append(Guid streamId, IEvent[] events) => new StreamAction(streamId, StreamActionType.Append).AddEvents(events);

    /// <summary>An append to a stream.</summary>
    public static StreamAction Append(string streamKey, IEvent[] events) => new StreamAction(streamKey, StreamActionType.Append).AddEvents(events);

    /// <summary>A stream of a tenant without any events, to name it.</summary>
    public static StreamAction ForReference(Guid streamId, string tenantId) => new(streamId, StreamActionType.Append) { TenantId = tenantId };

    /// <summary>A stream of a tenant without any events, to name it.</summary>
    public static StreamAction ForReference(string streamKey, string tenantId) => new(streamKey, StreamActionType.Append) { TenantId = tenantId };

    /// <summary>Stored events of one stream: its start when the first of them has version 1.</summary>
    public static StreamAction For(Guid streamId, IReadOnlyList<IEvent> events) => new StreamAction(streamId, TypeOf(events)).AddEvents(events);

    /// <summary>Stored events of one stream: its start when the first of them has version 1.</summary>
    public static StreamAction For(string streamKey, IReadOnlyList<IEvent> events) => new StreamAction(streamKey, TypeOf(events)).AddEvents(events);

    /// <summary>Whether the stream begins with this action.</summary>
    public bool IsStarting() => ActionType == StreamActionType.Start || ExpectedVersionOnServer == 0 || (events.Count > 0 && events[0].Version == 1);

    /// <summary>How the identity of an aggregate is read from an action: the stream's id or key, or a wrapper around one.</summary>
    /// <exception cref="NotSupportedException">The type can be no identity of a stream.</exception>
    public static Func<StreamAction, TId> CreateAggregateIdentitySource<TId>() where TId : notnull => Marten.Events.StreamIdentitySource<TId>.Create<StreamAction>(s => s.Id, s => s.Key!);

    /// <summary>Another action on the same stream with the same events.</summary>
    public StreamAction Clone()
    {
        var clone = new StreamAction(Id, Key!, ActionType)
        {
            AggregateType = AggregateType,
            AggregateTypeName = AggregateTypeName,
            TenantId = TenantId,
            ExpectedVersionOnServer = ExpectedVersionOnServer,
            Version = Version,
            AlwaysEnforceConsistency = AlwaysEnforceConsistency,
            Timestamp = Timestamp,
            Created = Created,
        };
        clone.events.AddRange(events);
        return clone;
    }

    private static StreamActionType TypeOf(IReadOnlyList<IEvent> events) => events is [{ Version: 1 }, ..] ? StreamActionType.Start : StreamActionType.Append;

    /// <summary>Adds events.</summary>
    public StreamAction AddEvents(IReadOnlyList<IEvent> events)
    {
        foreach (var item in events)
            AddEvent(item);
        return this;
    }

    /// <summary>Adds an event.</summary>
    public StreamAction AddEvent(IEvent @event)
    {
        @event.StreamId = Id;
        @event.StreamKey = Key;
        @event.TenantId = TenantId;
        events.Add(@event);
        return this;
    }

    /// <summary>Says that the events behind the first ones were appended by projections.</summary>
    internal void MarkRaised(int ownEvents) => OwnEvents ??= ownEvents;

    /// <summary>Takes back what projections appended for a save that failed.</summary>
    internal void DropRaised()
    {
        if (OwnEvents is { } count)
            events.RemoveRange(count, events.Count - count);
        OwnEvents = null;
    }
}
