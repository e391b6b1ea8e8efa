using System.Diagnostics.Metrics;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Shipping;

/// <summary>What Shipping measures, under the module's meter.</summary>
internal sealed class ShippingMetrics(ModuleDescriptor module)
{
    private readonly Counter<long> _discrepancies = module.Meter.CreateCounter<long>("modularmonolith.shipping.discrepancies", "{piece}", "Pieces that have left, or may leave, although they are not wanted any more.");
    private readonly Counter<long> _labelFailures = module.Meter.CreateCounter<long>("modularmonolith.shipping.label.failures", "{attempt}", "Requests for a label that failed.");
    private readonly Counter<long> _parcels = module.Meter.CreateCounter<long>("modularmonolith.shipping.shipments", "{shipment}", "Shipments by what became of them.");

    public void Discrepancy(int pieces) => _discrepancies.Add(pieces);

    public void LabelFailed(bool isFinal) => _labelFailures.Add(1, new KeyValuePair<string, object?>("final", isFinal));

    public void Shipment(string outcome) => _parcels.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
