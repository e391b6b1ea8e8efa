using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// A subscription to an integration event. Found by scan; the class carries <see cref="SubscriptionAttribute"/> and may handle several events.
/// What the handler does with its own module's session is committed together with the subscription's cursor, so the effect happens exactly once.
/// </summary>
/// <typeparam name="TEvent">The event.</typeparam>
public interface IHandle<in TEvent>
    where TEvent : class, IIntegrationEvent
{
    /// <summary>
    /// Reacts to the event. An exception makes the log try again later, and park the event after
    /// <see cref="SubscriptionAttribute.Attempts"/> failures.
    /// </summary>
    /// <param name="integrationEvent">What happened.</param>
    /// <param name="context">Where it stands in the log.</param>
    /// <param name="cancellationToken">The host stops, or gives the subscription to another host.</param>
    /// <returns>A task that ends when the reaction is recorded in the session.</returns>
    Task HandleAsync(TEvent integrationEvent, EventContext context, CancellationToken cancellationToken);
}

/// <summary>
/// A subscription that handles many events in one transaction. When the transaction fails, the same events are handed over one by one,
/// so that only the one at fault is left behind.
/// </summary>
/// <typeparam name="TEvent">The event.</typeparam>
public interface IHandleBatch<TEvent>
    where TEvent : class, IIntegrationEvent
{
    /// <summary>Reacts to all of the events or throws.</summary>
    /// <param name="events">1 to <see cref="SubscriptionAttribute.BatchSize"/> events in the order of the log; several may have one key.</param>
    /// <param name="cancellationToken">The host stops, or gives the subscription to another host.</param>
    /// <returns>A task that ends when the reaction is recorded in the session.</returns>
    Task HandleAsync(IReadOnlyList<Delivered<TEvent>> events, CancellationToken cancellationToken);
}

/// <summary>One event of a batch.</summary>
/// <typeparam name="TEvent">The event.</typeparam>
/// <param name="Event">What happened.</param>
/// <param name="Context">Where it stands in the log.</param>
public readonly record struct Delivered<TEvent>(TEvent Event, EventContext Context)
    where TEvent : class, IIntegrationEvent;

/// <summary>Where a subscription that has no cursor yet begins.</summary>
public enum SubscriptionStart
{
    /// <summary>At the first event that the log still has.</summary>
    Beginning,

    /// <summary>Behind the last event that is in the log when the subscription first runs.</summary>
    Now,
}

/// <summary>The stable name of a subscription, under which its cursor is kept when the class is renamed or moved, and how it is run.</summary>
/// <param name="name">Lower case with hyphens, unique in the module, at most 100 characters: <c>declare-stock</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SubscriptionAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>How many keys are handled side by side; 1 to 64. Events of one key always come one after the other.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>How often an event is tried before it is parked, the first time included; 1 to 100.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>
    /// Whether later events of the same key wait behind one that failed. Switch it off only where the order does not matter: then an event
    /// may be handled after its successor.
    /// </summary>
    public bool HoldKey { get; init; } = true;

    /// <summary>How many events at most make up one batch of an <see cref="IHandleBatch{TEvent}"/>; 1 to 1,000.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>
    /// Whether one transaction may take events of several kinds that the handler takes in batches: it is called for one kind after the other, in the order of the log, and everything is
    /// committed together. What a call has decided is not in the database yet when the next one reads, so what they share has to be kept in the unit of work's scope.
    /// </summary>
    public bool MixesEvents { get; init; }

    /// <summary>Where the subscription begins when it is new.</summary>
    public SubscriptionStart Start { get; init; }

    /// <summary>For a new subscription: events before this time are left out. RFC 3339, for example <c>2026-01-01T00:00:00Z</c>.</summary>
    public string? StartTime { get; init; }
}

/// <summary>An event's place in the log.</summary>
/// <param name="MessageId">Unique to this event.</param>
/// <param name="Position">The log's position, rising.</param>
/// <param name="Producer">The database role that wrote it.</param>
/// <param name="OccurredAt">When it was written.</param>
/// <param name="Attempt">1 at the first delivery.</param>
public sealed record EventContext(Guid MessageId, long Position, string Producer, DateTimeOffset OccurredAt, int Attempt)
{
    /// <summary>Whether the subscription had this event before it was rewound. What cannot be taken back (a mail, a call to a provider) is not done again.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What the producer wrote beside the event.</summary>
    public EventHeaders Headers { get; init; } = EventHeaders.None;

    /// <summary>To what belongs which follows from this event. Who handles a batch says with it what is done for which of its events (<see cref="Data.IModuleSession{TStore}.OnBehalfOf"/>); the rest belongs to what all of them have in common.</summary>
    public EventHeaders Origin => Headers with { CausationId = MessageId.ToString() };
}
