using JasperFx.Events;
using Marten.Services.Json.Transformations;

namespace Marten.Events;

/// <summary>Names with suffixes and schema versions.</summary>
public static class EventStoreOptionsExtensions
{
    /// <summary>Stores events of a type under a name with a suffix.</summary>
    public static IEventStoreOptions MapEventTypeWithNameSuffix<TEvent>(this IEventStoreOptions options, string eventTypeName, string suffix) where TEvent : class =>
        Map<TEvent>(options, eventTypeName.GetEventTypeNameWithSuffix(suffix));

    /// <summary>Stores events of a type under its name with a suffix.</summary>
    public static IEventStoreOptions MapEventTypeWithNameSuffix<TEvent>(this IEventStoreOptions options, string suffix) where TEvent : class =>
        Map<TEvent>(options, typeof(TEvent).GetEventTypeNameWithSuffix(suffix));

    /// <summary>Stores events of a type under its name with the suffix of a schema version.</summary>
    public static IEventStoreOptions MapEventTypeWithSchemaVersion<TEvent>(this IEventStoreOptions options, uint schemaVersion) where TEvent : class =>
        Map<TEvent>(options, EventTypeExtensions.GetEventTypeNameWithSchemaVersion<TEvent>(schemaVersion));

    /// <summary>Stores events of a type under a name with the suffix of a schema version.</summary>
    public static IEventStoreOptions MapEventTypeWithSchemaVersion<TEvent>(this IEventStoreOptions options, string eventTypeName, uint schemaVersion) where TEvent : class =>
        Map<TEvent>(options, EventTypeExtensions.GetEventTypeNameWithSchemaVersion(eventTypeName, schemaVersion));

    /// <summary>Reads events stored under the name of a type by a transformation of their JSON.</summary>
    public static IEventStoreOptions Upcast<TEvent>(this IEventStoreOptions options, JsonTransformation jsonTransformation) where TEvent : class =>
        options.Upcast<TEvent>(EventTypeExtensions.GetEventTypeName<TEvent>(), jsonTransformation);

    /// <inheritdoc cref="Upcast{TEvent}(IEventStoreOptions, JsonTransformation)" />
    public static IEventStoreOptions Upcast(this IEventStoreOptions options, Type eventType, JsonTransformation jsonTransformation) =>
        options.Upcast(eventType, eventType.GetEventTypeName(), jsonTransformation);

    /// <summary>Reads events stored under the name of a type and a schema version by a transformation of their JSON.</summary>
    public static IEventStoreOptions Upcast<TEvent>(this IEventStoreOptions options, uint schemaVersion, JsonTransformation jsonTransformation) where TEvent : class =>
        options.Upcast<TEvent>(EventTypeExtensions.GetEventTypeNameWithSchemaVersion<TEvent>(schemaVersion), jsonTransformation);

    /// <inheritdoc cref="Upcast{TEvent}(IEventStoreOptions, uint, JsonTransformation)" />
    public static IEventStoreOptions Upcast(this IEventStoreOptions options, Type eventType, uint schemaVersion, JsonTransformation jsonTransformation) =>
        options.Upcast(eventType, EventTypeExtensions.GetEventTypeNameWithSchemaVersion(eventType, schemaVersion), jsonTransformation);

    /// <summary>Turns events of a schema version of a type into another when they are read. The stored name is that of the old type with the version.</summary>
    public static IEventStoreOptions Upcast<TOldEvent, TEvent>(this IEventStoreOptions options, uint schemaVersion, Func<TOldEvent, TEvent> upcast)
        where TOldEvent : class where TEvent : class =>
        options.Upcast(EventTypeExtensions.GetEventTypeNameWithSchemaVersion<TOldEvent>(schemaVersion), upcast);

    /// <inheritdoc cref="Upcast{TOldEvent, TEvent}(IEventStoreOptions, uint, Func{TOldEvent, TEvent})" />
    public static IEventStoreOptions Upcast<TOldEvent, TEvent>(this IEventStoreOptions options, uint schemaVersion, Func<TOldEvent, CancellationToken, Task<TEvent>> upcastAsync)
        where TOldEvent : class where TEvent : class =>
        options.Upcast(EventTypeExtensions.GetEventTypeNameWithSchemaVersion<TOldEvent>(schemaVersion), upcastAsync);

    private static IEventStoreOptions Map<TEvent>(IEventStoreOptions options, string name) where TEvent : class
    {
        options.MapEventType<TEvent>(name);
        return options;
    }
}
