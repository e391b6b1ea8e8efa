using Marten;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Ledger.Reconciliations;

/// <summary>
/// Degraded while a drift is open, or the last reconciliation failed. A drift is closed by a reconciliation of at least the same time that finds none, or by somebody who has looked into it.
/// </summary>
internal sealed class DriftHealthCheck(ILedgerStore store, DriftMetrics metrics, StartupState startup) : IHealthCheck
{
    private const int LookedAt = 100;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!startup.IsStarted)
        {
            return HealthCheckResult.Healthy("The host is still starting.");
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            await using var session = store.QuerySession();
            var last = await session.Query<Reconciliation>().OrderByDescending(static reconciliation => reconciliation.Id).Take(LookedAt).ToListAsync(deadline.Token);
            return Judge(last);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded("The reconciliations cannot be read.", exception);
        }
    }

    private HealthCheckResult Judge(IReadOnlyList<Reconciliation> newestFirst)
    {
        var ended = newestFirst.Where(static reconciliation => reconciliation.Status != ReconciliationStatus.Running).ToList();
        if (ended.Find(static reconciliation => reconciliation.Status != ReconciliationStatus.Failed) is { } compared)
        {
            metrics.Compared(compared);
        }

        var open = ended.Where((reconciliation, index) => reconciliation is { Status: ReconciliationStatus.Drift, Acknowledged: null } && !ended.Take(index).Any(later => Closes(later, reconciliation))).ToList();
        if (open.Count > 0)
        {
            return HealthCheckResult.Degraded(
                $"{open.Count} reconciliations found that the ledger and the provider differ. Look at /api/ledger/reconciliations/{open[0].Id}, and acknowledge it when it is explained.",
                data: new Dictionary<string, object> { ["reconciliations"] = open.Take(10).Select(static reconciliation => reconciliation.Id).ToList() });
        }

        return ended is [{ Status: ReconciliationStatus.Failed }, ..]
            ? HealthCheckResult.Degraded("The last reconciliation could not read the provider's report. The hosts' logs say why under the event 7401.")
            : HealthCheckResult.Healthy("The ledger agrees with the provider.");
    }

    private static bool Closes(Reconciliation later, Reconciliation drift) => later.Status == ReconciliationStatus.Balanced && later.From <= drift.From && later.To >= drift.To;
}
