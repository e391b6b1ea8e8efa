using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Payments.Operations;

/// <summary>Looks at the operations from time to time, so that the gauges are true also where nobody asks for the host's health.</summary>
internal sealed partial class OperationWatch(OperationOverview overview, OperationMetrics metrics, StartupState startup, TimeProvider time, ILogger<OperationWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await startup.WhenStarted(stoppingToken);
            while (true)
            {
                await LookAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            metrics.Seen(await overview.CountAsync(stoppingToken), time.GetUtcNow());
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotSeen(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The operations at the payment provider could not be counted; the gauges keep their last values.")]
    private partial void LogNotSeen(Exception exception);
}
