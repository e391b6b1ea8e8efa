using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Ordering alone on a database of its own, with the shop that it asks.</summary>
public sealed partial class OrderingHost : IAsyncLifetime
{
    public const string Checkouts = "/api/ordering/checkouts";
    public const string Orders = "/api/ordering/orders";

    public Shop Shop { get; } = new();

    public ModuleHost Host { get; private set; } = null!;

    internal IOrderingStore Store => Host.Services.GetRequiredService<IOrderingStore>();

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(
        typeof(OrderingModule).Assembly, Shop.Script, new Dictionary<string, string?> { ["ordering:OpenCheckouts"] = "10000" });

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public Task<Answer> StartCheckoutAsync(string basketId) => PostAsync(Checkouts, JsonSerializer.Serialize(new { basketId }));

    public Task<Answer> PlaceOrderAsync(Guid checkoutId, long expectedTotal, string? key = null, string? email = null) =>
        PostAsync(Orders, OrderBody(checkoutId, expectedTotal, email), key ?? Guid.NewGuid().ToString());

    public Task<Answer> CancelOrderAsync(Guid orderId, string reason = "Changed my mind") =>
        PostAsync($"{Orders}/{orderId}/cancel", JsonSerializer.Serialize(new { reason }));

    /// <summary>A checkout of one line.</summary>
    public async Task<Guid> CheckedOutAsync(long price = 1_000, int quantity = 1)
    {
        var answer = await StartCheckoutAsync(Shop.Fill((Shop.Sell(price), quantity)));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Id;
    }

    /// <summary>An order of one line.</summary>
    public async Task<Guid> OrderedAsync(long price = 1_000, int quantity = 1)
    {
        var answer = await PlaceOrderAsync(await CheckedOutAsync(price, quantity), price * quantity);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Id;
    }

    public static string OrderBody(Guid checkoutId, long expectedTotal, string? email = null) =>
        JsonSerializer.Serialize(new { checkoutId, expectedTotal = new { amount = expectedTotal, currency = "EUR" }, email });

    public Task<Answer> GetAsync(string path, string? ifNoneMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (ifNoneMatch is not null)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(ifNoneMatch));
        }

        return SendAsync(request);
    }

    public Task<Answer> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    public Task<Answer> PostAsync(string path, string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return SendAsync(request);
    }

    public async Task<IReadOnlyList<TEvent>> PublishedAsync<TEvent>(Func<TEvent, bool> about)
        where TEvent : class, IIntegrationEvent => [.. (await Host.PublishedAsync<TEvent>()).Where(about)];

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Host.Client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new Answer(response.StatusCode, text, response.Headers.ETag?.ToString(), response.Headers.Location?.ToString(), response.Headers.Contains("Idempotency-Replayed"))
            {
                Applied = response.Headers.TryGetValues("Preference-Applied", out var applied) ? applied.Single() : null,
            };
        }
    }
}

public sealed record Answer(HttpStatusCode Status, string Text, string? ETag, string? Location, bool IsReplayed)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Applied { get; init; }

    public Guid Id => Json.GetProperty("id").GetGuid();

    public string? this[string member] => Json.GetProperty(member).ToString();

    public long Amount(string member) => Json.GetProperty(member).GetProperty("amount").GetInt64();

    /// <summary>The problem after checking its status and type.</summary>
    public JsonElement Problem(HttpStatusCode status, string type)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        Assert.Equal("/problems/" + type, this["type"]);
        return Json;
    }
}
