using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Shelves.Copies;

internal static class TextOrder
{
    public static void Register(IServiceCollection services) => services.AddSingleton<IComparer<string>>(StringComparer.Ordinal);
}
