using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Lending.Loans;

internal sealed record ShelfSettings(bool IsAsked)
{
    public static ShelfSettings From(IConfiguration configuration) => new(configuration.GetSection("shelves").Exists());

    public static ShelfSettings Of(ModuleBuilder module) => From(module.Configuration);
}
