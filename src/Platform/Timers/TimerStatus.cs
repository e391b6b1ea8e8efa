using System.Text.Json;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Timers;

/// <summary>A command that is scheduled for later.</summary>
/// <param name="Module">The module that scheduled it.</param>
/// <param name="Id">Its id, unique in the module.</param>
/// <param name="Name">The name of its command.</param>
/// <param name="DueAt">When it was to fire.</param>
/// <param name="State"><c>waiting</c> for its time or for its next attempt, <c>parked</c> for an operator, or <c>discarded</c> by one.</param>
/// <param name="Attempts">How often it has failed.</param>
/// <param name="NextAttemptAt">When it is sent; null when it is not.</param>
/// <param name="Error">The first line of the last error.</param>
public sealed record TimerSummary(
    string Module, Guid Id, string Name, DateTimeOffset DueAt, string State, int Attempts, DateTimeOffset? NextAttemptAt, string Error);

/// <summary>All that is known of a timer.</summary>
/// <param name="Summary">What the list shows.</param>
/// <param name="Payload">The command.</param>
/// <param name="Headers">What was written beside it.</param>
/// <param name="Errors">Its failures, the last 50: attempt, time, error.</param>
/// <param name="Audit">What operators did with it.</param>
public sealed record TimerDetails(TimerSummary Summary, JsonElement Payload, JsonElement Headers, JsonElement Errors, IReadOnlyList<AuditEntry> Audit);

/// <summary>A recurring job.</summary>
/// <param name="Module">Its module.</param>
/// <param name="Name">Its name.</param>
/// <param name="Schedule">Five fields as in crontab, UTC.</param>
/// <param name="NextAt">When it runs next; null when it has not been registered yet.</param>
/// <param name="LastRunAt">When it ran last with success; null when it never has.</param>
/// <param name="Attempts">How often the present run has failed.</param>
/// <param name="Error">The first line of the last error; empty once a run has succeeded again.</param>
public sealed record JobStatus(string Module, string Name, string Schedule, DateTimeOffset? NextAt, DateTimeOffset? LastRunAt, int Attempts, string Error);

/// <summary>The timers of a module that need somebody.</summary>
/// <param name="Module">The module.</param>
/// <param name="Parked">How many wait for an operator.</param>
/// <param name="Overdue">How many should have fired more than a minute ago; counted up to 10,000.</param>
internal sealed record TimerTrouble(string Module, long Parked, long Overdue);
