using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Pipeline;

namespace ModularMonolith.Platform.IntegrationLog;

/// <content>What a lane does with events that fail.</content>
internal sealed partial class Lane
{
    private async Task RetryAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        for (var next = letter; next is not null;)
        {
            if (!await TryAgainAsync(next, cancellationToken))
            {
                return;
            }

            var first = await _work.Letters.FirstOfAsync(letter.Message.Key, cancellationToken);
            next = first is { State: "held" } ? first : null;
            if (first is null)
            {
                _waiting.Remove(letter.Message.Key);
            }
        }
    }

    private async Task<bool> TryAgainAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        var message = letter.Message;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _work.Delivery.RunAsync(
                    [message], letter.Attempts + 1, _cursor.ReplayUntil, DeadLetters.Settle,
                    [_subscription.Name, message.Position, letter.Attempts, _subscription.Policy.HoldKey], cancellationToken);
                LogRecovered(_subscription.FullName, message.Name, message.Position, letter.Attempts + 1);
                return true;
            }
            catch (Exception exception) when (SqlFault.HasMoved(exception))
            {
                // Settled by this worker before the answer was lost, by another host, or discarded: the table knows.
                return await _work.Letters.FirstOfAsync(message.Key, cancellationToken) is not { } first || first.Message.Position != message.Position;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (await PassesAsync(exception, attempt, message, cancellationToken))
                {
                    continue;
                }

                _work.Metrics.Failed(_subscription);
                LogFailed(_subscription.FullName, message.Name, message.Position, letter.Attempts + 1, exception);
                if (await _work.Letters.FailAsync(letter, exception, Backoff.After(letter.Attempts + 1), cancellationToken))
                {
                    _work.Metrics.Parked(_subscription);
                    LogParked(_subscription.FullName, message.Name, message.Position, letter.Attempts + 1);
                }

                _work.Deferred.Raise();
                return false;
            }
        }
    }

    // A fault of the infrastructure passes some time and is no fault of the event; a lost race is run again a bounded number of times.
    private async Task<bool> PassesAsync(Exception exception, int attempt, LogMessage message, CancellationToken cancellationToken)
    {
        if (TransientFault.Find(exception))
        {
            LogInterrupted(_subscription.FullName, message.Position, exception);
            await Task.Delay(Backoff.After(attempt), _work.Time, cancellationToken);
            return true;
        }

        if (Conflict.Find(exception) && attempt < ConflictAttempts)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 4 << Math.Min(attempt, 6))), _work.Time, cancellationToken);
            return true;
        }

        return false;
    }

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription} failed on {EventName} at position {Position} (attempt {Attempt}); it is tried again, and other keys go on.")]
    private partial void LogFailed(string subscription, string eventName, long position, int attempt, Exception exception);

    [LoggerMessage(LogLevel.Error, "Subscription {Subscription} parked {EventName} at position {Position} after {Attempt} attempts. Find the cause, then replay or discard it.")]
    private partial void LogParked(string subscription, string eventName, long position, int attempt);

    [LoggerMessage(LogLevel.Information, "Subscription {Subscription} handled {EventName} at position {Position} in attempt {Attempt}.")]
    private partial void LogRecovered(string subscription, string eventName, long position, int attempt);

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription} was interrupted at position {Position} by a fault that passes; it goes on in a moment.")]
    private partial void LogInterrupted(string subscription, long position, Exception exception);
}
