using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace JasperFx.OpenTelemetry
{
    /// <summary>How much of a store's work becomes activities.</summary>
    public enum TrackLevel
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>One activity for each session, with its commands and failures as events.</summary>
        Normal = 1,

        /// <summary>As <see cref="Normal"/>, with an event for each operation that was saved.</summary>
        Verbose = 2,
    }

    /// <summary>What a store reports to OpenTelemetry.</summary>
    public class OpenTelemetryOptions
    {
        /// <summary>Creates the options with a meter of a name.</summary>
        public OpenTelemetryOptions(string meterName) => Meter = new Meter(meterName);

        /// <summary>How much of the sessions' work becomes activities of the source "Marten"; default: nothing.</summary>
        public TrackLevel TrackConnections { get; set; } = TrackLevel.None;

        /// <summary>The meter of the store's instruments.</summary>
        public Meter Meter { get; }
    }
}

namespace Marten.Services
{
    /// <summary>What a store reports to OpenTelemetry: activities of the source "Marten" and instruments of the meter "Marten".</summary>
    public sealed class OpenTelemetryOptions : JasperFx.OpenTelemetry.OpenTelemetryOptions
    {
        private readonly List<Action<IChangeSet>> recorders = [];
        private Histogram<long>? replayed;

        /// <summary>Creates the options with their defaults: nothing is reported.</summary>
        public OpenTelemetryOptions()
            : base("Marten")
        {
        }

        /// <summary>What is recorded after each commit.</summary>
        internal IReadOnlyList<Action<IChangeSet>> Recorders => recorders;

        /// <summary>Records in marten.fetch_for_writing.events_replayed how many events each FetchForWriting read.</summary>
        public void TrackFetchForWritingMetrics() => replayed ??= Meter.CreateHistogram<long>(
            "marten.fetch_for_writing.events_replayed", "events", "Events that one FetchForWriting read to build the aggregate");

        /// <summary>Adds a counter that is changed after each commit.</summary>
        public void ExportCounterOnChangeSets<T>(string name, string units, Action<Counter<T>, IChangeSet> recordAction) where T : struct
        {
            ArgumentNullException.ThrowIfNull(recordAction);
            var counter = Meter.CreateCounter<T>(name, units);
            recorders.Add(commit => recordAction(counter, commit));
        }

        /// <summary>Counts appended events in marten.event.append, by event.type and tenant.id.</summary>
        public void TrackEventCounters() => ExportCounterOnChangeSets<long>("marten.event.append", "events", static (counter, commit) =>
        {
            foreach (var item in commit.GetEvents())
                counter.Add(1, new TagList { { "event.type", item.EventTypeName }, { "tenant.id", item.TenantId } });
        });

        internal void RecordReplayed(int count, Type aggregateType, string plan)
        {
            if (replayed is { Enabled: true } histogram)
                histogram.Record(count, new TagList { { "aggregate.type", aggregateType.FullName }, { "fetch.plan", plan } });
        }
    }
}
