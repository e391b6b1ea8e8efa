using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Baskets.Tests;

/// <summary>The module with a catalogue and an inventory that the tests write. Each test sells variants of its own.</summary>
public sealed class BasketsHost : IAsyncLifetime
{
    private readonly ConcurrentDictionary<Guid, VariantDetails> _variants = new();
    private readonly ConcurrentDictionary<string, int> _stock = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string? Customer, Guid VariantId), (int MinQuantity, long Price)> _listed = new();
    private int _named;

    public ModuleHost Host { get; private set; } = null!;

    public HttpClient Client => Host.Client;

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(typeof(BasketsModule).Assembly, services => services
        .Answer<GetVariants, IReadOnlyList<VariantDetails>>(query => [.. query.VariantIds.Select(_variants.GetValueOrDefault).OfType<VariantDetails>()])
        .Answer<GetVariantsBySku, IReadOnlyList<VariantDetails>>(query => [.. _variants.Values.Where(variant => query.Skus.Contains(variant.Sku))])
        .Answer<GetStockLevels, IReadOnlyList<StockLevel>>(query =>
            [.. query.Skus.Where(_stock.ContainsKey).Select(sku => new StockLevel(sku, _stock[sku], 0, _stock[sku]))])
        .Answer<GetPrices, IReadOnlyList<VariantPrice>>(query => [.. query.Variants.Select(variant => PriceOf(query, variant))]));

    /// <summary>Gives a variant a price in a price list, for a customer or for those who are nobody known, from a quantity on.</summary>
    public void List(VariantDetails variant, long price, int minQuantity = 1, string? customer = null) => _listed[(customer, variant.VariantId)] = (minQuantity, price);

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    /// <summary>A published variant; it tracks inventory when there is a stock.</summary>
    public VariantDetails Sell(long price = 1000, int? stock = null, string currency = "EUR", string? variantTitle = null)
    {
        var number = Interlocked.Increment(ref _named);
        var variant = new VariantDetails(
            Guid.NewGuid(), Guid.NewGuid(), "SKU-" + number, "Product " + number, variantTitle, "product-" + number, new Money(price, currency),
            null, true, stock is not null, 100, null);
        Put(variant);
        if (stock is { } quantity)
        {
            Stock(variant, quantity);
        }

        return variant;
    }

    public void Put(VariantDetails variant) => _variants[variant.VariantId] = variant;

    public void Remove(VariantDetails variant) => _variants.TryRemove(variant.VariantId, out _);

    public void Stock(VariantDetails variant, int quantity) => _stock[variant.Sku] = quantity;

    public async Task<string> CreateAsync(params object[] lines)
    {
        var basket = await CallAsync(HttpMethod.Post, "", HttpStatusCode.Created, lines.Length == 0 ? null : new { lines });
        return basket.GetProperty("id").GetString()!;
    }

    public Task<JsonElement> ShowAsync(string basketId, HttpStatusCode expected = HttpStatusCode.OK) => CallAsync(HttpMethod.Get, "/" + basketId, expected);

    public Task<JsonElement> AddAsync(string basketId, object line, HttpStatusCode expected = HttpStatusCode.OK) =>
        CallAsync(HttpMethod.Post, $"/{basketId}/lines", expected, line);

    public Task<JsonElement> ChangeAsync(string basketId, Guid variantId, int quantity, HttpStatusCode expected = HttpStatusCode.OK) =>
        CallAsync(HttpMethod.Put, $"/{basketId}/lines/{variantId}", expected, new { quantity });

    public Task<JsonElement> RemoveLineAsync(string basketId, Guid variantId, HttpStatusCode expected = HttpStatusCode.OK) =>
        CallAsync(HttpMethod.Delete, $"/{basketId}/lines/{variantId}", expected);

    public async Task<JsonElement> CallAsync(HttpMethod method, string path, HttpStatusCode expected, object? body = null, AuthenticationHeaderValue? caller = null)
    {
        using var request = new HttpRequestMessage(method, "/api/baskets" + path);
        request.Headers.Authorization = caller;
        if (body is not null)
        {
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        }

        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private VariantPrice PriceOf(GetPrices query, PricedVariant variant) =>
        _listed.TryGetValue((query.Customer, variant.VariantId), out var listed) && variant.Quantity >= listed.MinQuantity
            ? new VariantPrice(variant.VariantId, new Money(listed.Price, query.Currency), variant.CataloguePrice, null, "list")
            : new VariantPrice(variant.VariantId, variant.CataloguePrice, variant.CompareAtPrice, null, null);
}

[CollectionDefinition(nameof(BasketsHost))]
public sealed class BasketsCollection : ICollectionFixture<BasketsHost>;
