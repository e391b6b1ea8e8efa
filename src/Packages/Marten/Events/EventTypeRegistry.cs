using System.Collections.Concurrent;
using System.Linq.Expressions;
using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Npgsql;

namespace Marten.Events;

/// <summary>One event type: its stored name and how its bodies are wrapped.</summary>
internal sealed class EventMapping
{
    private readonly Func<object, IEvent> wrap;

    public EventMapping(Type type, string name)
    {
        Type = type;
        Name = name;
        DotNetTypeName = Event.DotNetTypeNameOf(type);
        var body = Expression.Parameter(typeof(object));
        var constructor = typeof(Event<>).MakeGenericType(type).GetConstructor([type])!;
        wrap = Expression.Lambda<Func<object, IEvent>>(Expression.New(constructor, Expression.Convert(body, type)), body).Compile();
    }

    public Type Type { get; }

    public string Name { get; }

    public string DotNetTypeName { get; }

    public IEvent Wrap(object body)
    {
        var result = wrap(body);
        result.EventTypeName = Name;
        result.DotNetTypeName = DotNetTypeName;
        return result;
    }
}

/// <summary>How stored events of one name are read: as which type, and how that becomes the present type.</summary>
/// <param name="StoredType">The type of the stored body.</param>
/// <param name="PresentType">The type that readers see.</param>
/// <param name="Upcast">What turns one into the other; null when they are the same.</param>
internal sealed record EventReading(Type StoredType, Type PresentType, Func<object, object>? Upcast);

/// <summary>The event types of a store: their names, and the types that stored names stand for.</summary>
internal sealed class EventTypeRegistry
{
    private readonly ConcurrentDictionary<Type, EventMapping> byType = new();
    private readonly ConcurrentDictionary<string, EventReading> readings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, string), EventReading> byDotNetType = new();
    private readonly ConcurrentDictionary<Type, EventMapping> declared = new();

    public bool IsEmpty => byType.IsEmpty;

    /// <summary>Declares a type under its default name unless it has one already.</summary>
    public void Add(Type type) => MappingFor(type);

    /// <summary>Declares a type under a name.</summary>
    public void Map(Type type, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (byType.TryRemove(type, out var former) && readings.TryGetValue(former.Name, out var reading) && reading.StoredType == type)
            readings.TryRemove(former.Name, out _);
        declared[type] = new EventMapping(type, name);
        MappingFor(type);
    }

    /// <summary>Reads the bodies stored under a name as an old type.</summary>
    public void Upcast(Type oldType, Type presentType, string? name, Func<object, object> upcast) =>
        readings[name ?? (byType.TryGetValue(oldType, out var known) ? known.Name : DefaultName(oldType))] = new EventReading(oldType, presentType, upcast);

    /// <summary>The stored names whose events are read as a type, or as one derived from it.</summary>
    public IReadOnlyList<string> NamesFor(Type type)
    {
        if (!type.IsAbstract && !type.IsInterface)
            MappingFor(type);
        return [.. readings.Where(r => type.IsAssignableFrom(r.Value.PresentType)).Select(r => r.Key)];
    }

    public EventMapping MappingFor(Type type) => byType.TryGetValue(type, out var known) ? known : Register(type);

    /// <summary>Whether events of a type can be appended; used when the store is built.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Fault()
    {
        foreach (var mapping in byType.Values)
        {
            if (readings.TryGetValue(mapping.Name, out var reading) && reading.StoredType != mapping.Type)
            {
                return $"New events of type {mapping.Type.FullName} would be stored under the name '{mapping.Name}', which is read as {reading.StoredType.FullName}. "
                    + $"Give the type a name of its own: Events.MapEventType<{mapping.Type.Name}>(\"...\").";
            }
        }

        return null;
    }

    /// <summary>How the body of a row is read.</summary>
    /// <exception cref="UnknownEventTypeException">No type is known for the name.</exception>
    public EventReading ReadingFor(string name, string? dotNetType, long sequence)
    {
        if (readings.TryGetValue(name, out var known))
            return known;
        if (dotNetType is not null && byDotNetType.TryGetValue((name, dotNetType), out known))
            return known;
        if (dotNetType is null || Type.GetType(dotNetType, throwOnError: false) is not { } type)
            throw new UnknownEventTypeException(name, sequence);
        return byDotNetType.GetOrAdd((name, dotNetType), new EventReading(type, type, null));
    }

    /// <summary>The event of a stored body.</summary>
    public IEvent Read(ISerializer serializer, NpgsqlDataReader reader, int column, string name, string? dotNetType, long sequence)
    {
        var reading = ReadingFor(name, dotNetType, sequence);
        object body;
        try
        {
            body = serializer.FromJson(reading.StoredType, reader, column);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new EventDeserializationFailureException(sequence, name, exception);
        }

        if (reading.Upcast is { } upcast)
            body = upcast(body);
        var result = MappingFor(body.GetType()).Wrap(body);
        result.EventTypeName = name;
        return result;
    }

    private EventMapping Register(Type type)
    {
        var mapping = declared.TryGetValue(type, out var explicitly) ? explicitly : new EventMapping(type, DefaultName(type));
        var reading = readings.GetOrAdd(mapping.Name, static (_, t) => new EventReading(t, t, null), type);
        if (reading.StoredType != type && reading.Upcast is null)
        {
            throw new InvalidOperationException(
                $"The event types {reading.StoredType.FullName} and {type.FullName} have the same name '{mapping.Name}'. Give one of them another: Events.MapEventType<{type.Name}>(\"...\").");
        }

        return byType.GetOrAdd(type, mapping);
    }

    private static string DefaultName(Type type)
    {
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return Identifiers.SnakeCase(tick < 0 ? type.Name : type.Name[..tick]);
    }
}
