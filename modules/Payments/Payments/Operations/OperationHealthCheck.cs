using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Payments.Operations;

/// <summary>Degraded while calls to the provider are without an outcome for too long, or left to the staff. The host goes on serving: to take it out of the load balancer would help nobody.</summary>
internal sealed class OperationHealthCheck(OperationOverview overview, OperationMetrics metrics, StartupState startup, PaymentsSettings settings, TimeProvider time) : IHealthCheck
{
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
            var now = time.GetUtcNow();
            var counts = await overview.CountAsync(deadline.Token);
            metrics.Seen(counts, now);
            return counts.Overdue == 0
                ? HealthCheckResult.Healthy("The payment provider answers.")
                : HealthCheckResult.Degraded(
                    $"{counts.Overdue} calls to the payment provider have no outcome after {settings.Overdue.TotalMinutes} minutes, {counts.Stuck} of them are left to the staff. See /api/payments/operations.",
                    data: new Dictionary<string, object> { ["overdue"] = counts.Overdue, ["stuck"] = counts.Stuck, ["oldest"] = counts.OldestAt ?? now });
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded("The operations at the payment provider cannot be read.", exception);
        }
    }
}
