using System.Globalization;
using Marten.Internal;

namespace JasperFx.Events;

/// <summary>How the stored name of an event type is made from its CLR name.</summary>
public enum EventNamingStyle
{
    /// <summary>The name without that of an enclosing type, in snake case.</summary>
    ClassicTypeName = 0,

    /// <summary>As <see cref="ClassicTypeName"/>, after the name of the enclosing type and a dot where there is one.</summary>
    SmarterTypeName = 1,

    /// <summary>The full name as C# writes it.</summary>
    FullTypeName = 2,
}

/// <summary>The stored names of event types.</summary>
public static class EventTypeExtensions
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(object)] = "object",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(string)] = "string",
    };

    /// <summary>The name of an event type in a style.</summary>
    public static string GetEventTypeName(this Type eventType, EventNamingStyle style) => style switch
    {
        EventNamingStyle.ClassicTypeName => eventType.GetEventTypeName(),
        EventNamingStyle.SmarterTypeName => eventType.GetSmarterEventTypeName(),
        _ => FullNameOf(eventType),
    };

    /// <summary><c>OrderPlaced</c> is <c>order_placed</c>; a generic type is named as C# writes it.</summary>
    public static string GetEventTypeName(this Type eventType) =>
        eventType.IsGenericType ? ShortNameOf(eventType) : Identifiers.SnakeCase(eventType.Name);

    /// <summary>As <see cref="GetEventTypeName(Type)"/>, after the name of the enclosing type and a dot where there is one.</summary>
    public static string GetSmarterEventTypeName(this Type eventType) => eventType is { IsNested: true, DeclaringType: { } outer }
        ? $"{outer.GetEventTypeName()}.{eventType.GetEventTypeName()}"
        : eventType.GetEventTypeName();

    /// <inheritdoc cref="GetEventTypeName(Type)" />
    public static string GetEventTypeName<TEvent>() => GetEventTypeName(typeof(TEvent));

    /// <summary>A name, an underscore and a suffix.</summary>
    public static string GetEventTypeNameWithSuffix(this string eventTypeName, string suffix) => $"{eventTypeName}_{suffix}";

    /// <summary>The name of a type, an underscore and a suffix.</summary>
    public static string GetEventTypeNameWithSuffix(this Type eventType, string suffix) => GetEventTypeName(eventType).GetEventTypeNameWithSuffix(suffix);

    /// <inheritdoc cref="GetEventTypeNameWithSuffix(Type, string)" />
    public static string GetEventTypeNameWithSuffix<TEvent>(string suffix) => GetEventTypeNameWithSuffix(typeof(TEvent), suffix);

    /// <summary>The name of a type with the suffix of a schema version: <c>order_placed_v2</c>.</summary>
    public static string GetEventTypeNameWithSchemaVersion(Type eventType, uint schemaVersion) =>
        GetEventTypeNameWithSchemaVersion(GetEventTypeName(eventType), schemaVersion);

    /// <inheritdoc cref="GetEventTypeNameWithSchemaVersion(Type, uint)" />
    public static string GetEventTypeNameWithSchemaVersion<TEvent>(uint schemaVersion) => GetEventTypeNameWithSchemaVersion(typeof(TEvent), schemaVersion);

    /// <summary>A name with the suffix of a schema version: <c>order_placed_v2</c>.</summary>
    public static string GetEventTypeNameWithSchemaVersion(string eventTypeName, uint schemaVersion) =>
        eventTypeName.GetEventTypeNameWithSuffix(string.Create(CultureInfo.InvariantCulture, $"v{schemaVersion}"));

    private static string ShortNameOf(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        var name = WithoutArity(type.Name);
        if (type is { IsNested: true, DeclaringType: { } outer })
            name = $"{WithoutArity(outer.Name)}.{name}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(ShortNameOf))}>" : name;
    }

    private static string FullNameOf(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (!type.IsGenericType)
            return (type.FullName ?? type.Name).Replace('+', '.');
        var name = WithoutArity(type.GetGenericTypeDefinition().FullName ?? type.Name).Replace('+', '.');
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(FullNameOf))}>";
    }

    private static string WithoutArity(string name)
    {
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : name[..tick];
    }
}
