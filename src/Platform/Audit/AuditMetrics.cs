using System.Diagnostics.Metrics;

namespace ModularMonolith.Platform.Audit;

/// <summary>What the audit log measures, under the meter <c>ModularMonolith.audit</c>.</summary>
internal sealed class AuditMetrics : IDisposable
{
    private readonly Meter _meter = new("ModularMonolith.audit");
    private readonly Counter<long> _sealed;
    private double _waiting;

    public AuditMetrics()
    {
        _sealed = _meter.CreateCounter<long>("modularmonolith.audit.sealed", "{entry}", "Entries that this host has put into the chain.");
        _meter.CreateObservableGauge("modularmonolith.audit.waiting", () => Volatile.Read(ref _waiting), "s", "Age of the oldest entry that is not sealed, when this host last looked.");
    }

    public void Sealed(int count, double waiting)
    {
        _sealed.Add(count);
        Volatile.Write(ref _waiting, waiting);
    }

    public void Dispose() => _meter.Dispose();
}
