using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Lending.Loans;

internal sealed class PublisherPage(HttpClient http)
{
    public async Task<IResult> OpenAsync(Guid copy, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(new Uri("https://publisher.example/api/copies"), cancellationToken);
        return answer.IsSuccessStatusCode ? Results.Redirect($"/api/shelves/copies/{copy}") : Results.NotFound();
    }
}
