using JasperFx.Events;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Storage;

namespace Marten.Events;

/// <summary>The event store of one document store: its options, its event types and its part in a unit of work.</summary>
internal sealed class EventGraph : IEventStoreOptions
{
    private readonly StoreOptions options;
    private readonly Dictionary<Type, string> eventTypeNames = [];
    private string? schemaName;

    public EventGraph(StoreOptions options) => this.options = options;

    public StreamIdentity StreamIdentity { get; set; }

    public bool UseIdentityMapForAggregates { get; set; } = true;

    public string DatabaseSchemaName
    {
        get => schemaName ?? options.DatabaseSchemaName;
        set => schemaName = value;
    }

    public MetadataConfig MetadataConfig { get; } = new();

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    public bool EnableBigIntEvents { get; set; } = true;

    public EventAppendMode AppendMode { get; set; } = EventAppendMode.QuickWithServerTimestamps;

    public bool EnableAdvancedAsyncTracking { get; set; } = true;

    public bool UseMandatoryStreamTypeDeclaration { get; set; }

    /// <summary>Whether the store has event types, projections or a session that used its events: whether its tables belong to the configured schema.</summary>
    public bool IsActive => eventTypeNames.Count > 0;

    /// <summary>The event tables and functions.</summary>
    public ISchemaFeature Feature => throw new NotSupportedException();

    public IEventStoreOptions AddEventType<TEvent>()
    {
        AddEventType(typeof(TEvent));
        return this;
    }

    public void AddEventType(Type eventType) => eventTypeNames[eventType] = eventType.Name;

    public void AddEventTypes(IEnumerable<Type> types)
    {
        foreach (var type in types)
            AddEventType(type);
    }

    public void MapEventType<TEvent>(string eventTypeName) where TEvent : class => MapEventType(typeof(TEvent), eventTypeName);

    public void MapEventType(Type eventType, string eventTypeName) => eventTypeNames[eventType] = eventTypeName;

    public IEventStoreOptions Upcast<TOldEvent, TEvent>(string eventTypeName, Func<TOldEvent, TEvent> upcast)
        where TOldEvent : class where TEvent : class => this;

    public IEventStoreOptions Upcast<TOldEvent, TEvent>(Func<TOldEvent, TEvent> upcast)
        where TOldEvent : class where TEvent : class => this;

    /// <summary>
    /// Called by SaveChangesAsync after the listeners and before anything is sent: assigns versions, runs inline projections
    /// (which may queue writes on the session) and returns the operations that save the queued streams. They are sent before
    /// the session's own operations, in the same batch.
    /// </summary>
    public ValueTask<IReadOnlyList<IStorageOperation>> PrepareAsync(DocumentSession session, IReadOnlyList<StreamAction> streams, CancellationToken token) =>
        streams.Count == 0 ? new ValueTask<IReadOnlyList<IStorageOperation>>([]) : throw new NotSupportedException(options.StoreName);

    /// <summary>The events of a session that only reads.</summary>
    public static IQueryEventStore ReaderFor(QuerySession session) => throw new NotSupportedException(session.ToString());

    /// <summary>The events of a session that writes.</summary>
    public static IEventStoreOperations OperationsFor(DocumentSession session) => throw new NotSupportedException(session.ToString());
}
