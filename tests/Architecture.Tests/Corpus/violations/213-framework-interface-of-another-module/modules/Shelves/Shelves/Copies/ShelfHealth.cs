using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModularMonolith.Shelves.Copies;

internal sealed class ShelfHealth : IHealthCheckPublisher
{
    public static void Register(IServiceCollection services) => services.AddSingleton<IHealthCheckPublisher, ShelfHealth>();

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken) => Task.CompletedTask;
}
