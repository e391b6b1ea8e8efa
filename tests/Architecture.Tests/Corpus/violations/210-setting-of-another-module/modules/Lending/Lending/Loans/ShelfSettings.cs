using Microsoft.Extensions.Configuration;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfSettings(IConfiguration configuration)
{
    public string? Name()
    {
        var name = configuration["shelves:Name"]; // finds: settings-are-own "reads 'shelves:Name', a setting of Shelves" → shelves:Name; settings-are-documented "shelves:Name"
        return name;
    }

    public int Size() => configuration.GetSection("shelves").GetValue("Size", 3); // finds: settings-are-own "reads 'shelves', a setting of Shelves"; settings-are-documented "'shelves'"; settings-are-documented "'Size'"
}
