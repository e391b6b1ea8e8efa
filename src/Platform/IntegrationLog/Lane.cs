using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Pipeline;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>What a lane is given to do: an event of the log, an event that failed before and is due, or the news that nothing of its own stands before a position.</summary>
internal readonly record struct LaneItem(LogMessage? Message, DeadLetter? Letter, long Reached);

/// <summary>What the lanes of one subscription share.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Cursors">Its cursors.</param>
/// <param name="Letters">Its events that are not settled.</param>
/// <param name="Delivery">Runs the handler.</param>
/// <param name="Deferred">Raised when an event has failed.</param>
/// <param name="Given">The positions of failed events that a lane has been given and has not finished.</param>
/// <param name="Metrics">Counts.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
internal sealed record LaneWork(
    Subscription Subscription, SubscriptionCursors Cursors, DeadLetters Letters, MessageDelivery Delivery, LogSignal Deferred,
    ConcurrentDictionary<long, byte> Given, LogMetrics Metrics, TimeProvider Time, ILogger Logger);

/// <summary>
/// The share of a subscription's keys that one worker handles, one transaction after the other. Nobody else handles those keys, so their
/// order holds; the cursor of the lane, which moves only from where this worker believes it to be, holds off a worker of another host.
/// </summary>
internal sealed partial class Lane
{
    private const int Backlog = 256;
    private const int ConflictAttempts = 20;

    private readonly Subscription _subscription;
    private readonly LaneWork _work;
    private readonly HashSet<string> _waiting;
    private readonly ILogger _logger;
    private readonly Channel<LaneItem> _inbox = Channel.CreateBounded<LaneItem>(new BoundedChannelOptions(Backlog) { SingleReader = true });
    private LaneCursor _cursor;
    private long _position;

    public Lane(LaneWork work, LaneCursor cursor, HashSet<string> waiting)
    {
        _work = work;
        _subscription = work.Subscription;
        _logger = work.Logger;
        _cursor = cursor;
        _position = cursor.Position;
        _waiting = waiting;
    }

    /// <summary>The last position that is dealt with.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Waits while the lane has as much to do as it may hold in memory.</summary>
    public ValueTask GiveAsync(LaneItem item, CancellationToken cancellationToken) => _inbox.Writer.WriteAsync(item, cancellationToken);

    /// <summary>Works until cancelled.</summary>
    /// <exception cref="LaneMovedException">Another host works on the same lane, or an operator has moved it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in _inbox.Reader.ReadAllAsync(cancellationToken))
        {
            if (item.Message is { } message)
            {
                await ReceiveAsync(message, cancellationToken);
            }
            else if (item.Letter is { } letter)
            {
                await RetryAsync(letter, cancellationToken);
                _work.Given.TryRemove(letter.Message.Position, out _);
            }
            else if (item.Reached > _cursor.Position)
            {
                await PersistAsync(() => _work.Cursors.MoveAsync(_cursor, item.Reached, cancellationToken), item.Reached, cancellationToken);
            }
        }
    }

    private async Task ReceiveAsync(LogMessage message, CancellationToken cancellationToken)
    {
        if (message.Position <= _cursor.Position)
        {
            return;
        }

        if (_subscription.Policy.HoldKey && _waiting.Contains(message.Key))
        {
            await TakeOutAsync(message, null, cancellationToken);
            return;
        }

        await DeliverAsync(_subscription.BindingOf(message.Name).IsBatch ? Batch(message) : [message], cancellationToken);
    }

    private List<LogMessage> Batch(LogMessage first)
    {
        List<LogMessage> batch = [first];
        while (batch.Count < _subscription.Policy.BatchSize
            && _inbox.Reader.TryPeek(out var next)
            && next.Message is { } message && _subscription.AreOfOneBatch(first, message) && message.Position > _cursor.Position
            && !(_subscription.Policy.HoldKey && _waiting.Contains(message.Key)))
        {
            _inbox.Reader.TryRead(out _);
            batch.Add(message);
        }

        return batch;
    }

    private async Task DeliverAsync(List<LogMessage> messages, CancellationToken cancellationToken)
    {
        var last = messages[^1].Position;
        for (var attempt = 1; ; attempt++)
        {
            var started = _work.Time.GetTimestamp();
            try
            {
                // A commit can fail on its way back only: the stored cursor says whether it was made.
                if (attempt > 1 && await StoredAsync(cancellationToken) == last)
                {
                    Advance(last);
                    return;
                }

                await _work.Delivery.RunAsync(
                    messages, 1, _cursor.ReplayUntil, SubscriptionCursors.Move,
                    [_subscription.Name, _cursor.Lane, _cursor.Lanes, _cursor.Position, last], cancellationToken);
                Advance(last);
                _work.Metrics.Handled(_subscription, messages.Count, _work.Time.GetElapsedTime(started));
                return;
            }
            catch (Exception exception) when (SqlFault.HasMoved(exception))
            {
                throw new LaneMovedException(_subscription.FullName, _cursor.Lane);
            }
            catch (Exception exception) when (exception is not LaneMovedException && !cancellationToken.IsCancellationRequested)
            {
                if (await PassesAsync(exception, attempt, messages[0], cancellationToken))
                {
                    continue;
                }

                if (messages.Count == 1)
                {
                    await TakeOutAsync(messages[0], exception, cancellationToken);
                    return;
                }
            }

            break;
        }

        foreach (var message in messages)
        {
            if (_subscription.Policy.HoldKey && _waiting.Contains(message.Key))
            {
                await TakeOutAsync(message, null, cancellationToken);
            }
            else
            {
                await DeliverAsync([message], cancellationToken);
            }
        }
    }

    private async Task TakeOutAsync(LogMessage message, Exception? failure, CancellationToken cancellationToken)
    {
        if (failure is not null)
        {
            _work.Metrics.Failed(_subscription);
            LogFailed(_subscription.FullName, message.Name, message.Position, 1, failure);
        }

        await PersistAsync(() => _work.Letters.TakeAsync(_cursor, message, failure, Backoff.After(1), cancellationToken), message.Position, cancellationToken);
        if (_subscription.Policy.HoldKey)
        {
            _waiting.Add(message.Key);
        }

        _work.Deferred.Raise();
    }

    private async Task PersistAsync(Func<Task> write, long position, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt == 1 || await StoredAsync(cancellationToken) != position)
                {
                    await write();
                }

                Advance(position);
                return;
            }
            catch (Exception exception) when (!SqlFault.HasMoved(exception) && TransientFault.Find(exception) && !cancellationToken.IsCancellationRequested)
            {
                LogInterrupted(_subscription.FullName, position, exception);
                await Task.Delay(Backoff.After(attempt), _work.Time, cancellationToken);
            }
            catch (Exception exception) when (SqlFault.HasMoved(exception))
            {
                throw new LaneMovedException(_subscription.FullName, _cursor.Lane);
            }
        }
    }

    private async Task<long> StoredAsync(CancellationToken cancellationToken)
    {
        var stored = (await _work.Cursors.ReadAsync(cancellationToken)).Find(lane => lane.Lane == _cursor.Lane && lane.Lanes == _cursor.Lanes);
        return stored?.Position ?? throw new LaneMovedException(_subscription.FullName, _cursor.Lane);
    }

    private void Advance(long position)
    {
        _cursor = _cursor with { Position = position };
        Volatile.Write(ref _position, position);
    }
}

/// <summary>The cursor of a lane is not where its worker left it; the worker reads it again and goes on from there.</summary>
internal sealed class LaneMovedException(string subscription, int lane) : Exception($"The cursor of lane {lane} of subscription {subscription} was moved by another host or an operator.");
