using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Bridge;

/// <summary>The bridge's spans and counters.</summary>
internal sealed class BridgeTelemetry(ModuleDescriptor module)
{
    public ActivitySource Spans => module.ActivitySource;

    public Counter<long> Exported { get; } = module.Meter.CreateCounter<long>("modularmonolith.bridge.exported", "{event}", "Events that the broker has confirmed; one that is published again counts again.");

    public Counter<long> Imported { get; } = module.Meter.CreateCounter<long>("modularmonolith.bridge.imported", "{event}", "Events that were written to the log.");

    public Counter<long> Repeated { get; } = module.Meter.CreateCounter<long>("modularmonolith.bridge.repeated", "{event}", "Events that came again and were left out.");

    public Counter<long> Refused { get; } = module.Meter.CreateCounter<long>("modularmonolith.bridge.refused", "{message}", "Messages that cannot be events of this log.");
}
