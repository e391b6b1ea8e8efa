using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// A subscription to an integration event. Found by scan; the class carries <see cref="SubscriptionAttribute"/>. What the handler does with
/// its own module's session is committed together with the subscription's cursor, so the effect happens exactly once.
/// </summary>
/// <typeparam name="TEvent">The event.</typeparam>
public interface IHandle<in TEvent>
    where TEvent : class, IIntegrationEvent
{
    /// <summary>Reacts to the event. An exception makes the log try again, and park the event in the module's dead letters after the fifth failure.</summary>
    /// <param name="integrationEvent">What happened.</param>
    /// <param name="context">Where it stands in the log.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <returns>A task that ends when the reaction is recorded in the session.</returns>
    Task HandleAsync(TEvent integrationEvent, EventContext context, CancellationToken cancellationToken);
}

/// <summary>The stable name of a subscription, under which its cursor is kept when the class is renamed or moved.</summary>
/// <param name="name">Lower case with hyphens, unique in the module, at most 100 characters: <c>declare-stock</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SubscriptionAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

/// <summary>An event's place in the log.</summary>
/// <param name="MessageId">Unique to this event.</param>
/// <param name="Position">The log's position, rising.</param>
/// <param name="Producer">The database role that wrote it.</param>
/// <param name="OccurredAt">When it was written.</param>
/// <param name="Attempt">1 at the first delivery.</param>
public sealed record EventContext(Guid MessageId, long Position, string Producer, DateTimeOffset OccurredAt, int Attempt);
