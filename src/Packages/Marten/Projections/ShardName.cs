using System.Globalization;

namespace JasperFx.Events.Projections;

/// <summary>The name under which the daemon runs a projection or subscription and records its progress.</summary>
public class ShardName
{
    /// <summary>The key of a shard that processes all events.</summary>
    public const string All = "All";

    /// <summary>Names one shard of one version.</summary>
    public ShardName(string name, string shardKey, uint version)
    {
        Name = name;
        ShardKey = shardKey;
        Version = version;
        Identity = version > 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}:V{version}:{shardKey}") : $"{name}:{shardKey}";
        if (name == ShardState.HighWaterMark)
            Identity = name;
    }

    /// <summary>Names the only shard of a projection.</summary>
    public ShardName(string name)
        : this(name, All, 1)
    {
    }

    /// <summary>The name of the projection or subscription.</summary>
    public string Name { get; }

    /// <summary>The part of the events; <see cref="All"/> here.</summary>
    public string ShardKey { get; }

    /// <summary>The version of the projection.</summary>
    public uint Version { get; }

    /// <summary>The name in mt_event_progression: Name:All, or Name:V2:All from version 2 on.</summary>
    public string Identity { get; }

    /// <inheritdoc />
    public override string ToString() => Identity;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is ShardName other && other.Identity == Identity;

    /// <inheritdoc />
    public override int GetHashCode() => Identity.GetHashCode(StringComparison.Ordinal);
}

/// <summary>What happened to a shard.</summary>
public enum ShardAction
{
    /// <summary>It processed events.</summary>
    Updated = 0,

    /// <summary>It started.</summary>
    Started = 1,

    /// <summary>It stopped.</summary>
    Stopped = 2,

    /// <summary>It failed and waits before it tries again.</summary>
    Paused = 3,

    /// <summary>The high-water mark passed numbers that no event will ever have.</summary>
    Skipped = 4,
}

/// <summary>How far a shard is.</summary>
public class ShardState
{
    /// <summary>The name of the position up to which all events are known.</summary>
    public const string HighWaterMark = "HighWaterMark";

    /// <summary>Stands for all projections.</summary>
    public const string AllProjections = "AllProjections";

    /// <summary>Creates a state.</summary>
    public ShardState(string shardName, long sequence)
    {
        ShardName = shardName;
        Sequence = sequence;
    }

    /// <summary>Creates a state.</summary>
    public ShardState(ShardName shardName, long sequence)
        : this(shardName.Identity, sequence)
    {
    }

    /// <summary>The identity of the shard.</summary>
    public string ShardName { get; }

    /// <summary>The sequence number of the last event that is processed.</summary>
    public long Sequence { get; }

    /// <summary>What happened.</summary>
    public ShardAction Action { get; set; } = ShardAction.Updated;

    /// <summary>When this was recorded; not set where it is read from the database.</summary>
    public DateTimeOffset Timestamp { get; internal init; }

    /// <summary>Why the shard is paused.</summary>
    public Exception? Exception { get; set; }

    /// <summary>The mark before a gap was passed.</summary>
    public long PreviousGoodMark { get; set; }

    /// <summary>When the progress was last recorded.</summary>
    public DateTimeOffset? LastAdvanced { get; set; }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ShardName} {Action} at {Sequence}");
}
