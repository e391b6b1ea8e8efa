using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx.Core.Reflection;

namespace Marten.Services;

/// <summary>
/// Wrappers that System.Text.Json would write but could not read, because neither a public setter nor a public constructor
/// that it uses takes the value: they are written as the bare value. It reads objects that it wrote without this, too.
/// </summary>
internal sealed class WrappedValueConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        ValueTypeInfo.TryFind(typeToConvert, out var wrapper)
        && wrapper.ValueProperty.SetMethod is not { IsPublic: true }
        && !typeToConvert.IsDefined(typeof(JsonConverterAttribute), false)
        && !UsesConstructor(wrapper);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var wrapper = ValueTypeInfo.ForType(typeToConvert);
        return (JsonConverter)Activator.CreateInstance(typeof(WrappedValueConverter<,>).MakeGenericType(typeToConvert, wrapper.SimpleType), wrapper)!;
    }

    // A structure always has a constructor without parameters, which is preferred unless another one is marked.
    private static bool UsesConstructor(ValueTypeInfo wrapper)
    {
        var constructors = wrapper.OuterType.GetConstructors();
        if (Array.Exists(constructors, c => c.IsDefined(typeof(JsonConstructorAttribute), false)))
            return true;
        return !wrapper.OuterType.IsValueType && constructors is [{ } only] && only.GetParameters() is [{ } parameter]
            && string.Equals(parameter.Name, wrapper.ValueProperty.Name, StringComparison.OrdinalIgnoreCase);
    }
}

internal sealed class WrappedValueConverter<TOuter, TSimple>(ValueTypeInfo wrapper) : JsonConverter<TOuter>
{
    public override TOuter? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Wrapped(JsonSerializer.Deserialize<TSimple>(ref reader, options));
        var result = default(TOuter);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = string.Equals(reader.GetString(), wrapper.ValueProperty.Name, StringComparison.OrdinalIgnoreCase);
            reader.Read();
            if (isValue)
                result = Wrapped(JsonSerializer.Deserialize<TSimple>(ref reader, options));
            else
                reader.Skip();
        }

        return result;
    }

    public override void Write(Utf8JsonWriter writer, TOuter value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, (TSimple?)wrapper.Unwrap(value!), options);

    public override TOuter ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ((JsonConverter<TSimple>)options.GetConverter(typeof(TSimple))).ReadAsPropertyName(ref reader, typeof(TSimple), options) is { } value
            ? (TOuter)wrapper.Wrap(value)
            : throw new JsonException();

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TOuter value, JsonSerializerOptions options) =>
        ((JsonConverter<TSimple>)options.GetConverter(typeof(TSimple))).WriteAsPropertyName(writer, (TSimple)wrapper.Unwrap(value!)!, options);

    private TOuter? Wrapped(TSimple? value) => value is null ? default : (TOuter)wrapper.Wrap(value);
}
