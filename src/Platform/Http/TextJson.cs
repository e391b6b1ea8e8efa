using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Platform.Http;

/// <summary>Refuses text that is longer than any field of the API takes, whether or not a validator looks at it.</summary>
internal sealed class TextJson : JsonConverter<string>
{
    /// <summary>Above the longest field, a product's description, whose own validator says more.</summary>
    public const int MaximumLength = 1 << 18;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return text is { Length: > MaximumLength } ? throw new UnreadableValueException($"A text has {text.Length} characters, and at most {MaximumLength} are read") : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}
