using System.Threading.Channels;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Payments.Operations;

/// <summary>
/// Carries out operations: those that this process has just committed, and those in the table that are due (those of a process that has ended, and those that wait for another attempt).
/// Outcomes are recorded in batches, in a transaction of their own. A process that ends between call and record loses nothing: the lease ends, and the same call is made again under
/// the same idempotency key.
/// </summary>
internal sealed partial class OperationWorker(
    OperationQueue queue, OperationTable table, OperationRunner runner, IServiceScopeFactory scopes, StartupState startup, PaymentsSettings settings, PaymentMetrics metrics, IPaymentProvider provider,
    TimeProvider time, ILogger<OperationWorker> logger) : BackgroundService
{
    private const int BatchSize = 50;
    private const int ClaimSize = 400;

    private static readonly TimeSpan Polling = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CheckPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRefundPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    private readonly Channel<OperationOutcome> _outcomes = Channel.CreateBounded<OperationOutcome>(1_000);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await startup.WhenStarted(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        using var grace = new CancellationTokenSource();
        var recording = RecordAsync(grace.Token);
        await Task.WhenAll([ClaimAsync(stoppingToken), .. Enumerable.Range(0, settings.Parallelism).Select(_ => CallAsync(stoppingToken))]);
        _outcomes.Writer.Complete();
        grace.CancelAfter(StopGrace);
        await recording;
        await GiveBackAsync();
    }

    private async Task ClaimAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var woken = queue.Woken;
            try
            {
                // Not more than what is begun well before the lease ends; the rest is for other hosts.
                var limit = ClaimSize - queue.Inbox.Count;
                var claimed = limit > 0 ? await table.ClaimAsync(limit, stoppingToken) : [];
                claimed.ForEach(operation => queue.TryGive(operation));
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogInterrupted(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.WhenAny(woken, Task.Delay(Polling, time, stoppingToken));
        }
    }

    private async Task CallAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var leased in queue.Inbox.ReadAllAsync(stoppingToken))
            {
                // Whoever has waited so long that the lease could end in the middle leaves it to the next who claims it.
                if (leased.LeasedUntil - time.GetUtcNow() >= settings.Deadline)
                {
                    await CarryOutAsync(leased);
                }

                if (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CarryOutAsync(LeasedOperation leased)
    {
        var ended = await runner.RunAsync(leased);
        var outcome = ended.Outcome;
        if (outcome.IsFinal)
        {
            await _outcomes.Writer.WriteAsync(ended, CancellationToken.None);
            return;
        }

        var isOld = IsOld(leased.Operation, outcome);
        var mayHaveArrived = leased.MayHaveArrived || outcome is not WasNotDone;
        var (intent, error) = outcome switch
        {
            IsUndecided undecided => (undecided.Intent, isOld ? $"The refund is on its way for more than {settings.RefundGiveUp.TotalDays} days." : string.Empty),
            IsUnknown unknown => (null, unknown.Error),
            WasNotDone notDone => (null, notDone.Error),
            _ => (null, outcome.GetType().Name),
        };
        try
        {
            using var deadline = new CancellationTokenSource(settings.Deadline, time);
            await table.PostponeAsync(leased, outcome is IsUndecided || leased.Operation.Refund is not null ? CheckPauseOf(leased) : Pause(leased.Attempts), mayHaveArrived, intent, error, isOld, deadline.Token);
        }
        catch (Exception exception)
        {
            // Its lease ends, and then it is taken again.
            LogInterrupted(exception);
        }

        if (isOld)
        {
            LogStuck(leased.Operation.Kind, leased.Operation.Id, leased.Operation.PaymentId, error);
            metrics.Stuck(provider.Name, leased.Operation.Kind);
        }
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        var began = 0L;
        while (await _outcomes.Reader.WaitToReadAsync(CancellationToken.None))
        {
            // Outcomes that follow each other closely are one transaction; after a pause nobody waits.
            if (Gathering - time.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, CancellationToken.None);
            }

            began = time.GetTimestamp();
            var batch = new List<OperationOutcome>();
            while (batch.Count < BatchSize && _outcomes.Reader.TryRead(out var outcome))
            {
                batch.Add(outcome);
            }

            if (!await TryRecordAsync(batch, cancellationToken) && batch.Count > 1)
            {
                foreach (var outcome in batch)
                {
                    await TryRecordAsync([outcome], cancellationToken);
                }
            }
        }
    }

    // What cannot be recorded is not lost: its lease ends, and the provider answers the same again.
    private async Task<bool> TryRecordAsync(List<OperationOutcome> outcomes, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(new RecordOutcomes(outcomes), cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            LogNotRecorded(outcomes.Count, exception);
            return false;
        }
    }

    private async Task GiveBackAsync()
    {
        var left = new List<LeasedOperation>();
        while (queue.Inbox.TryRead(out var leased))
        {
            left.Add(leased);
        }

        if (left.Count == 0)
        {
            return;
        }

        try
        {
            using var deadline = new CancellationTokenSource(settings.Deadline, time);
            await table.ReleaseAsync(left, deadline.Token);
        }
        catch (Exception exception)
        {
            LogInterrupted(exception);
        }
    }

    // A question does nothing, so it is asked until it is answered: what waits for a customer as long as the payment does, a refund for weeks.
    private bool IsOld(ProviderOperation operation, ProviderOutcome outcome)
    {
        var age = time.GetUtcNow() - operation.CreatedAt;
        return operation.Refund is not null ? age > settings.RefundGiveUp : age > settings.GiveUp && operation.Kind != OperationKind.Check && outcome is not IsUndecided;
    }

    // A customer is at the bank's page now; a refund is on its way for days.
    private static TimeSpan CheckPauseOf(LeasedOperation leased) => leased.Operation.Refund is not null
        ? TimeSpan.FromSeconds(Math.Min(LongestRefundPause.TotalSeconds, CheckPause.TotalSeconds * (1L << Math.Min(leased.Attempts, 10))))
        : CheckPause;

    // Half of each pause is random, so that what failed together is not tried again together.
    private static TimeSpan Pause(int attempts)
    {
        var full = Math.Min(LongestPause.TotalMilliseconds, ShortestPause.TotalMilliseconds * (1L << Math.Min(attempts, 10)));
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    [LoggerMessage(LogLevel.Warning, "The operations at the payment provider were interrupted; they go on in a moment.")]
    private partial void LogInterrupted(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The outcomes of {Count} operations at the payment provider could not be recorded; they are asked for again when their leases end.")]
    private partial void LogNotRecorded(int count, Exception exception);

    [LoggerMessage(LogLevel.Error, "The operation {Kind} {Id} of payment {PaymentId} is left to the staff: {Error}")]
    private partial void LogStuck(OperationKind kind, Guid id, Guid paymentId, string error);
}
