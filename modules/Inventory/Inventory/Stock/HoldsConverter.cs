using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Inventory.Stock;

/// <summary>
/// Stores a few holds as they can be read, and many as one packed text: a snapshot is read and written with each reservation, and that of a SKU that everybody wants has thousands. Packed, a
/// hold takes 28 bytes in base64 in place of about 110 characters, and neither side parses it.
/// </summary>
internal sealed class HoldsConverter : JsonConverter<ImmutableDictionary<Guid, Hold>>
{
    /// <summary>From this many on they are packed.</summary>
    public const int Many = 32;

    private const int IdSize = 16;
    private const int Size = IdSize + sizeof(int) + sizeof(long);

    public override ImmutableDictionary<Guid, Hold> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return JsonSerializer.Deserialize<Dictionary<Guid, Hold>>(ref reader, options)?.ToImmutableDictionary() ?? throw new JsonException("The holds are null.");
        }

        var packed = reader.GetBytesFromBase64();
        if (packed.Length % Size != 0)
        {
            throw new JsonException($"Packed holds have {packed.Length} bytes, no multiple of {Size}.");
        }

        var holds = ImmutableDictionary.CreateBuilder<Guid, Hold>();
        for (var rest = packed.AsSpan(); rest.Length > 0; rest = rest[Size..])
        {
            holds.Add(
                new Guid(rest[..IdSize], bigEndian: true),
                new Hold(BinaryPrimitives.ReadInt32BigEndian(rest[IdSize..]), new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(rest[(IdSize + sizeof(int))..]), TimeSpan.Zero)));
        }

        return holds.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableDictionary<Guid, Hold> value, JsonSerializerOptions options)
    {
        if (value.Count < Many)
        {
            writer.WriteStartObject();
            foreach (var (id, hold) in value)
            {
                writer.WritePropertyName(id.ToString());
                JsonSerializer.Serialize(writer, hold, options);
            }

            writer.WriteEndObject();
            return;
        }

        var packed = new byte[value.Count * Size];
        var rest = packed.AsSpan();
        foreach (var (id, hold) in value)
        {
            id.TryWriteBytes(rest, bigEndian: true, out _);
            BinaryPrimitives.WriteInt32BigEndian(rest[IdSize..], hold.Quantity);
            BinaryPrimitives.WriteInt64BigEndian(rest[(IdSize + sizeof(int))..], hold.ExpiresAt.UtcTicks);
            rest = rest[Size..];
        }

        writer.WriteBase64StringValue(packed);
    }
}
