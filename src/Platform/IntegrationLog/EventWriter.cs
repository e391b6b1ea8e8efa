using System.Collections.Concurrent;
using Marten;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Writes integration events with a module's session, one statement each, in the round trip of its commit.</summary>
internal sealed class EventWriter(TimeProvider time)
{
    private const string Insert =
        "insert into integration.message (id, name, version, key, payload, headers) values (?, ?, ?, ?, ?::jsonb, ?::jsonb)";

    private readonly ConcurrentDictionary<Type, EventNameAttribute> _names = new();

    public void Write(IDocumentSession session, IIntegrationEvent integrationEvent, EventHeaders headers)
    {
        var name = _names.GetOrAdd(integrationEvent.GetType(), EventNames.Of);
        Write(session, name, integrationEvent.Key, EventPayload.Serialize(integrationEvent), headers);
    }

    public void Write(IDocumentSession session, EventNameAttribute name, string key, string payload, EventHeaders headers) =>
        session.QueueSqlCommand(Insert, Guid.CreateVersion7(time.GetUtcNow()), name.Name, name.Version, key, payload, headers.Serialize());
}
