using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Platform.Audit;

/// <summary>Degraded when entries have been waiting for long to be sealed: nothing is lost, but until then an administrator of the database could change them unseen.</summary>
internal sealed class AuditHealthCheck(AuditDatabase database, StartupState startup, IOptions<AuditOptions> options) : IHealthCheck
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
            var waiting = await database.WaitingAsync(deadline.Token);
            return waiting > Math.Clamp(options.Value.BacklogSeconds, 1, 86_400)
                ? HealthCheckResult.Degraded($"Entries of the audit log have been waiting for {waiting:F0} s to be sealed. The hosts' logs say why under the event 7003.")
                : HealthCheckResult.Healthy("The audit log is sealed.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded("The audit log cannot be read. If its login is missing, run the host with the argument 'migrate' as an admin.", exception);
        }
    }
}
