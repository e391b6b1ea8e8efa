using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Returns.Tests;

/// <summary>Returns alone on a database of its own, with orders that are scripted.</summary>
public sealed class ReturnsHost : IAsyncLifetime
{
    public const string Root = "/api/returns/";

    public static readonly AuthenticationHeaderValue Ann = TestCredentials.Of("ann");
    public static readonly AuthenticationHeaderValue Ben = TestCredentials.Of("ben");
    public static readonly AuthenticationHeaderValue Staff = TestCredentials.Of("staff", "returns:manage", "returns:read");

    public IReadOnlyDictionary<string, string?>? Settings { get; init; }

    public ConcurrentDictionary<Guid, ReturnableOrder> Orders { get; } = new();

    public ModuleHost Host { get; private set; } = null!;

    /// <summary>What Ordering says of a wanted variant, when it is another one than was bought.</summary>
    public ConcurrentDictionary<Guid, string> Refusals { get; } = new();

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(
        typeof(ReturnsModule).Assembly,
        services => services.Answer<GetReturnableOrder, ReturnableOrder?>(request => Orders.GetValueOrDefault(request.OrderId)).Answer<GetExchangeGoods, IReadOnlyList<ExchangeOffer>>(Offer),
        Settings);

    private IReadOnlyList<ExchangeOffer> Offer(GetExchangeGoods request) =>
    [
        .. request.Wishes.Select(wish => Refusals.TryGetValue(wish.WantedVariantId, out var refusal)
            ? new ExchangeOffer(wish.VariantId, null, refusal)
            : new ExchangeOffer(wish.VariantId, new ExchangeGoods(wish.WantedVariantId, "SKU-X", "Another shirt", 200, true), null)),
    ];

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    /// <summary>An order of Ann's that has arrived.</summary>
    public ReturnableOrder Delivered(params int[] quantities) => Delivered(Host.Time.GetUtcNow(), quantities);

    public ReturnableOrder Delivered(DateTimeOffset? at, params int[] quantities)
    {
        var order = new ReturnableOrder(Guid.CreateVersion7(), "ann", [.. quantities.Select((quantity, index) =>
            new ReturnableLine(Guid.NewGuid(), "SKU-" + index, "Shirt", quantity, 0, new Money(1_000 * quantity, "EUR"), at))]);
        Orders[order.OrderId] = order;
        return order;
    }

    public Task<Answer> RequestAsync(ReturnableOrder order, AuthenticationHeaderValue? caller = null, string? key = null, params int[] quantities) => SendAsync(
        HttpMethod.Post, "returns", new
        {
            orderId = order.OrderId,
            lines = order.Lines.Zip(quantities).Where(static pair => pair.Second > 0).Select(static pair => new { variantId = pair.First.VariantId, quantity = pair.Second, reason = "doesNotFit", note = "Too small" }),
        },
        caller ?? Ann, key);

    public async Task<Guid> RequestedAsync(ReturnableOrder order, params int[] quantities) => (await RequestAsync(order, quantities: quantities)).Expect(HttpStatusCode.Created).Id;

    public Task<Answer> DoAsync(Guid id, string action, object? body = null, AuthenticationHeaderValue? caller = null) => SendAsync(HttpMethod.Post, $"returns/{id}/{action}", body, caller ?? Staff);

    public async Task<Guid> ReceivedAsync(ReturnableOrder order, params int[] quantities)
    {
        var id = await RequestedAsync(order, quantities);
        (await DoAsync(id, "approve")).Expect(HttpStatusCode.OK);
        (await DoAsync(id, "receive")).Expect(HttpStatusCode.OK);
        return id;
    }

    public static object Inspected(ReturnableOrder order, int line, int quantity, string disposition = "restock", bool isRefunded = true) =>
        new { variantId = order.Lines[line].VariantId, quantity, condition = "opened", disposition, isRefunded };

    public Task<Answer> InspectAsync(Guid id, params object[] lines) => DoAsync(id, "inspect", new { lines });

    public Task<Answer> GetAsync(string path, AuthenticationHeaderValue? caller = null) => SendAsync(HttpMethod.Get, path, null, caller ?? Ann);

    public Task<Answer> StatusAsync(Guid id, string status) => Eventually.Async(() => GetAsync($"returns/{id}", Staff), answer => answer["status"] == status);

    public async Task<IReadOnlyList<TEvent>> PublishedAsync<TEvent>(Func<TEvent, bool> about)
        where TEvent : class, IIntegrationEvent => [.. (await Host.PublishedAsync<TEvent>()).Where(about)];

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body, AuthenticationHeaderValue? caller, string? key = null)
    {
        using var request = new HttpRequestMessage(method, Root + path);
        request.Headers.Authorization = caller;
        request.Content = body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        }

        using var response = await Host.Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString(), response.Headers.Location?.ToString());
    }
}

public sealed record Answer(HttpStatusCode Status, string Text, string? ETag, string? Location)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public Guid Id => Json.GetProperty("id").GetGuid();

    public string? this[string member] => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>The problem after checking its status and type.</summary>
    public JsonElement Problem(HttpStatusCode status, string type)
    {
        Expect(status);
        Assert.Equal("/problems/" + type, this["type"]);
        return Json;
    }
}
