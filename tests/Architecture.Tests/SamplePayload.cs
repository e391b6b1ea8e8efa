using System.Collections;
using System.Reflection;

namespace ModularMonolith.Architecture.Tests;

/// <summary>An event with a value in every member, the same each time: the proposal for a payload that is to be kept.</summary>
internal static class SamplePayload
{
    private const int Deepest = 8;

    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Makes one.</summary>
    /// <exception cref="NotSupportedException">It has a member of a kind that none can be made of.</exception>
    public static object Of(Type type) => Make(type, string.Empty, 0);

    private static object Make(Type type, string name, int depth)
    {
        if (depth > Deepest)
        {
            throw new NotSupportedException($"{type.Name} holds itself.");
        }

        return Simple(Nullable.GetUnderlyingType(type) ?? type, name) ?? Collection(type, name, depth) ?? Composed(Nullable.GetUnderlyingType(type) ?? type, depth);
    }

    private static object? Simple(Type type, string name) => type switch
    {
        _ when type == typeof(string) => name.Equals("currency", StringComparison.OrdinalIgnoreCase) ? "EUR" : "a " + name,
        _ when type == typeof(Guid) => Guid.Parse("019b7c1a-2d88-7000-8000-00000000000b"),
        _ when type == typeof(bool) => true,
        _ when type == typeof(DateTimeOffset) => Time,
        _ when type == typeof(DateTime) => Time.UtcDateTime,
        _ when type == typeof(DateOnly) => DateOnly.FromDateTime(Time.UtcDateTime),
        _ when type == typeof(TimeSpan) => TimeSpan.FromMinutes(90),
        _ when type == typeof(Uri) => new Uri("https://example.com/" + name),
        { IsEnum: true } => Enum.GetValues(type).Cast<object>().Last(),
        { IsPrimitive: true } or { FullName: "System.Decimal" } => Convert.ChangeType(3, type, System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    private static object? Collection(Type type, string name, int depth)
    {
        if (!type.IsAssignableTo(typeof(IEnumerable)))
        {
            return null;
        }

        if (type.IsGenericType && type.GetGenericArguments() is [var key, var value])
        {
            var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value))!;
            dictionary.Add(Make(key, "key", depth + 1), Make(value, name, depth + 1));
            return dictionary;
        }

        var element = type.IsArray ? type.GetElementType()! : type.IsGenericType ? type.GetGenericArguments()[0] : throw new NotSupportedException($"{type.Name} is a collection of nothing known.");
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        list.Add(Make(element, name, depth + 1));
        if (type.IsInstanceOfType(list))
        {
            return list;
        }

        var array = Array.CreateInstance(element, 1);
        array.SetValue(list[0], 0);
        return type.IsInstanceOfType(array) ? array : throw new NotSupportedException($"{type.Name} is a collection that none can be made of.");
    }

    private static object Composed(Type type, int depth)
    {
        var constructor = type.IsAbstract ? null : type.GetConstructors().OrderByDescending(static found => found.GetParameters().Length).FirstOrDefault();
        if (constructor is null && !type.IsValueType)
        {
            throw new NotSupportedException($"{type.Name} has no public constructor.");
        }

        var parameters = constructor?.GetParameters() ?? [];
        var made = constructor is null
            ? Activator.CreateInstance(type)!
            : constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [.. parameters.Select(parameter => Make(parameter.ParameterType, parameter.Name!, depth + 1))], null);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && property.GetIndexParameters().Length == 0
            && !parameters.Any(parameter => parameter.Name!.Equals(property.Name, StringComparison.OrdinalIgnoreCase))))
        {
            property.SetValue(made, Make(property.PropertyType, char.ToLowerInvariant(property.Name[0]) + property.Name[1..], depth + 1));
        }

        return made;
    }
}
