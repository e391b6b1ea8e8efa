using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Projections;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>Runs one projection or subscription: reads pages ahead, processes them one after the other, and pauses when one fails.</summary>
internal sealed class ShardAgent : ISubscriptionAgent, IDisposable
{
    private const int MaximumPause = 60;
    private readonly DaemonContext context;
    private readonly ProjectionRegistration registration;
    private readonly EventPages pages;
    private readonly PageExecution execution;
    private readonly CancellationTokenSource finish = new();
    private readonly CancellationTokenSource abort = new();
    private Task running = Task.CompletedTask;
    private long position;

    public ShardAgent(DaemonContext context, ProjectionRegistration registration, ShardExecutionMode mode)
    {
        this.context = context;
        this.registration = registration;
        Mode = mode;
        Name = registration.Shard;
        ErrorOptions = mode == ShardExecutionMode.Rebuild ? context.Settings.RebuildErrors : context.Settings.Errors;
        pages = new EventPages(context.Store, registration, ErrorOptions);
        execution = new PageExecution(context, registration, this);
    }

    public ShardExecutionMode Mode { get; }

    public ErrorHandlingOptions ErrorOptions { get; }

    public ShardName Name { get; }

    public AsyncOptions Options => registration.Async;

    public long Position => Volatile.Read(ref position);

    public AgentStatus Status { get; private set; } = AgentStatus.Stopped;

    public DateTimeOffset? PausedTime { get; private set; }

    private int PageSize => Math.Max(1, Mode == ShardExecutionMode.Rebuild ? Math.Max(Options.BatchSize, DaemonSettings.RebuildBatchSize) : Options.BatchSize);

    public Task ReportCriticalFailureAsync(Exception ex) => execution.FailAsync(ex, null);

    public Task ReportCriticalFailureAsync(Exception ex, long lastProcessed) => execution.FailAsync(ex, lastProcessed);

    public Task RecordDeadLetterEventAsync(IEvent @event, Exception ex)
    {
        execution.AddDeadLetter(@event.Sequence, ex);
        return Task.CompletedTask;
    }

    /// <summary>Follows the high-water mark until it is stopped.</summary>
    public async Task StartAsync(CancellationToken token)
    {
        try
        {
            await ReadPositionAsync(token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new ShardStartException(Name.Identity, exception);
        }

        Status = AgentStatus.Running;
        await PublishAsync(ShardAction.Started, null);
        running = Task.Run(FollowAsync, CancellationToken.None);
    }

    /// <summary>Processes all events up to a number; fails where a running shard would pause.</summary>
    public async Task RunToAsync(long ceiling, CancellationToken token)
    {
        await ReadPositionAsync(token);
        Status = AgentStatus.Running;
        try
        {
            while (Position < ceiling)
                await RunPagesAsync(ceiling, token, token);
        }
        finally
        {
            Status = AgentStatus.Stopped;
        }
    }

    /// <summary>Stops behind the current page, or rolls it back when it takes too long.</summary>
    public async Task StopAsync()
    {
        await finish.CancelAsync();
        abort.CancelAfter(context.Settings.StopAndDrainTimeout);
        await running;
        Status = AgentStatus.Stopped;
        await PublishAsync(ShardAction.Stopped, null);
    }

    public void Dispose()
    {
        finish.Dispose();
        abort.Dispose();
    }

    private async Task FollowAsync()
    {
        var failures = 0;
        while (!finish.IsCancellationRequested)
        {
            try
            {
                var advanced = context.Tracker.Advanced.Next;
                var mark = context.Tracker.HighWaterMark;
                if (Position >= mark)
                {
                    await advanced.WaitAsync(finish.Token);
                    continue;
                }

                await RunPagesAsync(mark, finish.Token, abort.Token);
                failures = 0;
            }
            catch (OperationCanceledException) when (finish.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                failures++;
                await PauseAsync(exception, failures);
            }
        }
    }

    private async Task PauseAsync(Exception exception, int failures)
    {
        var pause = context.Settings.AgentPauseTime * Math.Min(MaximumPause, Math.Pow(2, failures - 1));
        context.Logger.LogError(exception, "Shard {Shard} of store {Store} failed behind event {Sequence}. It tries again in {Pause}.", Name.Identity, context.Store.Options.StoreName, Position, pause);
        Status = AgentStatus.Paused;
        PausedTime = context.Clock.GetUtcNow();
        await PublishAsync(ShardAction.Paused, exception);
        try
        {
            await Task.Delay(pause, context.Clock, finish.Token);
            await ReadPositionAsync(finish.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or Npgsql.NpgsqlException)
        {
            // Stopped, or the database is still away: the loop sees either.
            context.Logger.LogDebug(failure, "Shard {Shard} did not read its position.", Name.Identity);
        }

        Status = AgentStatus.Running;
        PausedTime = null;
        if (!finish.IsCancellationRequested)
            await PublishAsync(ShardAction.Started, null);
    }

    // One page is read while the one before is processed.
    private async Task RunPagesAsync(long mark, CancellationToken finishing, CancellationToken aborting)
    {
        var next = LoadAsync(Position, mark, aborting);
        while (true)
        {
            var page = await next;
            var isLast = page.Ceiling >= mark || finishing.IsCancellationRequested;
            if (!isLast)
                next = LoadAsync(page.Ceiling, mark, aborting);
            try
            {
                await ProcessAsync(page, aborting);
            }
            catch
            {
                if (!isLast)
                    await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                throw;
            }

            if (isLast)
                return;
        }
    }

    private async Task<EventPage> LoadAsync(long floor, long mark, CancellationToken token)
    {
        await context.Loads.WaitAsync(token);
        try
        {
            return await pages.LoadAsync(floor, mark, PageSize, token);
        }
        catch (Npgsql.NpgsqlException exception)
        {
            throw new EventLoaderException(Name.Identity, exception);
        }
        finally
        {
            context.Loads.Release();
        }
    }

    private async Task ProcessAsync(EventPage page, CancellationToken token)
    {
        await context.Writes.WaitAsync(token);
        try
        {
            await execution.RunAsync(page, token);
        }
        finally
        {
            context.Writes.Release();
        }

        Volatile.Write(ref position, page.Ceiling);
        await PublishAsync(ShardAction.Updated, null);
    }

    private async Task ReadPositionAsync(CancellationToken token)
    {
        if (await context.ProgressAsync(Name, token) is { } saved)
        {
            Volatile.Write(ref position, saved);
            return;
        }

        var start = Mode == ShardExecutionMode.Rebuild ? 0 : await StartPositionAsync(token);
        if (start > 0)
            await context.ResetAsync(Name, start, token);
        Volatile.Write(ref position, start);
    }

    private async Task<long> StartPositionAsync(CancellationToken token) => Options.Start.Kind switch
    {
        StartKind.Present => context.Tracker.HighWaterMark,
        StartKind.Sequence => Options.Start.Sequence,
        StartKind.Time => Math.Min(
            context.Tracker.HighWaterMark,
            await context.ScalarAsync(context.Sql.SequenceBefore, EventParameters.Value(Options.Start.Time.ToUniversalTime(), NpgsqlDbType.TimestampTz), token)),
        _ => 0,
    };

    private ValueTask PublishAsync(ShardAction action, Exception? exception)
    {
        var state = context.Tracker.State(Name.Identity, Position, action);
        state.Exception = exception;
        state.PauseReason = exception?.Message;
        state.AgentStatus = Status.ToString();
        return context.Tracker.PublishAsync(state);
    }
}
