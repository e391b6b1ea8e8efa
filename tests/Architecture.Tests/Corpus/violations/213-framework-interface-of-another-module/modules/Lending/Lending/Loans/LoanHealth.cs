using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanHealth(IEnumerable<IHealthCheckPublisher> publishers) // finds: services-stay-in-their-module "injects IHealthCheckPublisher, a service of Shelves"
{
    public int Count => publishers.Count();

    public static void Register(IServiceCollection services) => services.AddSingleton<LoanHealth>();
}
