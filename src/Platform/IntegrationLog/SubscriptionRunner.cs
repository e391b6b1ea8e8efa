using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>Runs one subscription on this host: reads its events once and gives each to the lane of its key.</summary>
internal sealed partial class SubscriptionRunner(
    Subscription subscription, NpgsqlDataSource source, LogWatermark watermark, LogSignal replays, LogMetrics metrics, IServiceScopeFactory scopes,
    TimeProvider time, ILogger logger)
{
    private const int PageSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenMoves = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenMovesUnderLoad = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPolling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(5);

    private static readonly string Page = $"""
        select {MessageRow.Columns}
        from integration.message
        where name = any($1) and position > $2 and position <= $3 and not ($5 and imported)
        order by position limit $4
        """;

    private readonly SubscriptionCursors _cursors = new(subscription, source);
    private readonly DeadLetters _letters = new(subscription, source);
    private readonly LogSignal _deferred = new();

    /// <summary>Runs until cancelled; whatever goes wrong, it begins again from the stored cursors.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (LaneMovedException)
            {
                LogMoved(subscription.FullName);
            }
            catch (Exception exception)
            {
                LogInterrupted(subscription.FullName, exception);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var stored = await LoadAsync(cancellationToken);
        var furthest = stored.Max(static lane => Math.Max(lane.Position, lane.ReplayUntil));
        if (stored.Count != subscription.Policy.Parallelism && stored.TrueForAll(lane => lane.Position == furthest))
        {
            await _cursors.DivideAsync(furthest, cancellationToken);
            return;
        }

        // With another number of lanes than is stored, the lanes first meet at one place, where the keys can be divided anew.
        long? meeting = stored.Count == subscription.Policy.Parallelism ? null : furthest;
        var given = new ConcurrentDictionary<long, byte>();
        var work = new LaneWork(subscription, _cursors, _letters, new MessageDelivery(subscription, scopes), _deferred, given, metrics, time, logger);
        var waiting = await _letters.OpenKeysAsync(cancellationToken);
        var lanes = stored.Select(cursor => new Lane(work, cursor, [.. waiting.Where(key => LogMessage.LaneOf(key, stored.Count) == cursor.Lane)])).ToArray();
        using var watching = metrics.Watch(subscription, () => Math.Max(0, watermark.Settled - lanes.Min(static lane => lane.Position)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> running =
        [
            ReadAsync(lanes, stored.Min(static cursor => cursor.Position), meeting, stop.Token),
            RetryAsync(lanes, given, stop.Token),
            .. lanes.Select(lane => lane.RunAsync(stop.Token)),
        ];
        var first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task<List<LaneCursor>> LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await _cursors.ReadAsync(cancellationToken);
        if (stored.Count > 0)
        {
            return stored;
        }

        await _cursors.CreateAsync(await StartAsync(cancellationToken), cancellationToken);
        return await _cursors.ReadAsync(cancellationToken);
    }

    private async Task<long> StartAsync(CancellationToken cancellationToken)
    {
        if (subscription is { StartTime: null, Policy.Start: SubscriptionStart.Beginning })
        {
            return 0;
        }

        // A cursor may stand only where everything before it is settled. Until then more may have been committed behind the end that was found, and none of that is skipped.
        await using var last = source.CreateCommand("select coalesce(max(position), 0) from integration.message");
        var end = (long)(await last.ExecuteScalarAsync(cancellationToken))!;
        await watermark.ReachAsync(end, cancellationToken);
        if (subscription.StartTime is not { } time)
        {
            return end;
        }

        await using var before = source.CreateCommand("select coalesce(min(position) - 1, $2) from integration.message where occurred_at >= $1 and position <= $2");
        before.Parameters.AddWithValue(time.ToUniversalTime());
        before.Parameters.AddWithValue(end);
        return (long)(await before.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task ReadAsync(Lane[] lanes, long read, long? meeting, CancellationToken cancellationToken)
    {
        var moved = time.GetTimestamp();
        while (true)
        {
            var settled = meeting ?? await WaitAsync(lanes, read, cancellationToken);
            var isQuiet = settled == read;
            var page = await PageAsync(read, settled, cancellationToken);
            foreach (var message in page)
            {
                await lanes[LogMessage.LaneOf(message.Key, lanes.Length)].GiveAsync(new LaneItem(message, null, 0), cancellationToken);
                read = message.Position;
            }

            if (page.Count == PageSize)
            {
                continue;
            }

            read = settled;
            if (meeting is not null)
            {
                await MeetAsync(lanes, read, cancellationToken);
                return;
            }

            // While events come, most lanes are moved by their own; each move beside them is a transaction.
            if (time.GetElapsedTime(moved) >= (isQuiet ? BetweenMoves : BetweenMovesUnderLoad))
            {
                await MoveAsync(lanes, read, cancellationToken);
                moved = time.GetTimestamp();
            }
        }
    }

    private async Task<long> WaitAsync(Lane[] lanes, long read, CancellationToken cancellationToken)
    {
        var areBehind = Array.Exists(lanes, lane => lane.Position < read);
        using var look = new CancellationTokenSource(areBehind ? BetweenMoves : IdleLook, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, look.Token);
        try
        {
            return await watermark.WaitBeyondAsync(read, subscription.EventNames, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Math.Max(read, watermark.Settled);
        }
    }

    // A cursor that stood still for want of events would seem to be behind, make the next start read the log from there, and keep old
    // events from being dropped. Everything up to the position has been given to the lanes, so it is dealt with when they come to this.
    private static async Task MoveAsync(Lane[] lanes, long read, CancellationToken cancellationToken)
    {
        foreach (var lane in lanes.Where(lane => lane.Position < read))
        {
            await lane.GiveAsync(new LaneItem(null, null, read), cancellationToken);
        }
    }

    private async Task MeetAsync(Lane[] lanes, long place, CancellationToken cancellationToken)
    {
        foreach (var lane in lanes)
        {
            await lane.GiveAsync(new LaneItem(null, null, place), cancellationToken);
        }

        while (!Array.TrueForAll(lanes, lane => lane.Position >= place))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }
    }

    private async Task<List<LogMessage>> PageAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        if (watermark.Tail.Find(subscription.EventNames, after, upTo, subscription.IsForwarding, PageSize) is { } recent)
        {
            return recent;
        }

        await using var command = source.CreateCommand(Page);
        command.Parameters.AddWithValue(subscription.EventNames);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(upTo);
        command.Parameters.AddWithValue(PageSize);
        command.Parameters.AddWithValue(subscription.IsForwarding);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var messages = new List<LogMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add(MessageRow.Read(reader));
        }

        return messages;
    }

    private async Task RetryAsync(Lane[] lanes, ConcurrentDictionary<long, byte> given, CancellationToken cancellationToken)
    {
        while (true)
        {
            var deferred = _deferred.Next;
            var asked = replays.Next;
            foreach (var letter in await _letters.DueAsync(cancellationToken))
            {
                if (given.TryAdd(letter.Message.Position, 0))
                {
                    await lanes[LogMessage.LaneOf(letter.Message.Key, lanes.Length)].GiveAsync(new LaneItem(null, letter, 0), cancellationToken);
                }
            }

            var wait = await _letters.NextDueAsync(cancellationToken) ?? RetryPolling;
            wait = wait < ShortestWait ? ShortestWait : wait > RetryPolling ? RetryPolling : wait;
            await Task.WhenAny(deferred, asked, Task.Delay(wait, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            await RefuseRewoundAsync(lanes, cancellationToken);
        }
    }

    // A lane writes its cursor before it knows so itself: a stored one that is behind was set back by an operator.
    private async Task RefuseRewoundAsync(Lane[] lanes, CancellationToken cancellationToken)
    {
        var before = Array.ConvertAll(lanes, static lane => lane.Position);
        foreach (var stored in await _cursors.ReadAsync(cancellationToken))
        {
            if (stored.Lanes != lanes.Length || stored.Position < before[stored.Lane])
            {
                throw new LaneMovedException(subscription.FullName, stored.Lane);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The cursor of subscription {Subscription} was moved by another host or an operator; it goes on from there.")]
    private partial void LogMoved(string subscription);

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription} was interrupted; it goes on from the stored cursors in a moment.")]
    private partial void LogInterrupted(string subscription, Exception exception);
}
