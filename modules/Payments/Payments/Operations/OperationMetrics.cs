using System.Diagnostics.Metrics;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Payments.Operations;

/// <summary>How many operations there are and how long the oldest waits, as this host has last looked.</summary>
internal sealed class OperationMetrics
{
    private (OperationCounts Counts, double Age)? _last;

    public OperationMetrics(ModuleDescriptor module)
    {
        Count = module.Meter.CreateObservableGauge("modularmonolith.payments.operations", Counts, "{operation}", "Calls to the provider without an outcome: unfinished, undecided or stuck.");
        Age = module.Meter.CreateObservableGauge("modularmonolith.payments.operations.age", Ages, "s", "Since when the oldest call to the provider waits for its outcome, 0 for none; without what is undecided.");
    }

    public Instrument Count { get; }

    public Instrument Age { get; }

    public void Seen(OperationCounts counts, DateTimeOffset now) => _last = (counts, counts.OldestAt is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : 0);

    private IEnumerable<Measurement<long>> Counts() => _last is var (counts, _)
        ? [Of(counts.Unfinished, "unfinished"), Of(counts.Undecided, "undecided"), Of(counts.Stuck, "stuck")]
        : [];

    private IEnumerable<Measurement<double>> Ages() => _last is var (_, age) ? [new Measurement<double>(age)] : [];

    private static Measurement<long> Of(long count, string state) => new(count, new KeyValuePair<string, object?>("state", state));
}
