using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Catalog.Tests.Imports;

/// <summary>The module with an Inventory that knows what a test tells it.</summary>
public sealed class ImportHost : IAsyncLifetime
{
    public ModuleHost Host { get; private set; } = null!;

    public HttpClient Client => Host.Client;

    /// <summary>What Inventory has on hand, by SKU.</summary>
    public ConcurrentDictionary<string, int> OnHand { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether Inventory does not answer.</summary>
    public bool IsFailing { get; set; }

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(
        typeof(CatalogModule).Assembly,
        services => services.Answer<GetStockLevels, IReadOnlyList<StockLevel>>(query => IsFailing
            ? throw new InvalidOperationException("Inventory is out of order.")
            : [.. query.Skus.Where(OnHand.ContainsKey).Select(sku => new StockLevel(sku, OnHand[sku], 0, OnHand[sku]))]));

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public async Task<HttpResponseMessage> SendAsync(byte[] file, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        return await Client.PostAsync(new Uri("/api/catalog/imports" + (dryRun ? "?dryRun=true" : string.Empty), UriKind.Relative), content, cancellationToken);
    }

    public async Task<JsonElement> ImportAsync(byte[] file, bool dryRun = false)
    {
        using var response = await SendAsync(file, dryRun);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement;
    }

    public async Task<JsonElement> RefuseAsync(byte[] file, int status)
    {
        using var response = await SendAsync(file);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    internal async Task<Product?> FindAsync(string slug)
    {
        await using var session = Host.Services.GetRequiredService<ICatalogStore>().QuerySession();
        return await session.Query<Product>().Where(product => product.Slug == slug).SingleOrDefaultAsync();
    }
}
