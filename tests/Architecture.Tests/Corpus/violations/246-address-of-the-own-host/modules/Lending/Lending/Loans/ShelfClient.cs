using Microsoft.Extensions.Configuration;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfClient(HttpClient http, IConfiguration configuration)
{
    public Task<string> CopyAsync(Guid id, CancellationToken cancellationToken)
    {
        var host = configuration["urls"]; // finds: no-http-to-ourselves "asks for the address of its own host"; settings-are-documented "urls"
        return http.GetStringAsync($"{host}/copies/{id}", cancellationToken);
    }
}
