using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Processes;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Now and then: partitions for the months to come, the end of those that are kept no longer, of settled failures and discarded timers after 30 days, and of ended processes after 90.</summary>
internal sealed partial class LogMaintenance(
    IReadOnlyList<ModuleStore> stores, IReadOnlyList<ModuleProcess> processes, ModuleDataSources sources, TimeProvider time, ILogger logger)
{
    /// <summary>The name under which hosts share it out.</summary>
    public const string FullName = "log/(maintenance)";

    private static readonly TimeSpan KeptProcesses = TimeSpan.FromDays(90);
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                try
                {
                    await MaintainAsync(cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    LogFailed(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await using (var partitions = sources.For(stores[0].Module).CreateCommand("select integration.maintain()"))
        {
            if (await partitions.ExecuteScalarAsync(cancellationToken) is int dropped and > 0)
            {
                LogDropped(dropped);
            }
        }

        foreach (var module in stores.Select(static store => store.Module))
        {
            await using var settled = sources.For(module).CreateCommand(
                "delete from log_dead_letter where state in ('settled', 'discarded') and settled_at < clock_timestamp() - interval '30 days'");
            await settled.ExecuteNonQueryAsync(cancellationToken);
            await using var discarded = sources.For(module).CreateCommand(
                "delete from log_timer where state = 'discarded' and settled_at < clock_timestamp() - interval '30 days'");
            await discarded.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var process in processes)
        {
            await using var ended = sources.For(process.Module).CreateCommand($"delete from {process.Table} where ended_at < $1");
            ended.Parameters.AddWithValue(time.GetUtcNow() - KeptProcesses);
            await ended.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} months of the integration log are past their time and were dropped.")]
    private partial void LogDropped(int count);

    [LoggerMessage(LogLevel.Warning, "The integration log could not be tidied up; it is tried again in an hour.")]
    private partial void LogFailed(Exception exception);
}
