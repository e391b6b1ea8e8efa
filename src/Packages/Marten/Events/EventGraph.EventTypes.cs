using JasperFx.Events;
using Marten.Events.Protected;
using Marten.Services.Json.Transformations;

namespace Marten.Events;

/// <summary>The event types of a store. The other file keeps its settings.</summary>
internal sealed partial class EventGraph
{
    public EventTypeRegistry Types { get; } = new();

    public EventNamingStyle EventNamingStyle
    {
        get => Types.NamingStyle;
        set => Types.NamingStyle = value;
    }

    /// <summary>Gives an event that is to be stored the name of its type and, unless it has one, an id.</summary>
    public void Describe(IEvent item)
    {
        var mapping = Types.MappingFor(item.EventType);
        item.EventTypeName = mapping.Name;
        item.DotNetTypeName = mapping.DotNetTypeName;
        if (item.Id == Guid.Empty)
            item.Id = Guid.CreateVersion7(TimeProvider.GetUtcNow());
    }

    /// <summary>The event types that are stored in a binary form.</summary>
    public BinaryEvents Binary => Types.Binary;

    public JasperFx.Events.IEventBinarySerializer? DefaultBinarySerializer
    {
        get => Binary.Default;
        set => Binary.Default = value;
    }

    public IEventStoreOptions UseBinarySerializer<TEvent>(JasperFx.Events.IEventBinarySerializer serializer)
    {
        Types.Add(typeof(TEvent));
        Binary.Declare(typeof(TEvent), serializer);
        return this;
    }

    /// <summary>What hides the protected data of events.</summary>
    public MaskingRules Masking { get; } = new();

    public void AddMaskingRuleForProtectedInformation<T>(Action<T?> action) => Masking.Add(action);

    public void AddMaskingRuleForProtectedInformation<T>(Func<T?, T?> func) => Masking.Add(func);

    public IEventStoreOptions AddEventType<TEvent>()
    {
        Types.Add(typeof(TEvent));
        return this;
    }

    public void AddEventType(Type eventType) => Types.Add(eventType);

    public void AddEventTypes(IEnumerable<Type> types)
    {
        foreach (var type in types)
            Types.Add(type);
    }

    public void MapEventType<TEvent>(string eventTypeName) where TEvent : class => Types.Map(typeof(TEvent), eventTypeName);

    public void MapEventType(Type eventType, string eventTypeName) => Types.Map(eventType, eventTypeName);

    public IEventStoreOptions Upcast<TEvent>(string eventTypeName, JsonTransformation jsonTransformation) where TEvent : class =>
        Upcast(typeof(TEvent), eventTypeName, jsonTransformation);

    public IEventStoreOptions Upcast(Type eventType, string eventTypeName, JsonTransformation jsonTransformation)
    {
        ArgumentNullException.ThrowIfNull(jsonTransformation);
        ArgumentException.ThrowIfNullOrWhiteSpace(eventTypeName);
        Types.Upcast(null, eventType, eventTypeName, jsonTransformation);
        return this;
    }

    public IEventStoreOptions Upcast<TOldEvent, TEvent>(string eventTypeName, Func<TOldEvent, TEvent> upcast) where TOldEvent : class where TEvent : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(eventTypeName);
        return Upcast(eventTypeName, typeof(TOldEvent), typeof(TEvent), Transformation(upcast));
    }

    public IEventStoreOptions Upcast<TOldEvent, TEvent>(Func<TOldEvent, TEvent> upcast) where TOldEvent : class where TEvent : class =>
        Upcast(null, typeof(TOldEvent), typeof(TEvent), Transformation(upcast));

    public IEventStoreOptions Upcast<TOldEvent, TEvent>(string eventTypeName, Func<TOldEvent, CancellationToken, Task<TEvent>> upcastAsync) where TOldEvent : class where TEvent : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(eventTypeName);
        return Upcast(eventTypeName, typeof(TOldEvent), typeof(TEvent), AsyncTransformation(upcastAsync));
    }

    public IEventStoreOptions Upcast<TOldEvent, TEvent>(Func<TOldEvent, CancellationToken, Task<TEvent>> upcastAsync) where TOldEvent : class where TEvent : class =>
        Upcast(null, typeof(TOldEvent), typeof(TEvent), AsyncTransformation(upcastAsync));

    public IEventStoreOptions Upcast(params IEventUpcaster[] upcasters)
    {
        foreach (var upcaster in upcasters)
            Upcast(upcaster.EventType, upcaster.EventTypeName, new JsonTransformation(upcaster.FromDbDataReader, upcaster.FromDbDataReaderAsync));
        return this;
    }

    public IEventStoreOptions Upcast<TUpcaster>() where TUpcaster : IEventUpcaster, new() => Upcast(new TUpcaster());

    private static JsonTransformation Transformation<TOldEvent, TEvent>(Func<TOldEvent, TEvent> upcast) where TOldEvent : class where TEvent : class =>
        new((serializer, reader, index) => upcast(serializer.FromJson<TOldEvent>(reader, index) ?? throw EmptyBody()));

    private static JsonTransformation AsyncTransformation<TOldEvent, TEvent>(Func<TOldEvent, CancellationToken, Task<TEvent>> upcast) where TOldEvent : class where TEvent : class => new(
        (_, _, _) => throw JsonTransformation.AsyncOnly(typeof(TEvent)),
        async (serializer, reader, index, token) => await upcast(await serializer.FromJsonAsync<TOldEvent>(reader, index, token) ?? throw EmptyBody(), token));

    private static System.Text.Json.JsonException EmptyBody() => new("The body is null.");

    private EventGraph Upcast(string? name, Type oldType, Type presentType, JsonTransformation transformation)
    {
        Types.Upcast(oldType, presentType, name, transformation);
        return this;
    }
}
