using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Readers.Accounts;

internal sealed class ReaderFinder(IServiceScopeFactory scopes)
{
    public int Count()
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetServices<ReaderDesk>().Count(); // finds: no-service-location "fetches ReaderDesk from the container"
    }
}
