using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Unhealthy while new events would be skipped. Degraded when an event or a timer waits for an operator, a subscription has stood still for a minute with events before
/// it, or a timer should have fired a minute ago: then the host goes on serving, because taking it out of the load balancer would help nobody.
/// </summary>
internal sealed class LogHealthCheck(LogOperations operations, TimerOperations timers, StartupState startup, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Stalled = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!startup.IsStarted)
        {
            return HealthCheckResult.Healthy("The host is still starting.");
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        IReadOnlyList<SubscriptionStatus> subscriptions;
        IReadOnlyList<TimerTrouble> trouble;
        long overrun;
        try
        {
            subscriptions = await operations.ListAsync(deadline.Token);
            trouble = await timers.TroubleAsync(deadline.Token);
            overrun = await operations.OverrunAsync(deadline.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded("The state of the subscriptions and timers cannot be read.", exception);
        }

        if (overrun > 0)
        {
            return HealthCheckResult.Unhealthy(
                $"The log's sequence of positions is {overrun} behind the furthest cursor or event, so subscriptions would skip new events. Stop what writes, and run 'migrate' or start a host again: either moves the sequence forward.");
        }

        var before = time.GetUtcNow() - Stalled;
        var data = new Dictionary<string, object>();
        foreach (var subscription in subscriptions)
        {
            if (subscription.Parked > 0)
            {
                data[subscription.Subscription] = $"{subscription.Parked} events wait for an operator, {subscription.Held} behind them.";
            }
            else if (subscription.OldestWaiting < before)
            {
                data[subscription.Subscription] = $"{subscription.Behind} events wait, the first since {subscription.OldestWaiting:O}; it is run by {subscription.Host ?? "no host"}.";
            }
        }

        foreach (var module in trouble)
        {
            data[module.Module + "/(timers)"] = $"{module.Parked} timers wait for an operator, {module.Overdue} are more than a minute overdue.";
        }

        return data.Count == 0
            ? HealthCheckResult.Healthy("All subscriptions follow the log.")
            : HealthCheckResult.Degraded("Subscriptions or timers need an operator; see /api/log/subscriptions and /api/log/timers.", data: data);
    }
}
