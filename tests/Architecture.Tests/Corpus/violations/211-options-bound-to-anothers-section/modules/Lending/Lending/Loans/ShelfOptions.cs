using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfOptions
{
    public int Size { get; set; }

    public static void Register(IServiceCollection services) =>
        services.AddOptions<ShelfOptions>().BindConfiguration("shelves"); // finds: settings-are-own "reads 'shelves', a setting of Shelves"
}
