using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using JasperFx.Core.Reflection;
using Marten.Services;

namespace Marten.Schema;

/// <summary>The wrappers that queries of one store read through.</summary>
internal sealed class ValueTypes(StoreOptions options)
{
    private readonly ConcurrentDictionary<Type, ValueTypeInfo> registered = new();
    private readonly ConcurrentDictionary<ValueTypeInfo, bool> objects = new();

    public ValueTypeInfo Register(Type type) => registered.GetOrAdd(type, ValueTypeInfo.ForType);

    /// <summary>The wrapper that a type was registered as; null when it was not.</summary>
    public ValueTypeInfo? Find(Type type) => registered.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>Whether the serializer writes a wrapper as an object with one key instead of the bare value.</summary>
    public bool IsObject(ValueTypeInfo wrapper) => objects.GetOrAdd(wrapper, static (w, o) => Probe(w, o.Serializer()), options);

    private static bool Probe(ValueTypeInfo wrapper, ISerializer serializer)
    {
        if (serializer is SystemTextJsonSerializer json)
            return json.KindOf(wrapper.OuterType) == JsonTypeInfoKind.Object;
        object sample = wrapper.SimpleType == typeof(Guid) ? Guid.CreateVersion7() : wrapper.SimpleType == typeof(string) ? "sample" : wrapper.SimpleType == typeof(int) ? 1 : 1L;
        return serializer.ToJson(wrapper.Wrap(sample)).TrimStart().StartsWith('{');
    }
}
