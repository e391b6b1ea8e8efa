using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.Platform.Hosting;

/// <summary>Ready when the start is complete, the host is not stopping, and every module reaches its tables.</summary>
internal sealed class ReadinessCheck(
    StartupState startup, IHostApplicationLifetime lifetime, IEnumerable<ModuleStore> stores, ModuleDataSources sources, DatabaseAddress address) : IHealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The host is stopping.");
        }

        if (!startup.IsStarted)
        {
            return HealthCheckResult.Unhealthy("The host is still starting.");
        }

        var data = new Dictionary<string, object> { ["isolation"] = address.Isolation.ToString() };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        foreach (var store in stores)
        {
            try
            {
                await using var command = sources.For(store.Module).CreateCommand("select to_regclass('log_cursor') is not null and to_regclass('audit.pending') is not null");
                if (await command.ExecuteScalarAsync(deadline.Token) is not true)
                {
                    return HealthCheckResult.Unhealthy($"The schema of module '{store.Module.Name}' is missing. Run the host with the argument 'migrate' as an admin.", data: data);
                }
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                return HealthCheckResult.Unhealthy(
                    $"The login of module '{store.Module.Name}' is missing or has another password. Run the host with the argument 'migrate' as an admin.", exception, data);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy($"The database of module '{store.Module.Name}' does not answer.", exception, data);
            }
        }

        return HealthCheckResult.Healthy("All modules reach their data.", data);
    }
}

internal static class HealthEndpoints
{
    private static readonly HttpMethodMetadata ReadOnly = new([HttpMethods.Get, HttpMethods.Head]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static _ => false, ResponseWriter = WriteAsync }).WithMetadata(ReadOnly).AllowAnonymous().DisableRateLimiting();
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).WithMetadata(ReadOnly).AllowAnonymous().DisableRateLimiting();
    }

    private static Task WriteAsync(HttpContext http, HealthReport report) => http.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString().ToLowerInvariant(),
        checks = report.Entries.ToDictionary(
            entry => entry.Key,
            entry => new { status = entry.Value.Status.ToString().ToLowerInvariant(), entry.Value.Description, entry.Value.Data }),
    });
}
