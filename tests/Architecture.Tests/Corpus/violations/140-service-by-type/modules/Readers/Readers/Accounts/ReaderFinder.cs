using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderFinder(IServiceProvider services)
{
    public ReaderDesk Desk()
    {
        return services.GetRequiredService<ReaderDesk>(); // finds: no-service-location "fetches ReaderDesk from the container"
    }
}
