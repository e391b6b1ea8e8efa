using System.Diagnostics.Metrics;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Ledger.Reconciliations;

/// <summary>How far the last reconciliation that this host knows of was off, for dashboards and alerts.</summary>
internal sealed class DriftMetrics
{
    private IReadOnlyList<Measurement<long>> _drift = [];
    private Guid _last;

    public DriftMetrics(ModuleDescriptor module) => Instrument = module.Meter.CreateObservableGauge(
        "modularmonolith.ledger.drift", () => Volatile.Read(ref _drift), "{unit}", "By how many minor units the last reconciliation was off, all differences taken as positive.");

    /// <summary>The gauge, by provider and currency.</summary>
    public Instrument Instrument { get; }

    /// <summary>Takes over a reconciliation that was compared; one that is older than the last changes nothing.</summary>
    public void Compared(Reconciliation reconciliation)
    {
        if (reconciliation.Status is not (ReconciliationStatus.Balanced or ReconciliationStatus.Drift) || reconciliation.Id.CompareTo(_last) < 0)
        {
            return;
        }

        _last = reconciliation.Id;
        Volatile.Write(ref _drift, [.. reconciliation.Totals.Select(total => new Measurement<long>(
            SizeIn(reconciliation, total.Recorded.Currency),
            new KeyValuePair<string, object?>("provider", reconciliation.Provider),
            new KeyValuePair<string, object?>("currency", total.Recorded.Currency)))]);
    }

    private static long SizeIn(Reconciliation reconciliation, string currency) => reconciliation.Differences
        .Where(difference => (difference.Recorded ?? difference.Reported)!.Value.Currency == currency)
        .Sum(difference => Math.Abs((difference.Recorded ?? Money.Zero(currency)).Amount - (difference.Reported ?? Money.Zero(currency)).Amount));
}
