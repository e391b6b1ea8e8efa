using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;

namespace JasperFx.Core.Reflection;

/// <summary>A type is no wrapper around a single value.</summary>
public class InvalidValueTypeException : Exception
{
    /// <summary>Creates the exception.</summary>
    public InvalidValueTypeException(Type type, string message)
        : base($"{type.FullName} cannot be used as a value type: {message}")
    {
    }
}

/// <summary>
/// How a type wraps a Guid, string, int or long: a public property that holds the value, and a public constructor or static
/// method that makes the wrapper from it.
/// </summary>
public class ValueTypeInfo
{
    private static readonly ConcurrentDictionary<Type, ValueTypeInfo?> Known = new();
    private readonly Lazy<Func<object, object?>> unwrap;
    private readonly Lazy<Func<object, object>> wrap;

    private ValueTypeInfo(Type outerType, PropertyInfo valueProperty, ConstructorInfo? ctor, MethodInfo? builder)
    {
        OuterType = outerType;
        SimpleType = valueProperty.PropertyType;
        ValueProperty = valueProperty;
        Ctor = ctor;
        Builder = builder;
        unwrap = new Lazy<Func<object, object?>>(CompileUnwrap);
        wrap = new Lazy<Func<object, object>>(CompileWrap);
    }

    /// <summary>The wrapper.</summary>
    public Type OuterType { get; }

    /// <summary>The type of the wrapped value: Guid, string, int or long.</summary>
    public Type SimpleType { get; }

    /// <summary>The property that holds the value.</summary>
    public PropertyInfo ValueProperty { get; }

    /// <summary>The constructor that makes the wrapper; null when a method does.</summary>
    public ConstructorInfo? Ctor { get; }

    /// <summary>The static method that makes the wrapper; null when a constructor does.</summary>
    public MethodInfo? Builder { get; }

    /// <summary>Describes a wrapper.</summary>
    /// <exception cref="InvalidValueTypeException">The type is none.</exception>
    public static ValueTypeInfo ForType(Type type) => TryFind(type, out var info)
        ? info
        : throw new InvalidValueTypeException(type, "It needs one public property of type Guid, string, int or long (named Value where there are several properties), and a public constructor or static method that takes a value of that type.");

    /// <summary>Describes a type if it is a wrapper.</summary>
    internal static bool TryFind(Type type, [NotNullWhen(true)] out ValueTypeInfo? info) => (info = Known.GetOrAdd(type, Find)) is not null;

    /// <summary>The wrapped value.</summary>
    internal object? Unwrap(object wrapper) => unwrap.Value(wrapper);

    /// <summary>A wrapper around a value of <see cref="SimpleType"/>.</summary>
    internal object Wrap(object value) => wrap.Value(value);

    /// <summary>The expression of the wrapped value.</summary>
    internal Expression UnwrapExpression(Expression wrapper) => Expression.Property(wrapper, ValueProperty);

    /// <summary>The expression of a wrapper around a value.</summary>
    internal Expression WrapExpression(Expression value) => Ctor is not null ? Expression.New(Ctor, value) : Expression.Call(Builder!, value);

    private static ValueTypeInfo? Find(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsAbstract || type.IsGenericTypeDefinition || type == typeof(string) || Nullable.GetUnderlyingType(type) is not null)
            return null;
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0).ToList();
        var value = properties.Find(p => p.Name == "Value" && IsSimple(p.PropertyType)) ?? (properties is [var only] && IsSimple(only.PropertyType) ? only : null);
        if (value is null)
            return null;
        var ctor = type.GetConstructor([value.PropertyType]);
        var builder = ctor is null ? FindBuilder(type, value.PropertyType) : null;
        return ctor is null && builder is null ? null : new ValueTypeInfo(type, value, ctor, builder);
    }

    private static MethodInfo? FindBuilder(Type type, Type simpleType)
    {
        var candidates = type.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Where(m => m.ReturnType == type && !m.IsGenericMethod && m.GetParameters() is [var only] && only.ParameterType == simpleType)
            .ToList();
        return candidates.Find(m => m.Name == "From") ?? candidates.Find(m => !m.IsSpecialName) ?? candidates.FirstOrDefault();
    }

    private static bool IsSimple(Type type) => type == typeof(Guid) || type == typeof(string) || type == typeof(int) || type == typeof(long);

    private Func<object, object?> CompileUnwrap()
    {
        var wrapper = Expression.Parameter(typeof(object));
        var body = Expression.Convert(UnwrapExpression(Expression.Convert(wrapper, OuterType)), typeof(object));
        return Expression.Lambda<Func<object, object?>>(body, wrapper).Compile();
    }

    private Func<object, object> CompileWrap()
    {
        var value = Expression.Parameter(typeof(object));
        var body = Expression.Convert(WrapExpression(Expression.Convert(value, SimpleType)), typeof(object));
        return Expression.Lambda<Func<object, object>>(body, value).Compile();
    }
}
