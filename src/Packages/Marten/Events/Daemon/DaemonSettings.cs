namespace JasperFx.Events.Daemon;

/// <summary>Where the daemon runs.</summary>
public enum DaemonMode
{
    /// <summary>Nowhere.</summary>
    Disabled = 0,

    /// <summary>In this process, which must be the only one.</summary>
    Solo = 1,

    /// <summary>In one of several processes; another takes over when it ends.</summary>
    HotCold = 2,

    /// <summary>Where something outside of the store starts it.</summary>
    ExternallyManaged = 3,
}

/// <summary>How the daemon works.</summary>
public interface IReadOnlyDaemonSettings
{
    /// <inheritdoc cref="DaemonSettings.SlowPollingTime" />
    TimeSpan SlowPollingTime { get; }

    /// <inheritdoc cref="DaemonSettings.FastPollingTime" />
    TimeSpan FastPollingTime { get; }

    /// <inheritdoc cref="DaemonSettings.HealthCheckPollingTime" />
    TimeSpan HealthCheckPollingTime { get; }

    /// <inheritdoc cref="DaemonSettings.StopAndDrainTimeout" />
    TimeSpan StopAndDrainTimeout { get; }

    /// <inheritdoc cref="DaemonSettings.HighWaterStalenessThreshold" />
    TimeSpan HighWaterStalenessThreshold { get; }

    /// <inheritdoc cref="DaemonSettings.AsyncMode" />
    DaemonMode AsyncMode { get; }
}

/// <summary>How the daemon works.</summary>
public class DaemonSettings : IReadOnlyDaemonSettings
{
    /// <summary>How many events a rebuild processes in one transaction.</summary>
    public const int RebuildBatchSize = 1000;

    /// <summary>The first half of the key of the advisory lock that makes one process the leader; default: 4444.</summary>
    public int DaemonLockId { get; set; } = 4444;

    /// <summary>How often, in milliseconds, a process that is not the leader tries to become it; default: 5,000.</summary>
    public int LeadershipPollingTime { get; set; } = 5000;

    /// <summary>How often new events are looked for when no commit announced any; default: 1 s.</summary>
    public TimeSpan SlowPollingTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often, at the least, an open transaction is checked that holds sequence numbers; default: 250 ms.</summary>
    public TimeSpan FastPollingTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the leader checks its lock; default: 5 s. A broken connection is noticed at once.</summary>
    public TimeSpan HealthCheckPollingTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After which time without a look for new events the daemon counts as stale; default: 1 minute.</summary>
    public TimeSpan HighWaterStalenessThreshold { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a failed shard waits before it tries again, the first time; each failure doubles it, up to 60 times; default: 1 s.</summary>
    public TimeSpan AgentPauseTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a shard may take to finish its page of events when it is stopped; default: 5 s.</summary>
    public TimeSpan StopAndDrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the daemon runs.</summary>
    public DaemonMode AsyncMode { get; set; } = DaemonMode.Disabled;

    /// <summary>How many shards read events at the same time; default: 10.</summary>
    public int MaxConcurrentEventLoadsPerDatabase { get; set; } = 10;

    /// <summary>How many shards write at the same time; default: 10.</summary>
    public int MaxConcurrentBatchWritesPerDatabase { get; set; } = 10;
}

/// <summary>What the daemon does about an event that cannot be processed. What is skipped is kept as a <see cref="DeadLetterEvent"/>.</summary>
public class ErrorHandlingOptions
{
    /// <summary>Whether an event at which a projection fails is skipped; otherwise the shard pauses.</summary>
    public bool SkipApplyErrors { get; set; }

    /// <summary>Whether events of unknown types are skipped, which leaves no dead letter; otherwise the shard pauses.</summary>
    public bool SkipUnknownEvents { get; set; }

    /// <summary>Whether an event whose body cannot be read is skipped; otherwise the shard pauses.</summary>
    public bool SkipSerializationErrors { get; set; }
}

/// <summary>An event that a shard skipped.</summary>
public class DeadLetterEvent
{
    /// <summary>Creates an empty one, for the serializer.</summary>
    public DeadLetterEvent()
    {
    }

    /// <summary>The identity of this record.</summary>
    public Guid Id { get; set; }

    /// <summary>The projection or subscription.</summary>
    public string ProjectionName { get; set; } = string.Empty;

    /// <summary>The key of the shard.</summary>
    public string ShardName { get; set; } = string.Empty;

    /// <summary>When the event was skipped.</summary>
    public DateTimeOffset Timestamp { get; set; }

    /// <summary>What went wrong.</summary>
    public string ExceptionMessage { get; set; } = string.Empty;

    /// <summary>The type of the exception.</summary>
    public string ExceptionType { get; set; } = string.Empty;

    /// <summary>The sequence number of the event.</summary>
    public long EventSequence { get; set; }
}
