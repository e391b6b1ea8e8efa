using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderFinder(IServiceProvider services)
{
    public object Desk()
    {
        return ActivatorUtilities.CreateInstance(services, typeof(ReaderDesk)); // finds: no-service-location "fetches ReaderDesk from the container"
    }
}
