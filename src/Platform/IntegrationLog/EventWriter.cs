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
            JsonSerializer.Serialize(integrationEvent, type, LogJson.Options),
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
