using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Client;

/// <summary>A value out of a list that may grow: values that this client does not know are kept as they are.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IOpenEnumeration<TSelf>
    where TSelf : struct, IOpenEnumeration<TSelf>
{
    /// <summary>The value as it stands in JSON.</summary>
    string Value { get; }

    /// <summary>Makes a value, known or not.</summary>
    /// <param name="value">As it stands in JSON.</param>
    /// <returns>The value.</returns>
    static abstract TSelf From(string value);
}

/// <summary>Reads and writes values of lists that may grow.</summary>
/// <typeparam name="T">The values' type.</typeparam>
public sealed class OpenEnumerationConverter<T> : JsonConverter<T>
    where T : struct, IOpenEnumeration<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.From(reader.GetString() ?? string.Empty);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
