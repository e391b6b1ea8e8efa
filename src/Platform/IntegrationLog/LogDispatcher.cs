using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Timers;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Runs this host's share of the subscriptions, timers and other work that one host does at a time, and takes over those of hosts that are gone.</summary>
internal sealed partial class LogDispatcher(
    IEnumerable<Subscription> subscriptions, IEnumerable<ModuleStore> stores, IEnumerable<ModuleProcess> processes, IEnumerable<RecurringJob> jobs, TimerCommands timers, TimerSignal scheduled,
    ModuleDataSources sources, DatabaseAddress address, LogSignal commits, LogReplays replays, LogMetrics metrics, AuditSealer sealer, IServiceScopeFactory scopes, StartupState startup, IOptions<LogOptions> options,
    IConfiguration configuration, TimeProvider time, ILogger<LogDispatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);

    private readonly Subscription[] _subscriptions = [.. subscriptions];
    private readonly ModuleStore[] _stores = [.. stores];
    private readonly Dictionary<string, (Task Running, CancellationTokenSource Stop)> _runners = new(StringComparer.Ordinal);
    private readonly LogWatermark _watermark = new(commits, time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_stores.Length == 0)
        {
            return;
        }

        try
        {
            await startup.WhenStarted(stoppingToken);
            await StartWatermarkAsync(stoppingToken);
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        var first = _stores[0].Module;
        var work = AllWork();
        var lease = TimeSpan.FromSeconds(Math.Clamp(options.Value.LeaseSeconds, 1, 60));
        var membership = new HostMembership([.. work.Keys], sources.For(first), lease);
        var listener = new LogListener(commits, replays.Asked, sources, address, configuration, time, logger);
        List<Task> background = [FollowAsync(stoppingToken)];
        if (options.Value.Listen)
        {
            background.Add(listener.ListenAsync(first, stoppingToken));
            background.Add(listener.TellAsync(first, stoppingToken));
        }

        try
        {
            while (true)
            {
                await ShareAsync(work, membership, listener, stoppingToken);
                await Task.Delay(lease / 3, time, stoppingToken);
            }
        }
        finally
        {
            await StopAsync(_runners.Keys.ToList());
            await Task.WhenAll(background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await LeaveAsync(membership);
        }
    }

    private async Task ShareAsync(
        Dictionary<string, Func<CancellationToken, Task>> work, HostMembership membership, LogListener listener, CancellationToken stoppingToken)
    {
        Dictionary<Guid, string[]> hosts;
        try
        {
            hosts = await membership.RenewAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogInterrupted(exception);
            return;
        }

        listener.HasOthers = hosts.Count > 1;
        var mine = membership.Mine(hosts);
        await StopAsync(_runners.Keys.Where(name => !mine.Contains(name)).ToList());
        foreach (var name in mine.Where(name => !_runners.ContainsKey(name)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _runners[name] = (work[name](stop.Token), stop);
        }
    }

    private Dictionary<string, Func<CancellationToken, Task>> AllWork()
    {
        var work = new Dictionary<string, Func<CancellationToken, Task>>(StringComparer.Ordinal);
        foreach (var subscription in _subscriptions)
        {
            work[subscription.FullName] = new SubscriptionRunner(
                subscription, sources.For(subscription.Module), _watermark, replays.Asked, metrics, scopes, time, logger).RunAsync;
        }

        work[AuditSealer.FullName] = sealer.RunAsync;
        work[LogMaintenance.FullName] = new LogMaintenance(_stores, [.. processes], sources, time, logger).RunAsync;
        foreach (var module in _stores.Select(static store => store.Module))
        {
            work[TimerRunner.FullNameOf(module)] = new TimerRunner(module, sources.For(module), timers, jobs, scheduled.Due, metrics, scopes, time, logger).RunAsync;
        }

        return work;
    }

    private async Task StopAsync(List<string> ending)
    {
        var stopped = ending.ConvertAll(name => _runners[name]);
        ending.ForEach(name => _runners.Remove(name));

        await Task.WhenAll(stopped.Select(static runner => runner.Stop.CancelAsync()));
        await Task.WhenAll(stopped.Select(static runner => runner.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopped.ForEach(static runner => runner.Stop.Dispose());
    }

    private async Task LeaveAsync(HostMembership membership)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Retry, time);
            await membership.LeaveAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            LogInterrupted(exception);
        }
    }

    // Every cursor stands where all before it is settled, so the furthest one saves the most reading.
    private async Task StartWatermarkAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await LogPositions.KeepAheadAsync(sources.For(_stores[0].Module), logger, stoppingToken);
                var cursors = await Task.WhenAll(_subscriptions.Select(subscription =>
                    new SubscriptionCursors(subscription, sources.For(subscription.Module)).ReadAsync(stoppingToken)));
                _watermark.StartFrom(cursors.SelectMany(static lanes => lanes).Select(static lane => lane.Position).DefaultIfEmpty().Max());
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(exception);
                await Task.Delay(Retry, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _watermark.FollowAsync(sources.For(_stores[0].Module), stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(exception);
                await Task.Delay(Retry, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The delivery of integration events was interrupted; it goes on from the stored cursors in a moment.")]
    private partial void LogInterrupted(Exception exception);
}

/// <summary>Raised when an operator wants parked events tried again.</summary>
internal sealed class LogReplays
{
    public LogSignal Asked { get; } = new();
}
