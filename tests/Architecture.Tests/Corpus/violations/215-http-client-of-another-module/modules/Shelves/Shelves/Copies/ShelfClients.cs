using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Shelves.Copies;

internal static class ShelfClients
{
    public static void Register(IServiceCollection services) => services.AddHttpClient("publisher", static client => client.Timeout = TimeSpan.FromSeconds(3));
}
