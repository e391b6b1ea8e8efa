using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Shelves.Copies;

internal static class ShelfTexts
{
    public static void Register(IServiceCollection services) => services.AddKeyedSingleton<IComparer<string>>("shelf-order", (_, _) => StringComparer.Ordinal);
}
