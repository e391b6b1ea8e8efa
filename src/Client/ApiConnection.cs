using System.Net;
using System.Text.Json;

namespace ModularMonolith.Client;

/// <summary>Sends requests and reads answers.</summary>
internal sealed class ApiConnection(HttpClient http)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    public async Task<T> SendAsync<T>(ApiRequest request, CancellationToken cancellationToken) => (await SendVersionedAsync<T>(request, cancellationToken)).Value;

    public async Task<Versioned<T>> SendVersionedAsync<T>(ApiRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    public async Task<Versioned<T>?> SendConditionalAsync<T>(ApiRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotModified ? null : await ReadAsync<T>(response, cancellationToken);
    }

    public async Task SendWithoutAnswerAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <summary>Gives the body as it comes; whoever disposes of it disposes of the connection's use.</summary>
    public async Task<Stream> SendForStreamAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    private static async Task<Versioned<T>> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var value = await JsonSerializer.DeserializeAsync<T>(body, Json, cancellationToken) ?? throw new JsonException("The API answered null.");
        return new Versioned<T>(value, response.Headers.ETag?.ToString());
    }

    private async Task<HttpResponseMessage> SendAsync(ApiRequest request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var message = request.ToMessage();
        var response = await http.SendAsync(message, completion, cancellationToken);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
        {
            return response;
        }

        using (response)
        {
            throw await ApiException.FromAsync(response, cancellationToken);
        }
    }
}
