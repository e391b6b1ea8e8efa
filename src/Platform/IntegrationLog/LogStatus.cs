using System.Text.Json;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>How a subscription does.</summary>
/// <param name="Subscription">Module and name: <c>inventory/declare-stock</c>.</param>
/// <param name="Events">The names of the events it handles.</param>
/// <param name="Lanes">How many keys it handles side by side.</param>
/// <param name="Position">Up to where everything is dealt with.</param>
/// <param name="Behind">How many events wait in the log; counted up to 10,000.</param>
/// <param name="OldestWaiting">When the first of them was written; null when none waits.</param>
/// <param name="Retrying">Events that failed and are tried again by themselves.</param>
/// <param name="Held">Events that wait behind one of their key that failed.</param>
/// <param name="Parked">Events that wait for an operator.</param>
/// <param name="IsReplaying">Whether it goes again over what it has had before.</param>
/// <param name="Host">The host that runs it; null when none does.</param>
public sealed record SubscriptionStatus(
    string Subscription, IReadOnlyList<string> Events, int Lanes, long Position, long Behind, DateTimeOffset? OldestWaiting, long Retrying, long Held, long Parked,
    bool IsReplaying, string? Host);

/// <summary>An event that a subscription could not handle.</summary>
/// <param name="Subscription">Module and name.</param>
/// <param name="Position">Its place in the log, which names it within the subscription.</param>
/// <param name="MessageId">The event's id.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Version">The version of its payload.</param>
/// <param name="Key">Its key.</param>
/// <param name="Producer">Who wrote it.</param>
/// <param name="OccurredAt">When it was written.</param>
/// <param name="State"><c>retrying</c>, <c>held</c>, <c>parked</c>, <c>replay</c>, <c>settled</c> or <c>discarded</c>.</param>
/// <param name="Attempts">How often it has failed.</param>
/// <param name="NextAttemptAt">When it is tried again; null when it is not.</param>
/// <param name="Error">The first line of the last error.</param>
public sealed record FailedEvent(
    string Subscription, long Position, Guid MessageId, string Event, int Version, string Key, string Producer, DateTimeOffset OccurredAt, string State, int Attempts,
    DateTimeOffset? NextAttemptAt, string Error);

/// <summary>All that is known of an event that a subscription could not handle.</summary>
/// <param name="Summary">What the list shows.</param>
/// <param name="Payload">The event.</param>
/// <param name="Headers">What was written beside it.</param>
/// <param name="Errors">Every failure: attempt, time, error.</param>
/// <param name="Audit">What operators did with it.</param>
public sealed record FailedEventDetails(
    FailedEvent Summary, JsonElement Payload, JsonElement Headers, JsonElement Errors, IReadOnlyList<AuditEntry> Audit);

/// <summary>What an operator did with an event or a timer.</summary>
/// <param name="At">When.</param>
/// <param name="Action"><c>replay</c>, <c>discard</c> or <c>rewind</c>.</param>
/// <param name="Actor">Who.</param>
/// <param name="Reason">Why, in the operator's words.</param>
public sealed record AuditEntry(DateTimeOffset At, string Action, string Actor, string Reason);
