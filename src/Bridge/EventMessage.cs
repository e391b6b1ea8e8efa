using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModularMonolith.Platform.IntegrationLog;
using RabbitMQ.Client;

namespace ModularMonolith.Bridge;

/// <summary>An event as it comes in.</summary>
/// <param name="Id">Its id in every log.</param>
/// <param name="Position">Its place in the log that it comes from; 0 when that has none.</param>
/// <param name="Producer">Who wrote it.</param>
/// <param name="Name">Its stable name.</param>
/// <param name="Version">The version of its payload.</param>
/// <param name="Key">What it happened to.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Headers">JSON, as the log keeps them.</param>
/// <param name="OccurredAt">When it was written.</param>
internal sealed record EventMessage(
    Guid Id, long Position, string Producer, string Name, int Version, string Key, string Payload, string Headers, DateTimeOffset OccurredAt)
{
    private const int TextLimit = 200;
    private const int RoleLimit = 63;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What is sent beside an event's payload.</summary>
    /// <param name="stored">The event.</param>
    /// <param name="traceParent">The trace context that the receiver continues.</param>
    public static BasicProperties Describe(StoredEvent stored, string? traceParent)
    {
        var context = stored.Context;
        var headers = new Dictionary<string, object?>
        {
            ["version"] = stored.Version,
            ["key"] = stored.Key,
            ["producer"] = context.Producer,
            ["position"] = context.Position,
            ["occurred-at"] = context.OccurredAt.ToString("O", CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in new[]
        {
            ("traceparent", traceParent), ("correlation", context.Headers.CorrelationId), ("causation", context.Headers.CausationId),
            ("tenant", context.Headers.Tenant), ("actor", context.Headers.Actor),
        })
        {
            if (value is not null)
            {
                headers[name] = value;
            }
        }

        return new BasicProperties
        {
            MessageId = context.MessageId.ToString(),
            Type = stored.Name,
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Timestamp = new AmqpTimestamp(context.OccurredAt.ToUnixTimeSeconds()),
            Headers = headers,
        };
    }

    /// <summary>Reads a message.</summary>
    /// <param name="properties">What stands beside the payload.</param>
    /// <param name="body">The payload.</param>
    /// <param name="now">Its time, when it has none of its own.</param>
    /// <exception cref="FormatException">It is no event; the message says why.</exception>
    public static EventMessage Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (!Guid.TryParse(properties.MessageId, out var id))
        {
            throw new FormatException("Its message id is missing or no UUID, so it cannot be told from its repetitions.");
        }

        var headers = properties.Headers ?? new Dictionary<string, object?>();
        return new EventMessage(
            id,
            Number(headers, "position", 0, 0, long.MaxValue),
            Needed(Text(headers, "producer"), "producer", RoleLimit),
            Needed(properties.Type, "type (the event's name)", TextLimit),
            (int)Number(headers, "version", 1, 1, int.MaxValue),
            Needed(Text(headers, "key"), "key", TextLimit),
            PayloadOf(body),
            JsonSerializer.Serialize(HeadersOf(headers), Json),
            TimeOf(headers, properties, now));
    }

    private static EventHeaders HeadersOf(IDictionary<string, object?> headers) => new()
    {
        TraceParent = Text(headers, "traceparent") is { } parent && ActivityContext.TryParse(parent, null, out _) ? parent : null,
        CorrelationId = Text(headers, "correlation"),
        CausationId = Text(headers, "causation"),
        Tenant = Text(headers, "tenant"),
        Actor = Text(headers, "actor"),
    };

    private static string PayloadOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Strict.GetString(body.Span)
                : throw new FormatException("Its body is no JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            throw new FormatException("Its body is not JSON: " + exception.Message, exception);
        }
    }

    private static DateTimeOffset TimeOf(IDictionary<string, object?> headers, IReadOnlyBasicProperties properties, DateTimeOffset now)
    {
        if (Text(headers, "occurred-at") is { } text)
        {
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUniversalTime()
                : throw new FormatException("Its header 'occurred-at' is no time as in RFC 3339.");
        }

        return properties.IsTimestampPresent() && properties.Timestamp.UnixTime is > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(properties.Timestamp.UnixTime)
            : now;
    }

    private static string Needed(string? value, string name, int limit) => value is { Length: > 0 } && value.Length <= limit
        ? value
        : throw new FormatException($"Its {name} is missing or longer than {limit} characters.");

    private static string? Text(IDictionary<string, object?> headers, string name) => headers.TryGetValue(name, out var value)
        ? value switch
        {
            byte[] { Length: <= 4 * TextLimit } bytes => Encoding.UTF8.GetString(bytes),
            null => null,
            _ => throw new FormatException($"Its header '{name}' is no text, or too long."),
        }
        : null;

    private static long Number(IDictionary<string, object?> headers, string name, long missing, long least, long most)
    {
        if (!headers.TryGetValue(name, out var value))
        {
            return missing;
        }

        long? number = value switch { long wide => wide, int narrow => narrow, short small => small, byte tiny => tiny, _ => null };
        return number is { } found && found >= least && found <= most ? found : throw new FormatException($"Its header '{name}' is no number from {least} to {most}.");
    }
}
