using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>A client of the API that reports every answer, good or bad.</summary>
internal sealed class Api : IDisposable
{
    private readonly HttpClient _http;
    private readonly Func<Task<string>>? _credentials;

    /// <summary>A client of a host.</summary>
    /// <param name="address">The host.</param>
    /// <param name="credentials">The <c>Authorization</c> header of all requests that have none of their own; asked for when it is needed first. Null for somebody who is nobody known.</param>
    public Api(Uri address, Func<Task<string>>? credentials = null)
    {
        _credentials = credentials;
        _http = new HttpClient(new ExchangeCheck(address, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }))
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(3),
        };
    }

    /// <summary>Whether what it sends and receives is looked for in the hosts' logs. Not where it sends the same strings as secrets and as everything else.</summary>
    public bool NotesSecrets { get; init; } = true;

    /// <summary>Another client of the same host with the same credentials, which notes no secrets.</summary>
    public Api Unnoted() => new(_http.BaseAddress!, _credentials) { NotesSecrets = false };

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, object? body = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, Json(body), headers);

    public Task<Answer> PutAsync(string path, object? body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, Json(body), headers);

    public Task<Answer> PatchAsync(string path, object? body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Patch, path, Json(body), headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Delete, path, null, headers);

    /// <summary>Sends any bytes under any media type.</summary>
    public Task<Answer> PostBytesAsync(string path, byte[] body, string mediaType, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Bytes(body, mediaType), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        await IdentifyAsync(request);
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (response.IsSuccessStatusCode && NotesSecrets)
        {
            await Secrets.OfRun.AddRequestAsync(request);
        }

        var all = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var answer = new Answer($"{method} {path}", response.StatusCode, all, body);
        if (NotesSecrets)
        {
            Secrets.OfRun.AddAnswer(answer);
        }

        return answer;
    }

    /// <summary>Gets an answer as it comes, with its encoding.</summary>
    public async Task<HttpResponseMessage> SendRawAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        await IdentifyAsync(request);
        return await _http.SendAsync(request);
    }

    /// <summary>The <c>Authorization</c> header that the client sends.</summary>
    public Task<string> AuthorizationAsync() => _credentials?.Invoke() ?? throw new InvalidOperationException("Somebody who is nobody known has no credentials.");

    public static ByteArrayContent Bytes(byte[] body, string mediaType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    public void Dispose() => _http.Dispose();

    private async Task IdentifyAsync(HttpRequestMessage request)
    {
        if (_credentials is not null && !request.Headers.Contains("Authorization"))
        {
            request.Headers.TryAddWithoutValidation("Authorization", await _credentials());
        }
    }

    private static StringContent? Json(object? body) => body is null ? null : new StringContent(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
}
