using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Runs the subscriptions on one host at a time: whoever holds the advisory lock. The lock saves work; correctness
/// rests on the cursors alone, which no two commits can move from the same place.
/// </summary>
internal sealed partial class LogDispatcher(
    IEnumerable<Subscription> subscriptions, ModuleDataSources sources, DatabaseAddress address, LogSignal signal, IServiceScopeFactory scopes,
    StartupState startup, TimeProvider time, ILogger<LogDispatcher> logger) : BackgroundService
{
    private const long LeaseKey = 0x4D4D_4C4F_4700_0001;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaseCheck = TimeSpan.FromSeconds(2);

    private readonly Subscription[] _subscriptions = [.. subscriptions];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_subscriptions.Length == 0)
        {
            return;
        }

        try
        {
            await startup.WhenStarted(stoppingToken);
            while (true)
            {
                try
                {
                    await LeadAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    LogInterrupted(exception);
                }

                await Task.Delay(Retry, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task LeadAsync(CancellationToken stoppingToken)
    {
        var leader = _subscriptions[0].Module;
        var source = sources.For(leader);

        // Not from the pool: the lock ends when the server sees the connection end, however this host got there.
        await using var lease = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address.ConnectionStringOf(leader)) { Pooling = false }.ConnectionString);
        await lease.OpenAsync(stoppingToken);
        if (!await TryLockAsync(lease, stoppingToken))
        {
            return;
        }

        var watermark = new LogWatermark(signal, time);
        var workers = _subscriptions
            .Select(subscription => new SubscriptionWorker(subscription, sources.For(subscription.Module), watermark, scopes, time, logger))
            .ToList();
        var cursors = await Task.WhenAll(workers.Select(worker => worker.LoadCursorAsync(stoppingToken)));
        watermark.StartFrom(cursors.Min());

        using var tenure = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        List<Task> running = [watermark.FollowAsync(source, tenure.Token), HoldAsync(lease, tenure.Token), .. workers.Select(worker => worker.RunAsync(tenure.Token))];
        var first = await Task.WhenAny(running);
        await tenure.CancelAsync();
        try
        {
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException)
        {
            await first;
        }
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection lease, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", lease) { Parameters = { new() { Value = LeaseKey } } };
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task HoldAsync(NpgsqlConnection lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(LeaseCheck, time, cancellationToken);
            await using var command = new NpgsqlCommand("select 1", lease);
            await command.ExecuteScalarAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The delivery of integration events was interrupted; it goes on from the stored cursors in a moment.")]
    private partial void LogInterrupted(Exception exception);
}
