using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModularMonolith.Payments.Stripe;

/// <summary>Reads a charge that is expanded, or its id alone.</summary>
internal sealed class StripeChargeJson : JsonConverter<StripeCharge>
{
    public override StripeCharge? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new StripeCharge(reader.GetString()!, null, false);
        }

        using var document = JsonDocument.ParseValue(ref reader);
        var charge = document.RootElement;
        var card = Member(Member(charge, "payment_method_details"), "card");
        var status = Member(Member(card, "multicapture"), "status");
        return new StripeCharge(
            Member(charge, "id") is { ValueKind: JsonValueKind.String } id ? id.GetString()! : throw new JsonException("A charge has no id."),
            Member(card, "capture_before") is { ValueKind: JsonValueKind.Number } before ? before.GetInt64() : null,
            status is { ValueKind: JsonValueKind.String } available && available.GetString() == "available");
    }

    public override void Write(Utf8JsonWriter writer, StripeCharge value, JsonSerializerOptions options) => writer.WriteStringValue(value.Id);

    private static JsonElement? Member(JsonElement? parent, string name) => parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var found) ? found : null;
}
