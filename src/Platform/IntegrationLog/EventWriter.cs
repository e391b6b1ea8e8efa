using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Marten;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Writes integration events with a module's session, one statement each, in the round trip of its commit.</summary>
internal sealed class EventWriter(TimeProvider time)
{
    private const string Insert =
        "insert into integration.message (id, name, version, key, payload, headers) values (?, ?, ?, ?, ?::jsonb, ?::jsonb)";

    private readonly ConcurrentDictionary<Type, EventNameAttribute> _names = new();

    public void Write(IDocumentSession session, IIntegrationEvent integrationEvent)
    {
        var type = integrationEvent.GetType();
        var name = NameOf(type);
        session.QueueSqlCommand(
            Insert,
            Guid.CreateVersion7(time.GetUtcNow()),
            name.Name,
            name.Version,
            integrationEvent.Key,
            EventPayload.Serialize(integrationEvent),
            Headers());
    }

    public EventNameAttribute NameOf(Type type) => _names.GetOrAdd(type, static found =>
        found.GetCustomAttribute<EventNameAttribute>()
        ?? throw new InvalidOperationException($"{found.FullName} is published as an integration event but has no [EventName]. Give it a stable, lower-case name."));

    private static string Headers() => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } traceParent }
        ? JsonSerializer.Serialize(new Dictionary<string, string> { ["traceparent"] = traceParent })
        : "{}";
}

internal static class LogJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>How the log stores an event's payload.</summary>
public static class EventPayload
{
    /// <summary>Writes a payload.</summary>
    /// <param name="integrationEvent">The event.</param>
    /// <returns>JSON.</returns>
    public static string Serialize(IIntegrationEvent integrationEvent) => JsonSerializer.Serialize(integrationEvent, integrationEvent.GetType(), LogJson.Options);

    /// <summary>Reads a payload.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="payload">JSON.</param>
    /// <returns>The event.</returns>
    /// <exception cref="JsonException">The payload is not one of this event.</exception>
    public static TEvent Deserialize<TEvent>(string payload)
        where TEvent : class, IIntegrationEvent =>
        JsonSerializer.Deserialize<TEvent>(payload, LogJson.Options) ?? throw new JsonException("The payload is null.");
}
