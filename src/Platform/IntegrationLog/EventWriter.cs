using System.Collections.Concurrent;
using Marten;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>An event in the form in which the log keeps it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is.</param>
/// <param name="Key">Events with the same key are handled one after the other.</param>
/// <param name="Payload">JSON.</param>
/// <param name="Headers">JSON.</param>
internal sealed record OutgoingEvent(Guid Id, EventNameAttribute Name, string Key, string Payload, string Headers);

/// <summary>Writes integration events with a module's session, those of one unit of work in one statement, in the round trip of its commit.</summary>
internal sealed class EventWriter(TimeProvider time)
{
    private const string Insert =
        "insert into integration.message (id, name, version, key, payload, headers) values (?, ?, ?, ?, ?::jsonb, ?::jsonb)";

    // The rows draw their positions in the order of the arrays.
    private const string InsertMany = """
        insert into integration.message (id, name, version, key, payload, headers)
        select id, name, version, key, payload::jsonb, headers::jsonb from unnest(?, ?, ?, ?, ?, ?) as event (id, name, version, key, payload, headers)
        """;

    private readonly ConcurrentDictionary<Type, EventNameAttribute> _names = new();

    public OutgoingEvent Prepare(IIntegrationEvent integrationEvent, EventHeaders headers) =>
        Prepare(_names.GetOrAdd(integrationEvent.GetType(), EventNames.Of), integrationEvent.Key, EventPayload.Serialize(integrationEvent), headers);

    public OutgoingEvent Prepare(EventNameAttribute name, string key, string payload, EventHeaders headers) =>
        new(Guid.CreateVersion7(time.GetUtcNow()), name, key, payload, headers.Serialize());

    public static void Write(IDocumentSession session, IReadOnlyList<OutgoingEvent> events)
    {
        if (events is [var (id, name, key, payload, headers)])
        {
            session.QueueSqlCommand(Insert, id, name.Name, name.Version, key, payload, headers);
        }
        else if (events.Count > 0)
        {
            session.QueueSqlCommand(
                InsertMany,
                Column(static each => each.Id), Column(static each => each.Name.Name), Column(static each => each.Name.Version), Column(static each => each.Key),
                Column(static each => each.Payload), Column(static each => each.Headers));
        }

        T[] Column<T>(Func<OutgoingEvent, T> value) => [.. events.Select(value)];
    }
}
