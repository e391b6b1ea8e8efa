using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>What the log's delivery measures, under the meter <c>ModularMonolith.log</c>.</summary>
internal sealed class LogMetrics : IDisposable
{
    private readonly Meter _meter = new("ModularMonolith.log");
    private readonly Counter<long> _handled;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _parked;
    private readonly Counter<long> _timersFired;
    private readonly Counter<long> _timersFailed;
    private readonly Counter<long> _timersParked;
    private readonly Histogram<double> _duration;
    private readonly ConcurrentDictionary<string, Func<long>> _lags = new(StringComparer.Ordinal);

    public LogMetrics()
    {
        _handled = _meter.CreateCounter<long>("modularmonolith.log.handled", "{event}", "Events whose effect is committed.");
        _failed = _meter.CreateCounter<long>("modularmonolith.log.failed", "{attempt}", "Attempts that failed by the handler's fault.");
        _parked = _meter.CreateCounter<long>("modularmonolith.log.parked", "{event}", "Events that were given up and wait for an operator.");
        _timersFired = _meter.CreateCounter<long>("modularmonolith.log.timer.fired", "{timer}", "Timers whose command is committed.");
        _timersFailed = _meter.CreateCounter<long>("modularmonolith.log.timer.failed", "{attempt}", "Attempts that failed by the command's fault.");
        _timersParked = _meter.CreateCounter<long>("modularmonolith.log.timer.parked", "{timer}", "Timers that were given up and wait for an operator.");
        _duration = _meter.CreateHistogram<double>("modularmonolith.log.process.duration", "s", "Duration of one transaction of a subscription.");
        _meter.CreateObservableGauge(
            "modularmonolith.log.lag",
            () => _lags.Select(static lag => new Measurement<long>(lag.Value(), new KeyValuePair<string, object?>("subscription", lag.Key))),
            "{position}",
            "How far a subscription that this host runs is behind what is settled.");
    }

    public void Handled(Subscription subscription, int count, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("subscription", subscription.FullName);
        _handled.Add(count, tag);
        _duration.Record(duration.TotalSeconds, tag);
    }

    public void Failed(Subscription subscription) => _failed.Add(1, new KeyValuePair<string, object?>("subscription", subscription.FullName));

    public void Parked(Subscription subscription) => _parked.Add(1, new KeyValuePair<string, object?>("subscription", subscription.FullName));

    public void TimerFired(ModuleDescriptor module, string timer) => _timersFired.Add(1, TagsOf(module, timer));

    public void TimerFailed(ModuleDescriptor module, string timer, bool isParked)
    {
        _timersFailed.Add(1, TagsOf(module, timer));
        if (isParked)
        {
            _timersParked.Add(1, TagsOf(module, timer));
        }
    }

    /// <summary>Reports a subscription's lag until disposed.</summary>
    public IDisposable Watch(Subscription subscription, Func<long> lag)
    {
        _lags[subscription.FullName] = lag;
        return new Watching(_lags, subscription.FullName);
    }

    public void Dispose() => _meter.Dispose();

    private static TagList TagsOf(ModuleDescriptor module, string timer) => new() { { "module", module.Name }, { "timer", timer } };

    private sealed class Watching(ConcurrentDictionary<string, Func<long>> lags, string name) : IDisposable
    {
        public void Dispose() => lags.TryRemove(name, out _);
    }
}
