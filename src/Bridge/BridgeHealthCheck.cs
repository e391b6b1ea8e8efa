using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularMonolith.Platform.Hosting;

namespace ModularMonolith.Bridge;

/// <summary>Degraded while the broker is out of reach or refused messages wait for an operator. The host goes on: its own modules need neither.</summary>
internal sealed class BridgeHealthCheck(BridgeState state, BridgeDatabase database, StartupState startup) : IHealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!startup.IsStarted)
        {
            return HealthCheckResult.Healthy("The host is still starting.");
        }

        var data = new Dictionary<string, object>();
        Note(data, "export", state.Export);
        Note(data, "import", state.Import);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var refused = await database.CountRefusedAsync(deadline.Token);
            Note(data, "refused", refused == 0 ? null : $"{refused} messages could not be imported; see the table bridge.refused.");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Degraded("The state of the bridge cannot be read.", exception, data);
        }

        return data.Count == 0 ? HealthCheckResult.Healthy("The broker is connected.") : HealthCheckResult.Degraded("Events wait at the bridge.", data: data);
    }

    private static void Note(Dictionary<string, object> data, string key, string? trouble)
    {
        if (trouble is not null)
        {
            data[key] = trouble;
        }
    }
}
