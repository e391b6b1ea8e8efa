using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Shelves.Copies;

internal sealed class TextOrder(IComparer<string> order)
{
    public int Compare(string one, string other) => order.Compare(one, other);

    public static void Register(IServiceCollection services) => services.AddSingleton<IComparer<string>>(StringComparer.Ordinal).AddSingleton<TextOrder>();
}
