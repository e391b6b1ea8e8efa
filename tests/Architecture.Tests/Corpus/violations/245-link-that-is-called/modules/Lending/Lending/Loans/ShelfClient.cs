using Microsoft.AspNetCore.Routing;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfClient(HttpClient http, LinkGenerator links)
{
    public Task<string> CopyAsync(Guid id, CancellationToken cancellationToken)
    {
        return http.GetStringAsync(links.GetPathByName("FindCopy", new { id }), cancellationToken); // finds: no-http-to-ourselves "calls a link to the product's own API"
    }
}
