using JasperFx.Core.Reflection;

namespace Marten.Events;

/// <summary>How the identity of an aggregate and that of its stream become each other: they are the same, or one wraps the other.</summary>
/// <typeparam name="TId">The type of the aggregate's identity.</typeparam>
internal static class AggregateIdentity<TId> where TId : notnull
{
    private static readonly ValueTypeInfo? Wrapper = ValueTypeInfo.TryFind(typeof(TId), out var found) ? found : null;

    /// <summary>The identity of a value that is one, or is what it wraps.</summary>
    public static TId Of(object value) => value is TId typed ? typed : Wrapper is null ? (TId)value : (TId)Wrapper.Wrap(value);

    /// <summary>The value of a column: the identity, or what it wraps.</summary>
    public static object Bare(TId id) => Wrapper is null ? id : Wrapper.Unwrap(id) ?? throw new ArgumentException($"A {typeof(TId).Name} has no value, so it names no aggregate.", nameof(id));

    /// <summary>Values of a column, as an array of the column's type.</summary>
    public static Array BareArray(IReadOnlyList<TId> ids)
    {
        if (Wrapper is null)
            return ids.ToArray();
        var values = Array.CreateInstance(Wrapper.SimpleType, ids.Count);
        for (var i = 0; i < ids.Count; i++)
            values.SetValue(Bare(ids[i]), i);
        return values;
    }
}

/// <summary>How the identity of an aggregate is read from what names a stream.</summary>
/// <typeparam name="TId">The type of the aggregate's identity.</typeparam>
internal static class StreamIdentitySource<TId> where TId : notnull
{
    public static Func<TSource, TId> Create<TSource>(Func<TSource, Guid> id, Func<TSource, string> key)
    {
        if (id is Func<TSource, TId> ids)
            return ids;
        if (key is Func<TSource, TId> keys)
            return keys;
        if (!ValueTypeInfo.TryFind(typeof(TId), out var wrapper) || !(wrapper.SimpleType == typeof(Guid) || wrapper.SimpleType == typeof(string)))
            throw new NotSupportedException($"{typeof(TId).FullName} cannot identify a stream. Use Guid, string, or a type that wraps one of them.");
        return wrapper.SimpleType == typeof(Guid) ? source => (TId)wrapper.Wrap(id(source)) : source => (TId)wrapper.Wrap(key(source));
    }
}
