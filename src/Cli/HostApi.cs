using System.Net.Http.Json;
using System.Text.Json;

namespace ModularMonolith.Cli;

/// <summary>A running host, asked over HTTP.</summary>
internal sealed class HostApi(Uri address) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // Not an option: a command line can be read by everybody on the machine.
    private static readonly string? Credentials = Environment.GetEnvironmentVariable("MM_AUTHORIZATION");

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Deadline };

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        if (Credentials is { Length: > 0 })
        {
            request.Headers.TryAddWithoutValidation("Authorization", Credentials);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new HostException(Explain(response, text));
        }
        catch (HttpRequestException exception)
        {
            throw new HostException($"The host at {address} does not answer: {exception.Message} Start it, or give its address with --url.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostException($"The host at {address} has not answered within {Deadline.TotalSeconds:F0} s.");
        }
        catch (JsonException)
        {
            throw new HostException($"What answers at {address} is not the host's API. Give its address with --url.");
        }
    }

    // RFC 9457: the detail is written for whoever asked.
    private static string Explain(HttpResponseMessage response, string text)
    {
        try
        {
            var problem = JsonDocument.Parse(text).RootElement;
            return problem.TryGetProperty("detail", out var detail) ? detail.GetString()! : problem.GetProperty("title").GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The host answered {(int)response.StatusCode} {response.ReasonPhrase}.";
        }
    }
}

/// <summary>A request that did not succeed; the message is for the operator.</summary>
internal sealed class HostException(string message) : Exception(message);
