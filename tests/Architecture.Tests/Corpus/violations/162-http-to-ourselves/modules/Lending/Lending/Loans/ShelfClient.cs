namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfClient(HttpClient http)
{
    public Task<string> CopyAsync(Guid id, CancellationToken cancellationToken)
    {
        return http.GetStringAsync($"/api/shelves/copies/{id}", cancellationToken); // finds: no-http-to-ourselves "calls /api/shelves of the product's own API"
    }
}
