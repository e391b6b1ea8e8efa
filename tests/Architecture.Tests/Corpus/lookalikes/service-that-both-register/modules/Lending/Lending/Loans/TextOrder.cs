using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Lending.Loans;

internal sealed class TextOrder(IComparer<string> order)
{
    public int Compare(string one, string other) => order.Compare(one, other);

    public static void Register(IServiceCollection services) => services.AddSingleton<IComparer<string>>(StringComparer.OrdinalIgnoreCase).AddSingleton<TextOrder>();
}
