using System.Text.Json.Nodes;
using MediatR;

namespace ModularMonolith.Platform.Contracts;

/// <summary>A request that changes state. It runs as one session, one <c>SaveChangesAsync</c>, one transaction.</summary>
/// <typeparam name="TResponse">What the handler answers; it must be serialisable to JSON, because a replayed command returns the recorded answer.</typeparam>
public interface ICommand<out TResponse> : IRequest<TResponse>;

/// <summary>A command that answers nothing.</summary>
public interface ICommand : ICommand<Unit>;

/// <summary>A request that only reads. It never saves.</summary>
/// <typeparam name="TResponse">What the handler answers.</typeparam>
public interface IQuery<out TResponse> : IRequest<TResponse>;

/// <summary>
/// Declares that a command may be run again from the start when its commit meets a concurrent change.
/// Only for commands whose handler reads all it decides on inside the same session.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RetryOnConflictAttribute : Attribute
{
    /// <summary>How often the command is tried at most, the first time included; 2 to 20.</summary>
    public int Attempts { get; init; } = 5;
}

/// <summary>
/// On a command that comes with an idempotency key: whether the key was used is not looked up before the handler runs, which saves a round trip, but when the handler refuses or the commit
/// finds the key used. It is for handlers that a repetition may run: they refuse it, or what they do outside of their own unit of work makes no difference the second time.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RepetitionIsRareAttribute : Attribute;

/// <summary>
/// A fact that one module tells the others, written to the integration log in the producer's own transaction.
/// A class that implements it carries <see cref="EventNameAttribute"/>.
/// </summary>
public interface IIntegrationEvent
{
    /// <summary>
    /// Events with the same key reach every subscription in the order in which they were written. At most 200 characters.
    /// Implement it explicitly, so that it is not part of the payload.
    /// </summary>
    string Key { get; }
}

/// <summary>The stable name and version under which an integration event is stored. It never changes when the type is renamed or moved.</summary>
/// <param name="name">Lower case, the owning module first: <c>inventory.reservation-consumed</c>. At most 200 characters.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EventNameAttribute(string name) : Attribute
{
    /// <summary>The stored name.</summary>
    public string Name { get; } = name;

    /// <summary>The version of the payload's shape, 1 or more.</summary>
    public int Version { get; init; } = 1;
}

/// <summary>
/// Lifts a stored payload of one version of an event by one version. It stands beside the event in the Contracts project and is found by scan;
/// it has a parameterless constructor.
/// </summary>
/// <typeparam name="TEvent">The event as it is now.</typeparam>
public interface IEventUpcaster<TEvent>
    where TEvent : class, IIntegrationEvent
{
    /// <summary>The version it reads; it returns the next one.</summary>
    int FromVersion { get; }

    /// <summary>Lifts a payload.</summary>
    /// <param name="payload">As it was stored; may be changed and returned.</param>
    /// <returns>The payload of version <see cref="FromVersion"/> + 1.</returns>
    JsonObject Upcast(JsonObject payload);
}
