using JasperFx.Events;
using JasperFx.Events.Subscriptions;
using JasperFx.Events.Tags;
using JasperFx.MultiTenancy;
using Marten.Services.Json.Transformations;
using Marten.Subscriptions;

namespace Marten.Events;

/// <summary>How a store keeps events.</summary>
public interface IEventStoreOptions
{
    /// <summary>What identifies a stream; default: a UUID.</summary>
    StreamIdentity StreamIdentity { get; set; }

    /// <summary>Whether each tenant has streams of its own; default: no. Choose it before the tables are created.</summary>
    TenancyStyle TenancyStyle { get; set; }

    /// <summary>Whether the ids of events are unique by an index of the database; default: no.</summary>
    bool EnableUniqueIndexOnEventId { get; set; }

    /// <summary>Whether an index by type and sequence is created, for projections of rare types; default: no.</summary>
    bool EnableEventTypeIndex { get; set; }

    /// <summary>Whether events can be marked, in the column is_skipped, to be passed over by asynchronous projections; default: no.</summary>
    bool EnableEventSkippingInProjectionsOrSubscriptions { get; set; }

    /// <summary>Whether an inline projection applies events to the instance that FetchForWriting returned; default: true.</summary>
    bool UseIdentityMapForAggregates { get; set; }

    /// <summary>The schema of the event tables; default: that of the documents.</summary>
    string DatabaseSchemaName { get; set; }

    /// <summary>Which optional metadata is stored with events.</summary>
    MetadataConfig MetadataConfig { get; }

    /// <summary>The clock of events in the modes that use the client's clock.</summary>
    TimeProvider TimeProvider { get; set; }

    /// <summary>Whether sequences are 64-bit everywhere; default: true.</summary>
    bool EnableBigIntEvents { get; set; }

    /// <summary>How events are appended; default: quick, with the database's clock.</summary>
    EventAppendMode AppendMode { get; set; }

    /// <summary>Whether the tables for tracking of asynchronous projections are created; default: true.</summary>
    bool EnableAdvancedAsyncTracking { get; set; }

    /// <summary>Whether RaiseSideEffects is also called for aggregates that are kept inline, in the unit of work that appends; default: no.</summary>
    bool EnableSideEffectsOnInlineProjections { get; set; }

    /// <summary>Where the messages go that projections publish in RaiseSideEffects; default: nowhere.</summary>
    Aggregation.IMessageOutbox MessageOutbox { get; set; }

    /// <summary>
    /// Whether each commit of events is announced to daemons of other processes, which then need not wait for their next poll;
    /// default: no, because PostgreSQL lets transactions that announce something commit one after the other.
    /// </summary>
    bool UseListenNotifyForEventAppends { get; set; }

    /// <summary>Whether a stream may only be started for a named aggregate type.</summary>
    bool UseMandatoryStreamTypeDeclaration { get; set; }

    /// <summary>
    /// Whether archived streams and their events are in partitions of their own, so that they do not slow down the others; default: no.
    /// Choose it before the tables are created.
    /// </summary>
    bool UseArchivedStreamPartitioning { get; set; }

    /// <summary>
    /// Whether the identity of a stream can never be used again, not even after the stream was archived into a partition of its own.
    /// Identities are kept in the table mt_streams_identity; default: no. Streams that exist when it is turned on are not in that table.
    /// </summary>
    bool EnableStrictStreamIdentityEnforcement { get; set; }

    /// <summary>
    /// Whether writers who expect a version of a stream wait for each other before they take sequence numbers. The statements of this
    /// edition always do, so either value means the same.
    /// </summary>
    bool UseExclusiveLockOnConcurrentAppends { get; set; }

    /// <summary>The indexes of the event tables that the store neither creates nor changes.</summary>
    IReadOnlyList<string> IgnoredIndexes { get; }

    /// <summary>Leaves an index of the event tables to somebody else: the store neither creates nor changes it.</summary>
    /// <exception cref="ArgumentException">The name is that of the index that keeps the versions of a stream unique, which the store depends on.</exception>
    IEventStoreOptions IgnoreIndex(string indexName);

    /// <summary>Adds a subscription, which the daemon runs.</summary>
    void Subscribe(ISubscription subscription);

    /// <summary>Adds a subscription, which the daemon runs.</summary>
    void Subscribe(ISubscription subscription, Action<ISubscriptionOptions>? configure = null);

    /// <summary>Declares an event type, so that stored events of it can be read before one was appended.</summary>
    IEventStoreOptions AddEventType<TEvent>();

    /// <inheritdoc cref="AddEventType{TEvent}" />
    void AddEventType(Type eventType);

    /// <summary>Declares event types.</summary>
    void AddEventTypes(IEnumerable<Type> types);

    /// <summary>What stores the bodies of event types that are marked with <see cref="BinaryEventAttribute"/>; default: nothing.</summary>
    JasperFx.Events.IEventBinarySerializer? DefaultBinarySerializer { get; set; }

    /// <summary>
    /// Stores the bodies of an event type in a binary form. Events that are stored as JSON stay as they are and can be read. Upcasters
    /// and queries of bodies work on JSON only.
    /// </summary>
    IEventStoreOptions UseBinarySerializer<TEvent>(JasperFx.Events.IEventBinarySerializer serializer);

    /// <summary>The types of tags.</summary>
    IReadOnlyList<ITagTypeRegistration> TagTypes { get; }

    /// <summary>How tags are stored; default: in a table for each type of tags.</summary>
    DcbStorageMode DcbStorageMode { get; set; }

    /// <summary>Declares a type of tags: a wrapper around a Guid, string, int or long. The table is named after it.</summary>
    ITagTypeRegistration RegisterTagType<TTag>() where TTag : notnull;

    /// <summary>Declares a type of tags: a wrapper around a Guid, string, int or long.</summary>
    /// <param name="tableSuffix">The end of the table's name, behind mt_event_tag_.</param>
    ITagTypeRegistration RegisterTagType<TTag>(string tableSuffix) where TTag : notnull;

    /// <summary>Declares an event type and the name under which it is stored.</summary>
    void MapEventType<TEvent>(string eventTypeName) where TEvent : class;

    /// <inheritdoc cref="MapEventType{TEvent}" />
    void MapEventType(Type eventType, string eventTypeName);

    /// <summary>How event types without a name of their own are named; default: <see cref="EventNamingStyle.ClassicTypeName"/>.</summary>
    EventNamingStyle EventNamingStyle { get; set; }

    /// <summary>Reads events stored under a name by a transformation of their JSON.</summary>
    IEventStoreOptions Upcast<TEvent>(string eventTypeName, JsonTransformation jsonTransformation) where TEvent : class;

    /// <inheritdoc cref="Upcast{TEvent}(string, JsonTransformation)" />
    IEventStoreOptions Upcast(Type eventType, string eventTypeName, JsonTransformation jsonTransformation);

    /// <summary>Turns stored events of a name and old shape into a new type when they are read.</summary>
    IEventStoreOptions Upcast<TOldEvent, TEvent>(string eventTypeName, Func<TOldEvent, TEvent> upcast) where TOldEvent : class where TEvent : class;

    /// <summary>Turns stored events of an old type into a new type when they are read.</summary>
    IEventStoreOptions Upcast<TOldEvent, TEvent>(Func<TOldEvent, TEvent> upcast) where TOldEvent : class where TEvent : class;

    /// <summary>Turns stored events of a name and old shape into a new type when they are read, and may wait for something in doing so.</summary>
    IEventStoreOptions Upcast<TOldEvent, TEvent>(string eventTypeName, Func<TOldEvent, CancellationToken, Task<TEvent>> upcastAsync) where TOldEvent : class where TEvent : class;

    /// <summary>Turns stored events of an old type into a new type when they are read, and may wait for something in doing so.</summary>
    IEventStoreOptions Upcast<TOldEvent, TEvent>(Func<TOldEvent, CancellationToken, Task<TEvent>> upcastAsync) where TOldEvent : class where TEvent : class;

    /// <summary>How Advanced.ApplyEventDataMasking hides the protected data of a type, or of what is derived from it: by changing the body.</summary>
    void AddMaskingRuleForProtectedInformation<T>(Action<T?> action);

    /// <summary>How Advanced.ApplyEventDataMasking hides the protected data of a type: by another body of the same type.</summary>
    void AddMaskingRuleForProtectedInformation<T>(Func<T?, T?> func);

    /// <summary>Adds upcasters.</summary>
    IEventStoreOptions Upcast(params IEventUpcaster[] upcasters);

    /// <summary>Adds an upcaster.</summary>
    IEventStoreOptions Upcast<TUpcaster>() where TUpcaster : IEventUpcaster, new();
}

/// <summary>Which optional metadata is stored with events.</summary>
public class MetadataConfig
{
    /// <summary>The correlation id of the session.</summary>
    public bool CorrelationIdEnabled { get; set; }

    /// <summary>The causation id of the session.</summary>
    public bool CausationIdEnabled { get; set; }

    /// <summary>The headers of the session and of the event.</summary>
    public bool HeadersEnabled { get; set; }

    /// <summary>The user of the session.</summary>
    public bool UserNameEnabled { get; set; }

    /// <summary>All of them.</summary>
    public void EnableAll()
    {
        CorrelationIdEnabled = true;
        CausationIdEnabled = true;
        HeadersEnabled = true;
        UserNameEnabled = true;
    }
}
