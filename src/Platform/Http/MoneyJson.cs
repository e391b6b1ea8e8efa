using System.Text.Json;
using System.Text.Json.Serialization;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.Http;

/// <summary>A value that is JSON of the right shape and still not readable; the message may be shown to the client.</summary>
internal sealed class UnreadableValueException(string message) : JsonException(message);

/// <summary>Reads money from clients: what <see cref="Money"/> would throw on is a malformed request and not a failure.</summary>
internal sealed class MoneyJson : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var shape = JsonSerializer.Deserialize<Shape>(ref reader, options) ?? throw new UnreadableValueException("Money is an object with amount and currency, not null");
        return Money.IsCurrencyCode(shape.Currency)
            ? new Money(shape.Amount, shape.Currency)
            : throw new UnreadableValueException("A currency is three upper-case letters as in ISO 4217, for example EUR");
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Shape(value.Amount, value.Currency), options);

    private sealed record Shape(long Amount, string Currency);
}
