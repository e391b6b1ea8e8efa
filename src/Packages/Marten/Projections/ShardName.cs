using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace JasperFx.Events.Projections;

/// <summary>The name under which the daemon runs a projection or subscription and records its progress.</summary>
public class ShardName
{
    /// <summary>The key of a shard that processes all events.</summary>
    public const string All = "All";

    /// <summary>Names one shard of one version.</summary>
    public ShardName(string name, string shardKey, uint version)
        : this(name, shardKey, version, null)
    {
    }

    /// <summary>Names one shard of one version, for one tenant where stores run shards for each; here none does.</summary>
    public ShardName(string name, string shardKey, uint version, string? tenantId)
    {
        Name = name;
        ShardKey = shardKey;
        Version = version;
        TenantId = string.IsNullOrEmpty(tenantId) ? null : tenantId;
        var shard = version > 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}:V{version}:{shardKey}") : $"{name}:{shardKey}";
        Identity = (IsHighWaterMark ? name : shard) + (TenantId is null ? "" : ":" + TenantId);
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

    /// <summary>The tenant; null for all.</summary>
    public string? TenantId { get; }

    /// <summary>The stage of the composite projection that this is a part of; null when it is none.</summary>
    public uint? StageNumber { get; private init; }

    /// <summary>The composite projection that this is a part of; null when it is none.</summary>
    public string? CompositeParentName { get; private init; }

    /// <summary>Whether this is the position up to which all events are known.</summary>
    public bool IsHighWaterMark => Name == ShardState.HighWaterMark;

    /// <summary>The name in mt_event_progression: Name:All, or Name:V2:All from version 2 on.</summary>
    public string Identity { get; }

    /// <summary>Names a shard.</summary>
    public static ShardName Compose(string name, string? shardKey = All, string? tenantId = null, uint version = 1) =>
        new(name, string.IsNullOrEmpty(shardKey) ? All : shardKey, version, tenantId);

    /// <summary>Names the position up to which all events are known, or those of a tenant.</summary>
    public static ShardName HighWaterMarkFor(string? tenantId = null) => new(ShardState.HighWaterMark, All, 1, tenantId);

    /// <summary>Reads an <see cref="Identity"/>: Name:Key or Name:V2:Key, both with or without :Tenant behind them, or HighWaterMark.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ShardName? shardName)
    {
        shardName = null;
        var parts = text?.Split(':') ?? [];
        if (parts.Length == 0 || parts.Any(p => p.Length == 0))
            return false;
        if (parts[0] == ShardState.HighWaterMark)
        {
            shardName = parts.Length > 2 ? null : HighWaterMarkFor(parts.Length == 2 ? parts[1] : null);
            return shardName is not null;
        }

        var version = 1u;
        var hasVersion = parts.Length > 2 && parts[1][0] == 'V' && uint.TryParse(parts[1].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out version);
        var rest = parts[(hasVersion ? 2 : 1)..];
        if (rest.Length is < 1 or > 2)
            return false;
        shardName = new ShardName(parts[0], rest[0], hasVersion ? version : 1, rest.Length == 2 ? rest[1] : null);
        return true;
    }

    /// <summary>The same shard for one tenant, or for all.</summary>
    public ShardName ForTenant(string? tenantId) => new(Name, ShardKey, Version, tenantId) { StageNumber = StageNumber, CompositeParentName = CompositeParentName };

    /// <summary>The same shard as a part of a composite projection.</summary>
    public ShardName ForCompositeStage(uint stageNumber, string compositeParentName) => new(Name, ShardKey, Version, TenantId) { StageNumber = stageNumber, CompositeParentName = compositeParentName };

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

    /// <summary>What the shard does: Running, Stopped or Paused; null where it is not known.</summary>
    public string? AgentStatus { get; set; }

    /// <summary>Why the shard is paused, in words.</summary>
    public string? PauseReason { get; set; }

    /// <summary>Why the shard is paused.</summary>
    public Exception? Exception { get; set; }

    /// <summary>The mark before a gap was passed.</summary>
    public long PreviousGoodMark { get; set; }

    /// <summary>When the progress was last recorded.</summary>
    public DateTimeOffset? LastAdvanced { get; set; }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ShardName} {Action} at {Sequence}");
}
