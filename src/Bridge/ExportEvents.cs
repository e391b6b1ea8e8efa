using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Bridge;

/// <summary>Sends what this side exports. Keys travel side by side; an event follows another one of its key only when the broker has that one, or it might overtake it.</summary>
[Subscription("export", Parallelism = 4, BatchSize = 200)]
internal sealed class ExportEvents(EventPublisher publisher) : IForwardEvents
{
    public Task ForwardAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken) =>
        Task.WhenAll(events.GroupBy(static stored => stored.Key, StringComparer.Ordinal).Select(async ofKey =>
        {
            foreach (var stored in ofKey)
            {
                await publisher.PublishAsync(stored, cancellationToken);
            }
        }));
}

/// <summary>Keeps the connection up while there is nothing to send, so that health tells of a broker that is gone before an event needs it.</summary>
internal sealed partial class ExportConnection(EventPublisher publisher, BridgeState state, TimeProvider time, ILogger<ExportConnection> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wasOpen = true;
        using var timer = new PeriodicTimer(Between, time);
        try
        {
            do
            {
                wasOpen = await LookAsync(wasOpen, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task<bool> LookAsync(bool wasOpen, CancellationToken stoppingToken)
    {
        try
        {
            var isNew = !publisher.IsOpen;
            await publisher.OpenAsync(stoppingToken);
            if (isNew)
            {
                state.Export = null;
            }

            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested && Broker.IsFault(exception))
        {
            state.Export = $"The broker cannot be reached: {exception.GetType().Name}. Events wait in the log.";
            if (wasOpen)
            {
                LogLost(exception);
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The bridge cannot reach the broker to export events. They wait in the log; it tries again every second.")]
    private partial void LogLost(Exception exception);
}
