using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;
using Npgsql;

namespace ModularMonolith.Pricing.Tests;

/// <summary>The module with a catalogue that the tests write. Tests share it: each works with variants, groups, codes and, where they count for everybody, countries and currencies of its own.</summary>
public class PricingHost : IAsyncLifetime
{
    private static int _named;

    private readonly ConcurrentDictionary<Guid, VariantDetails> _variants = new();

    public ModuleHost Host { get; private set; } = null!;

    protected virtual IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(
        typeof(PricingModule).Assembly,
        services => services.Answer<GetVariants, IReadOnlyList<VariantDetails>>(query => [.. query.VariantIds.Select(_variants.GetValueOrDefault).OfType<VariantDetails>()]),
        Settings);

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public static string New(string name) => $"{name}-{Interlocked.Increment(ref _named)}";

    /// <summary>A currency of the test's own, with two digits.</summary>
    public static string NewCurrency()
    {
        var number = Interlocked.Increment(ref _named);
        return $"Q{(char)('A' + (number / 26 % 26))}{(char)('A' + (number % 26))}";
    }

    public VariantDetails Sell(long price = 1_000, string currency = "EUR", long? compareAt = null, string? taxCategory = null)
    {
        var variant = new VariantDetails(
            Guid.NewGuid(), Guid.NewGuid(), New("SKU"), New("Product"), null, New("product"), new Money(price, currency), compareAt is { } crossed ? new Money(crossed, currency) : null, true, false, 100,
            null, "Shirts", "Acme", ["cotton"], taxCategory);
        _variants[variant.VariantId] = variant;
        return variant;
    }

    public static QuoteItem Item(VariantDetails variant, int quantity = 1) => new(
        variant.VariantId, variant.ProductId, variant.Sku, variant.ProductTitle, quantity, variant.Price, variant.CompareAtPrice, variant.ProductType, variant.Vendor, variant.Tags, variant.TaxCategory);

    public Task<Quote> QuoteAsync(
        string currency, IReadOnlyList<QuoteItem> items, QuoteDestination? destination = null, string? customer = null, QuoteShipping? shipping = null, DateTimeOffset? at = null) =>
        Host.SendAsync(new CalculateQuote(new QuoteRequest(Guid.NewGuid(), currency, items, [], customer, destination, shipping, at ?? Host.Time.GetUtcNow())));

    public async Task<Answer> CallAsync(
        HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK, string? ifMatch = null, AuthenticationHeaderValue? caller = null)
    {
        using var request = new HttpRequestMessage(method, "/api/pricing" + path);
        if (body is not null)
        {
            request.Content = body as HttpContent ?? JsonContent.Create(body);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        request.Headers.Authorization = caller;
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var response = await Host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{method} {path} answered {(int)response.StatusCode}: {text}");
        return new Answer(text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers.ETag?.Tag, response.Headers.Location?.ToString());
    }

    public Task<Answer> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) => CallAsync(HttpMethod.Get, path, null, expected);

    public Task<Answer> CreateAsync(string path, object body) => CallAsync(HttpMethod.Post, path, body, HttpStatusCode.Created);

    public async Task<string> CreateGroupAsync(params string[] members)
    {
        var code = New("group");
        await CreateAsync("/customer-groups", new { code, title = "Group" });
        if (members.Length > 0)
        {
            await CallAsync(HttpMethod.Post, $"/customer-groups/{code}/members", new { add = members }, HttpStatusCode.NoContent);
        }

        return code;
    }

    /// <summary>A list with prices: variant, minor units, quantity.</summary>
    public async Task<string> CreateListAsync(
        string currency, IEnumerable<(Guid VariantId, long Price, int MinQuantity)> prices, string? group = null, int priority = 0, DateTimeOffset? startsAt = null, DateTimeOffset? endsAt = null)
    {
        var code = New("list");
        await CreateAsync("/price-lists", new { code, title = "List " + code, currency, customerGroup = group, priority, startsAt, endsAt });
        await PutAsync(code, currency, prices);
        return code;
    }

    public Task<Answer> PutAsync(string list, string currency, IEnumerable<(Guid VariantId, long Price, int MinQuantity)> prices) => CallAsync(
        HttpMethod.Put, $"/price-lists/{list}/prices",
        new { prices = prices.Select(price => new { variantId = price.VariantId, price = new { amount = price.Price, currency }, minQuantity = price.MinQuantity }) }, HttpStatusCode.NoContent);

    /// <summary>Asks the database as its admin.</summary>
    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }
}

/// <summary>What the API answered.</summary>
public sealed record Answer(JsonElement Json, string? ETag, string? Location)
{
    public string Problem => Json.GetProperty("type").GetString()!["/problems/".Length..];

    public IReadOnlyList<string> Pointers => [.. Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!)];
}

[CollectionDefinition(nameof(PricingHost))]
public sealed class PricingCollection : ICollectionFixture<PricingHost>;
