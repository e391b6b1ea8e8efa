using MediatR;
using Microsoft.Extensions.Logging;
using ModularMonolith.Ledger.Contracts;
using ModularMonolith.Ledger.Entries;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Ledger.Reconciliations;

/// <summary>
/// The next step of a reconciliation: reads some pages of the provider's report, or, when all are read, compares. Each step is a transaction of its own, which is begun when the provider
/// has answered, so a host that ends leaves a step to be taken again.
/// </summary>
[Timer("run-reconciliation")]
internal sealed record RunReconciliation(Guid ReconciliationId) : ICommand;

internal sealed partial class RunReconciliationHandler(
    IModuleSession<ILedgerStore> session, EntryWriter entries, LedgerDatabase database, LedgerSettings settings, DriftMetrics metrics, ISender sender, TimeProvider time,
    ILogger<RunReconciliationHandler> logger) : IRequestHandler<RunReconciliation, Unit>
{
    private const int PagesOfStep = 20;
    private const int MostFailures = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public async Task<Unit> Handle(RunReconciliation request, CancellationToken cancellationToken)
    {
        Reconciliation? reconciliation;
        await using (var reading = session.Store.QuerySession())
        {
            reconciliation = await reading.LoadAsync<Reconciliation>(request.ReconciliationId, cancellationToken);
        }

        if (reconciliation is not { Status: ReconciliationStatus.Running })
        {
            return Unit.Value;
        }

        var now = time.GetUtcNow();
        if (reconciliation.IsRead)
        {
            await CompareAsync(reconciliation, now, cancellationToken);
        }
        else
        {
            var pause = await ReadAsync(reconciliation, cancellationToken);
            if (reconciliation.Status == ReconciliationStatus.Running)
            {
                session.Schedule(reconciliation.Id, now + pause, request);
            }
        }

        session.Documents.UpdateRevision(reconciliation, reconciliation.Version + 1);
        return Unit.Value;
    }

    /// <summary>Reads pages until the last, or until it is enough for one step.</summary>
    /// <returns>How long to wait before the next step.</returns>
    private async Task<TimeSpan> ReadAsync(Reconciliation reconciliation, CancellationToken cancellationToken)
    {
        var read = new List<ProviderTransaction>();
        var pause = TimeSpan.Zero;
        try
        {
            for (var page = 0; page < PagesOfStep && !reconciliation.IsRead; page++)
            {
                read.AddRange(await NextPageAsync(reconciliation, cancellationToken));
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            reconciliation.Failures++;
            pause = FirstPause * Math.Pow(2, reconciliation.Failures - 1);
            LogNotRead(reconciliation.Id, reconciliation.Failures, exception);
            if (reconciliation.Failures >= MostFailures)
            {
                reconciliation.Status = ReconciliationStatus.Failed;
                reconciliation.EndedAt = time.GetUtcNow();
                ReportedTransactions.Forget(session.Documents, reconciliation.Id);
                LogGivenUp(reconciliation.Id, reconciliation.From, reconciliation.To);
                return pause;
            }
        }

        if (read.Count > 0)
        {
            await KeepAsync(reconciliation, read, cancellationToken);
        }

        return pause;
    }

    private async Task<IReadOnlyList<ProviderTransaction>> NextPageAsync(Reconciliation reconciliation, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        var page = await sender.Send(new GetProviderTransactions(reconciliation.From - settings.Slack, reconciliation.To + settings.Slack, reconciliation.Next), deadline.Token);
        if (page.Next is not null && page.Next == reconciliation.Next)
        {
            throw new InvalidOperationException($"The report of {page.Provider} does not go on: the page behind '{page.Next}' is itself.");
        }

        reconciliation.Provider = page.Provider;
        reconciliation.Next = page.Next;
        reconciliation.IsRead = page.Next is null;
        return page.Transactions;
    }

    private async Task KeepAsync(Reconciliation reconciliation, List<ProviderTransaction> read, CancellationToken cancellationToken)
    {
        var provider = reconciliation.Provider!;
        reconciliation.Transactions += read.Count;
        ReportedTransactions.Keep(session.Documents, reconciliation.Id, read);
        var orders = await ReportedTransactions.OrdersAsync(database, read.Select(static moved => moved.ProviderReference), cancellationToken);
        entries.Book(read.Select(moved => Postings.FeeOf(provider, moved, orders.GetValueOrDefault(moved.ProviderReference))));
        entries.Book(read.Where(static moved => moved.Kind == "payout").Select(moved => Postings.PayoutOf(provider, moved)));
    }

    private async Task CompareAsync(Reconciliation reconciliation, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var comparison = await ReportedTransactions.CompareAsync(database, reconciliation, settings.Slack, cancellationToken);
        reconciliation.Status = comparison.DifferenceCount == 0 ? ReconciliationStatus.Balanced : ReconciliationStatus.Drift;
        reconciliation.EndedAt = now;
        reconciliation.Totals = comparison.Totals;
        reconciliation.DifferenceCount = comparison.DifferenceCount;
        reconciliation.Differences = comparison.Differences;
        reconciliation.Undecided = comparison.Undecided;
        ReportedTransactions.Forget(session.Documents, reconciliation.Id);
        foreach (var total in comparison.Totals.Where(total => comparison.DriftingCurrencies.Contains(total.Recorded.Currency)))
        {
            session.Publish(new DriftFound(reconciliation.Id, reconciliation.Provider!, total.Recorded, total.Reported, now));
            LogDrift(reconciliation.Id, reconciliation.Provider!, comparison.DifferenceCount, total.Recorded.ToString(), total.Reported.ToString());
        }

        metrics.Compared(reconciliation);
    }

    [LoggerMessage(7401, LogLevel.Warning, "The provider's report for reconciliation {Reconciliation} could not be read (failure {Failures}); it is asked again.")]
    private partial void LogNotRead(Guid reconciliation, int failures, Exception exception);

    [LoggerMessage(7402, LogLevel.Error, "Reconciliation {Reconciliation} of {From:O} to {To:O} is given up: the provider's report cannot be read. Start another one when the provider answers.")]
    private partial void LogGivenUp(Guid reconciliation, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(7403, LogLevel.Error, "Reconciliation {Reconciliation} found a drift at {Provider}: {Count} captures or refunds differ; the ledger says {Recorded}, the provider {Reported}.")]
    private partial void LogDrift(Guid reconciliation, string provider, int count, string recorded, string reported);
}
