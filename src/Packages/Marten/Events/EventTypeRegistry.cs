using System.Collections.Concurrent;
using System.Linq.Expressions;
using JasperFx.Events;
using Marten.Exceptions;
using Marten.Services.Json.Transformations;
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
/// <param name="StoredType">The type of the stored body; null when only its JSON is known.</param>
/// <param name="PresentType">The type that readers see.</param>
/// <param name="Transformation">What makes the present event from the stored JSON; null when the serializer does.</param>
internal sealed record EventReading(Type? StoredType, Type PresentType, JsonTransformation? Transformation);

/// <summary>The event types of a store: their names, and the types that stored names stand for.</summary>
internal sealed class EventTypeRegistry
{
    /// <summary>Events of the store itself, which no application declares.</summary>
    private static readonly Dictionary<string, Type> BuiltIn = new(StringComparer.Ordinal) { [Tombstone.Name] = typeof(Tombstone), ["archived"] = typeof(Archived) };

    private readonly ConcurrentDictionary<Type, EventMapping> byType = new();
    private readonly ConcurrentDictionary<string, EventReading> readings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, string), EventReading> byDotNetType = new();
    private readonly ConcurrentDictionary<Type, EventMapping> declared = new();

    private EventNamingStyle namingStyle;

    /// <summary>The types that are stored in a binary form.</summary>
    public BinaryEvents Binary { get; } = new();

    public bool IsEmpty => byType.IsEmpty;

    /// <summary>How types without a name of their own are named. Types that were declared before the style was set are named anew.</summary>
    public EventNamingStyle NamingStyle
    {
        get => namingStyle;
        set
        {
            namingStyle = value;
            foreach (var mapping in byType.Values.Where(m => !declared.ContainsKey(m.Type)).ToList())
            {
                byType.TryRemove(mapping.Type, out _);
                if (readings.TryGetValue(mapping.Name, out var reading) && reading.StoredType == mapping.Type && reading.Transformation is null)
                    readings.TryRemove(mapping.Name, out _);
                Add(mapping.Type);
            }
        }
    }

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

    /// <summary>Reads the bodies stored under a name, or under that of the old type, by a transformation.</summary>
    public void Upcast(Type? oldType, Type presentType, string? name, JsonTransformation transformation)
    {
        name ??= byType.TryGetValue(oldType!, out var known) ? known.Name : DefaultName(oldType!);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        readings[name] = new EventReading(oldType, presentType, transformation);
    }

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
            if (readings.TryGetValue(mapping.Name, out var reading) && reading.StoredType != mapping.Type && !(reading.StoredType is null && reading.PresentType == mapping.Type))
            {
                return $"New events of type {mapping.Type.FullName} would be stored under the name '{mapping.Name}', which is read as {(reading.StoredType ?? reading.PresentType).FullName}. "
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
        if (BuiltIn.TryGetValue(name, out var builtIn))
            return readings.GetOrAdd(name, new EventReading(builtIn, builtIn, null));
        if (dotNetType is not null && byDotNetType.TryGetValue((name, dotNetType), out known))
            return known;
        if (dotNetType is null || Type.GetType(dotNetType, throwOnError: false) is not { } type)
            throw new UnknownEventTypeException(name, sequence);
        return byDotNetType.GetOrAdd((name, dotNetType), new EventReading(type, type, null));
    }

    /// <summary>The event of a stored body.</summary>
    public async ValueTask<IEvent> ReadAsync(EventReading reading, ISerializer serializer, NpgsqlDataReader reader, int column, string name, long sequence, CancellationToken token)
    {
        object body;
        try
        {
            body = reading.Transformation is { } transformation
                ? await transformation.FromDbDataReaderAsync(serializer, reader, column, token)
                : serializer.FromJson(reading.PresentType, reader, column);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new EventDeserializationFailureException(sequence, name, exception);
        }

        return Wrap(body, name);
    }

    /// <summary>As <see cref="ReadAsync"/>, without waiting for anything.</summary>
    /// <exception cref="MartenException">The transformation of the type works asynchronously only.</exception>
    public IEvent Read(EventReading reading, ISerializer serializer, NpgsqlDataReader reader, int column, string name, long sequence)
    {
        object body;
        try
        {
            body = reading.Transformation is { } transformation
                ? transformation.FromDbDataReader(serializer, reader, column)
                : serializer.FromJson(reading.PresentType, reader, column);
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw new EventDeserializationFailureException(sequence, name, exception);
        }

        return Wrap(body, name);
    }

    /// <summary>The event of a body that is stored in a binary form.</summary>
    public IEvent ReadBinary(EventReading reading, byte[] data, string name, long sequence)
    {
        object body;
        try
        {
            body = reading.Transformation is null
                ? Binary.Deserialize(reading.PresentType, data)
                : throw new NotSupportedException("It is stored in a binary form, and upcasters work on JSON only. Give the new shape a type of its own.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new EventDeserializationFailureException(sequence, name, exception);
        }

        return Wrap(body, name);
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is System.Text.Json.JsonException or NotSupportedException or InvalidOperationException or KeyNotFoundException or FormatException;

    private IEvent Wrap(object body, string name)
    {
        var result = MappingFor(body.GetType()).Wrap(body);
        result.EventTypeName = name;
        return result;
    }

    private EventMapping Register(Type type)
    {
        var mapping = declared.TryGetValue(type, out var explicitly) ? explicitly : new EventMapping(type, DefaultName(type));
        var reading = readings.GetOrAdd(mapping.Name, static (_, t) => new EventReading(t, t, null), type);
        if (reading.StoredType != type && reading.Transformation is null)
        {
            throw new InvalidOperationException(
                $"The event types {reading.PresentType.FullName} and {type.FullName} have the same name '{mapping.Name}'. Give one of them another: Events.MapEventType<{type.Name}>(\"...\").");
        }

        return byType.GetOrAdd(type, mapping);
    }

    private string DefaultName(Type type) => type.GetEventTypeName(BuiltIn.ContainsValue(type) ? EventNamingStyle.ClassicTypeName : NamingStyle);
}
