using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace ModularMonolith.PaymentSimulator.Tests;

/// <summary>A simulator in this process, on a port of its own.</summary>
internal sealed class Simulator : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Simulator(WebApplication app)
    {
        _app = app;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk_test_simulator");
    }

    public HttpClient Http { get; }

    public static async Task<Simulator> StartAsync(params string[] arguments)
    {
        var app = SimulatorApplication.Build(["--urls", "http://127.0.0.1:0", .. arguments]);
        await app.StartAsync();
        return new Simulator(app);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string form, string? key = null, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return Http.SendAsync(request, cancellationToken);
    }

    /// <summary>Posts what has to succeed.</summary>
    public async Task<JsonObject> DoAsync(string path, string form, string? key = null)
    {
        using var response = await PostAsync(path, form, key);
        var body = await ReadAsync(response);
        Assert.True(response.IsSuccessStatusCode, body.ToJsonString());
        return body;
    }

    /// <summary>Posts what has to fail.</summary>
    /// <returns>The error object.</returns>
    public async Task<JsonObject> RefusedAsync(int status, string path, string form, string? key = null)
    {
        using var response = await PostAsync(path, form, key);
        var body = await ReadAsync(response);
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {body.ToJsonString()}");
        return body["error"]!.AsObject();
    }

    public async Task<JsonObject> GetAsync(string path) => (await Http.GetFromJsonAsync<JsonObject>(path))!;

    public async Task<JsonArray> LedgerAsync(string by) => (await Http.GetFromJsonAsync<JsonArray>("/_simulator/ledger?by=" + by))!;

    public async Task FaultAsync(object order) => (await Http.PostAsJsonAsync("/_simulator/faults", order)).EnsureSuccessStatusCode();

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonObject>())!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
