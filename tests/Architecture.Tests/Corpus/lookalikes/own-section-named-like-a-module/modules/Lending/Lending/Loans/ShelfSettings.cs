using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Lending.Loans;

internal sealed record ShelfSettings(string? Name)
{
    public static ShelfSettings From(IConfiguration configuration) => new(configuration["shelves:Name"]);

    public static ShelfSettings Of(ModuleBuilder module) => From(module.Configuration);
}
