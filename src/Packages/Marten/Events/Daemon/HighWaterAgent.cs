using Microsoft.Extensions.Logging;
using Npgsql;

namespace Marten.Events.Daemon;

/// <summary>Keeps the high-water mark of one daemon up to date: wakes at each commit of this store, at announced commits of others, and in intervals.</summary>
internal sealed class HighWaterAgent(DaemonContext context) : IAsyncDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ListenInterval = TimeSpan.FromMilliseconds(250);
    private readonly HighWaterDetector detector = new(context.Sql, context.Store.DataSource, context.TimeoutSeconds);
    private readonly SemaphoreSlim gate = new(1);
    private readonly Pulse announced = new();
    private CancellationTokenSource? stop;
    private Task running = Task.CompletedTask;
    private bool isPrepared;

    private long lastPolled;

    public bool IsRunning => stop is not null;

    public DateTimeOffset? LastPolledAt => Volatile.Read(ref lastPolled) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public async Task StartAsync(CancellationToken token)
    {
        if (IsRunning)
            return;
        await CheckAsync(token);
        stop = new CancellationTokenSource();
        running = Task.WhenAll(
            Task.Run(() => RunAsync(stop.Token), CancellationToken.None),
            context.Store.Options.Events.UseListenNotifyForEventAppends ? Task.Run(() => ListenAsync(stop.Token), CancellationToken.None) : Task.CompletedTask);
    }

    public async Task StopAsync()
    {
        if (stop is not { } source)
            return;
        await source.CancelAsync();
        await running;
        source.Dispose();
        stop = null;
    }

    /// <summary>Looks now. False when transactions that are open hold numbers, so that the mark may be lower than the last event.</summary>
    public async Task<bool> CheckAsync(CancellationToken token)
    {
        await gate.WaitAsync(token);
        try
        {
            if (!isPrepared)
            {
                await context.EnsureStorageAsync(token);
                await detector.StartAsync(token);
                isPrepared = true;
            }

            var found = await detector.DetectAsync(token);
            Volatile.Write(ref lastPolled, context.Clock.GetUtcNow().UtcTicks);
            if (found.Mark == context.Tracker.HighWaterMark)
                return !found.IsWaiting;
            await context.Tracker.MarkHighWaterAsync(found.Mark);
            if (found.Mark != found.Previous)
                await detector.SaveAsync(found, token);
            return !found.IsWaiting;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Waits until all events are known that were committed before the call.</summary>
    public async Task CatchUpAsync(CancellationToken token)
    {
        var last = await context.ScalarAsync(context.Sql.LastEvent, null, token);
        var wait = FirstWait;
        while (!await CheckAsync(token) && context.Tracker.HighWaterMark < last)
        {
            await Task.Delay(wait, context.Clock, token);
            wait = Longer(wait);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        gate.Dispose();
    }

    private async Task RunAsync(CancellationToken token)
    {
        var wait = FirstWait;
        while (!token.IsCancellationRequested)
        {
            var appended = context.Store.EventsAppended.Next;
            var heard = announced.Next;
            try
            {
                // A stop waits for the few short statements: a connection whose command was cancelled midway is not worth the risk.
                if (await CheckAsync(CancellationToken.None))
                {
                    wait = FirstWait;
                    await WaitAnyAsync(context.Settings.SlowPollingTime, token, appended, heard);
                    continue;
                }

                // Whoever holds a number may give it back without a word, so waiting begins short.
                await WaitAnyAsync(wait, token, appended, heard);
                wait = Longer(wait);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                context.Logger.LogError(exception, "The daemon of store {Store} cannot look for new events. It tries again.", context.Store.Options.StoreName);
                await WaitAnyAsync(context.Settings.SlowPollingTime, token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            try
            {
                await using var connection = await context.Store.DataSource.OpenConnectionAsync(token);
                connection.Notification += (_, _) => announced.Send();
                await using (var listen = new NpgsqlCommand($"listen {Internal.Identifiers.Quote(context.Sql.Channel)}", connection))
                    await listen.ExecuteNonQueryAsync(token);
                announced.Send();
                try
                {
                    // Cancelling the wait would leave it open in which state the connection is that is used and given back next.
                    while (!token.IsCancellationRequested)
                        await connection.WaitAsync(ListenInterval, CancellationToken.None);
                }
                finally
                {
                    // Pooled connections may be handed out without a reset.
                    if (connection.State == System.Data.ConnectionState.Open)
                    {
                        await using var unlisten = new NpgsqlCommand("unlisten *", connection);
                        await unlisten.ExecuteNonQueryAsync(CancellationToken.None);
                    }
                }
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                context.Logger.LogWarning(exception, "The daemon of store {Store} cannot listen for appended events. It polls until it can.", context.Store.Options.StoreName);
                await WaitAnyAsync(context.Settings.SlowPollingTime, token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private TimeSpan Longer(TimeSpan wait) => wait * 2 < context.Settings.FastPollingTime ? wait * 2 : context.Settings.FastPollingTime;

    private async Task WaitAnyAsync(TimeSpan atMost, CancellationToken token, params Task[] wakes)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
        await Task.WhenAny([.. wakes, Task.Delay(atMost, context.Clock, ended.Token)]);
        await ended.CancelAsync();
    }
}
