using JasperFx.Events.Subscriptions;
using Marten.Subscriptions;

namespace Marten.Events;

/// <summary>The settings of the tables, and the subscriptions, which the other files do not need.</summary>
internal sealed partial class EventGraph
{
    private readonly List<string> ignoredIndexes = [];

    public bool EnableStrictStreamIdentityEnforcement { get; set; }

    public bool UseArchivedStreamPartitioning { get; set; }

    /// <summary>How streams, events and what refers to them are divided; null where they are not.</summary>
    public Weasel.Postgresql.Tables.Partitioning.Partitioning? ArchivePartitioning => UseArchivedStreamPartitioning
        ? new Weasel.Postgresql.Tables.Partitioning.ListPartitioning("is_archived", static value => value).AddPartition("archived", true)
        : null;

    /// <summary>The column by which streams and events are partitioned, behind a separator; nothing where they are not.</summary>
    public string ArchiveColumn(string separator) => UseArchivedStreamPartitioning ? separator + "is_archived" : "";

    public bool UseExclusiveLockOnConcurrentAppends { get; set; }

    public IReadOnlyList<string> IgnoredIndexes => ignoredIndexes;

    public IEventStoreOptions IgnoreIndex(string indexName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(indexName);
        if (indexName == "pk_mt_events_stream_and_version")
            throw new ArgumentException($"The index {indexName} keeps the versions of a stream unique. The store depends on it, so it cannot be ignored.", nameof(indexName));
        ignoredIndexes.Add(indexName);
        return this;
    }

    public void Subscribe(ISubscription subscription) => options.Projections.Subscribe(subscription);

    public void Subscribe(ISubscription subscription, Action<ISubscriptionOptions>? configure = null) => options.Projections.Subscribe(subscription, configure);
}
