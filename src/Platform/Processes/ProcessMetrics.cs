using System.Diagnostics.Metrics;

namespace ModularMonolith.Platform.Processes;

/// <summary>What processes measure, under the meter <c>ModularMonolith.processes</c>.</summary>
internal sealed class ProcessMetrics : IDisposable
{
    private readonly Meter _meter = new("ModularMonolith.processes");
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _duration;

    public ProcessMetrics()
    {
        _ended = _meter.CreateCounter<long>("modularmonolith.process.ended", "{process}", "Processes that completed or failed.");
        _duration = _meter.CreateHistogram<double>("modularmonolith.process.duration", "s", "Time from a process's beginning to its end.");
    }

    public void Ended(string process, ProcessState state)
    {
        var name = new KeyValuePair<string, object?>("process", process);
        var outcome = new KeyValuePair<string, object?>("outcome", state.Status == ProcessStatus.Completed ? "completed" : "failed");
        _ended.Add(1, name, outcome);
        _duration.Record((state.EndedAt!.Value - state.StartedAt).TotalSeconds, name, outcome);
    }

    public void Dispose() => _meter.Dispose();
}
