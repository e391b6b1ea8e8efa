using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Catalog.Tests;

/// <summary>The catalogue alone on a database of its own. Tests of one class share it and use names of their own.</summary>
public class CatalogHost : IAsyncLifetime
{
    public ModuleHost Host { get; private set; } = null!;

    public HttpClient Client => Host.Client;

    protected virtual IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(
        typeof(CatalogModule).Assembly,
        static services => services.Answer<GetStockLevels, IReadOnlyList<StockLevel>>(static _ => []),
        Settings);

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method, "/api/catalog" + path);
        if (body is string text)
        {
            request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        }
        else if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        using var response = await Client.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        var json = content.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(content) : default;
        return new Answer(response.StatusCode, json, content, response.Headers.ETag?.Tag, response.Headers.Location?.ToString(), response.Headers.TryGetValues("Link", out var links) ? links.First() : null);
    }

    public Task<Answer> GetAsync(string path, string? ifNoneMatch = null) => SendAsync(HttpMethod.Get, path, ifNoneMatch: ifNoneMatch);

    public Task<Answer> PostAsync(string path, object? body = null, string? ifMatch = null) => SendAsync(HttpMethod.Post, path, body, ifMatch);

    public Task<Answer> PutAsync(string path, object body, string? ifMatch = null) => SendAsync(HttpMethod.Put, path, body, ifMatch);

    /// <summary>Creates a product and answers it.</summary>
    public async Task<Answer> CreateAsync(object body) => Expect(await PostAsync("/products", body), HttpStatusCode.Created);

    /// <summary>Creates a product, publishes it and answers it.</summary>
    public async Task<Answer> CreateActiveAsync(object body) =>
        Expect(await PostAsync($"/products/{(await CreateAsync(body)).Id}/publish"), HttpStatusCode.OK);

    public static Answer Expect(Answer answer, HttpStatusCode status)
    {
        Assert.True(answer.Status == status, $"Expected {status}, got {answer.Status}: {answer.Text}");
        return answer;
    }
}

/// <summary>What the API answered.</summary>
public sealed record Answer(HttpStatusCode Status, JsonElement Json, string Text, string? ETag, string? Location, string? Link)
{
    public Guid Id => Json.GetProperty("id").GetGuid();

    public string Problem => Json.GetProperty("type").GetString()!["/problems/".Length..];

    public string this[string member] => Json.GetProperty(member).ToString();

    public IReadOnlyList<string> Pointers => [.. Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!)];

    public IReadOnlyList<string> Titles => [.. Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!)];
}

/// <summary>Bodies of products.</summary>
internal static class Bodies
{
    public static object Euros(long cents) => new { amount = cents, currency = "EUR" };

    /// <summary>A product without options.</summary>
    public static object Simple(string title, long cents = 1_000, string? sku = null, string vendor = "", string type = "", string[]? tags = null, string descriptionHtml = "", string? slug = null) =>
        new { title, slug, vendor, type, tags = tags ?? [], descriptionHtml, variants = new[] { new { price = Euros(cents), sku } } };

    /// <summary>A product with one option and a variant for each value, SKUs <c>prefix-value</c>.</summary>
    public static object Sized(string title, string prefix, params string[] sizes) => new
    {
        title,
        options = new[] { "Size" },
        variants = sizes.Select((size, index) => new { sku = prefix + "-" + size, optionValues = new[] { size }, price = Euros(1_000 + (100 * index)) }),
    };
}
