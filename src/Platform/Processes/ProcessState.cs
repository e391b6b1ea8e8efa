using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;

namespace ModularMonolith.Platform.Processes;

/// <summary>Where a process stands.</summary>
public enum ProcessStatus
{
    /// <summary>It waits for what comes next.</summary>
    Running,

    /// <summary>It has reached its end.</summary>
    Completed,

    /// <summary>It was given up, and what it had done was compensated.</summary>
    Failed,
}

/// <summary>
/// What a process over several events, timeouts and commands has to remember: a document of the module's own store, one for each process. A
/// derived class adds what it needs of its own; the members here belong to <see cref="RunningProcess{TState}"/>.
/// </summary>
public abstract class ProcessState : IRevisioned
{
    /// <summary>The process, by which its events are correlated; usually the id of what it is about.</summary>
    public Guid Id { get; set; }

    /// <summary>Raised with each change; of two changes at the same moment one is made and the other runs again.</summary>
    public int Version { get; set; }

    /// <summary>Where it stands.</summary>
    [JsonInclude]
    public ProcessStatus Status { get; internal set; }

    /// <summary>Why it failed.</summary>
    [JsonInclude]
    public string? Reason { get; internal set; }

    /// <summary>When it began.</summary>
    [JsonInclude]
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>When it completed or failed.</summary>
    [JsonInclude]
    public DateTimeOffset? EndedAt { get; internal set; }

    /// <summary>What is published if it fails, the last step first.</summary>
    [JsonInclude]
    public IReadOnlyList<Compensation> Compensations { get; internal set; } = [];

    /// <summary>The timeouts that are set.</summary>
    [JsonInclude]
    public IReadOnlyList<string> Timeouts { get; internal set; } = [];
}

/// <summary>An event that undoes one step of a process.</summary>
/// <param name="Step">The step, as the process names it.</param>
/// <param name="Name">The event's stored name.</param>
/// <param name="Version">The version of its payload.</param>
/// <param name="Key">Its key.</param>
/// <param name="Payload">Its payload.</param>
public sealed record Compensation(string Step, string Name, int Version, string Key, JsonElement Payload);
