using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>How the log stores an event's payload.</summary>
public static class EventPayload
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a payload.</summary>
    /// <param name="integrationEvent">The event.</param>
    /// <returns>JSON.</returns>
    public static string Serialize(IIntegrationEvent integrationEvent) => JsonSerializer.Serialize(integrationEvent, integrationEvent.GetType(), Options);

    /// <summary>Reads a payload of the event's current version.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="payload">JSON.</param>
    /// <returns>The event.</returns>
    /// <exception cref="JsonException">The payload is not one of this event.</exception>
    public static TEvent Deserialize<TEvent>(string payload)
        where TEvent : class, IIntegrationEvent =>
        JsonSerializer.Deserialize<TEvent>(payload, Options) ?? throw new JsonException("The payload is null.");

    /// <summary>Reads a payload of any version up to the event's own, lifted by the <see cref="IEventUpcaster{TEvent}"/> of each version between.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="payload">JSON.</param>
    /// <param name="version">The version under which it was stored.</param>
    /// <returns>The event.</returns>
    /// <exception cref="UnreadableEventException">The payload is not one of this event, its version is newer than the one this host knows, or an upcaster is missing.</exception>
    public static TEvent Deserialize<TEvent>(string payload, int version)
        where TEvent : class, IIntegrationEvent
    {
        try
        {
            return version == Upcasters<TEvent>.Current ? Deserialize<TEvent>(payload) : Deserialize<TEvent>(Upcasters<TEvent>.Lift(payload, version));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new UnreadableEventException($"A stored '{Upcasters<TEvent>.Name}' of version {version} cannot be read as {typeof(TEvent).Name}: {exception.Message}", exception);
        }
    }

    private static class Upcasters<TEvent>
        where TEvent : class, IIntegrationEvent
    {
        private static readonly EventNameAttribute Attribute = EventNames.Of(typeof(TEvent));
        private static readonly Dictionary<int, IEventUpcaster<TEvent>> ByVersion = typeof(TEvent).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IEventUpcaster<TEvent>).IsAssignableFrom(type))
            .Select(type => (IEventUpcaster<TEvent>)Activator.CreateInstance(type, nonPublic: true)!)
            .ToDictionary(upcaster => upcaster.FromVersion);

        public static int Current => Attribute.Version;

        public static string Name => Attribute.Name;

        public static string Lift(string payload, int version)
        {
            if (version > Current)
            {
                throw new InvalidOperationException($"this host knows versions up to {Current} only; deploy the consumer that knows version {version} and replay it.");
            }

            var json = JsonNode.Parse(payload) as JsonObject ?? throw new JsonException("the payload is no JSON object.");
            for (var from = version; from < Current; from++)
            {
                json = ByVersion.TryGetValue(from, out var upcaster)
                    ? upcaster.Upcast(json)
                    : throw new InvalidOperationException($"no IEventUpcaster<{typeof(TEvent).Name}> lifts version {from}.");
            }

            return json.ToJsonString();
        }
    }
}

/// <summary>The stored names of event types.</summary>
internal static class EventNames
{
    public static EventNameAttribute Of(Type type) =>
        Attribute.GetCustomAttribute(type, typeof(EventNameAttribute)) as EventNameAttribute
        ?? throw new InvalidOperationException($"{type.FullName} is an integration event but has no [EventName]. Give it a stable, lower-case name.");
}

/// <summary>A stored event that no version of its handler can read. Trying again does not help, so it is parked at once.</summary>
public sealed class UnreadableEventException(string message, Exception? innerException = null) : Exception(message, innerException);
