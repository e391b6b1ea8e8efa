using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Payments.Tests;

/// <summary>Payments alone on a database of its own, with the test provider. Tests share it and use payments of their own.</summary>
public sealed class PaymentsHost : IAsyncLifetime
{
    public const string Visa = "pm_card_visa";

    public ModuleHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await StartAsync();

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    public static Task<ModuleHost> StartAsync(params (string Key, string Value)[] settings) => ModuleHost.StartAsync(
        typeof(PaymentsModule).Assembly, null, new Dictionary<string, string?> { ["payments:Provider"] = "test" }.Concat(settings.Select(static pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
            .GroupBy(static pair => pair.Key).ToDictionary(static group => group.Key, static group => group.Last().Value));

    public Task<Guid> RequestAsync(long amount, string token = Visa) => Host.RequestAsync(amount, token);
}

/// <summary>The steps that many tests need.</summary>
internal static class PaymentSteps
{
    public static Task<Guid> RequestAsync(this ModuleHost host, long amount, string token) => host.RequestAsync(amount, new PaymentTender("card", token));

    public static async Task<Guid> RequestAsync(this ModuleHost host, long amount, params PaymentTender[] tenders)
    {
        var id = Guid.CreateVersion7();
        await host.PublishAsync(new PaymentRequested(id, "order-" + id, Eur(amount), tenders, host.Time.GetUtcNow().AddHours(1)));
        return id;
    }

    public static async Task<Guid> AuthorisedAsync(this ModuleHost host, long amount, params PaymentTender[] tenders)
    {
        var id = await host.RequestAsync(amount, tenders.Length == 0 ? [new PaymentTender("card", PaymentsHost.Visa)] : tenders);
        await host.ToldAsync<PaymentAuthorised>(id);
        return id;
    }

    public static async Task<Guid> CaptureAsync(this ModuleHost host, Guid paymentId, long amount, bool isFinal = false)
    {
        var id = Guid.CreateVersion7();
        await host.PublishAsync(new CaptureRequested(paymentId, id, Eur(amount), isFinal));
        return id;
    }

    public static async Task<Guid> RefundAsync(this ModuleHost host, Guid paymentId, long amount)
    {
        var id = Guid.CreateVersion7();
        await host.PublishAsync(new RefundRequested(paymentId, id, Eur(amount), "Came back"));
        return id;
    }

    /// <summary>Waits until the others are told something about a payment, a number of times.</summary>
    public static async Task<TEvent> ToldAsync<TEvent>(this ModuleHost host, Guid paymentId, int times = 1)
        where TEvent : class, IIntegrationEvent
    {
        var told = await Eventually.Async(() => host.AllToldAsync<TEvent>(paymentId), found => found.Count >= times);
        Assert.Equal(times, told.Count);
        return told[^1];
    }

    public static async Task<IReadOnlyList<TEvent>> AllToldAsync<TEvent>(this ModuleHost host, Guid paymentId)
        where TEvent : class, IIntegrationEvent => [.. (await host.PublishedAsync<TEvent>()).Where(told => ((IIntegrationEvent)told).Key == paymentId.ToString())];

    public static async Task WaitForAsync(this ModuleHost host, Guid paymentId, string status) =>
        await Eventually.Async(async () => (string?)(await host.ShowAsync(paymentId))?.GetProperty("status").GetString(), found => found == status);

    public static async Task<JsonElement?> ShowAsync(this ModuleHost host, Guid paymentId)
    {
        using var response = await host.Client.GetAsync("/api/payments/payments/" + paymentId);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>() : null;
    }

    public static async Task<(Guid Id, string Code)> GiftCardAsync(this ModuleHost host, long amount, DateTimeOffset? expiresAt = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/gift-cards")
        {
            Content = JsonContent.Create(new { amount = new { amount, currency = "EUR" }, reason = "sold", expiresAt }),
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        };
        using var response = await host.Client.SendAsync(request);
        var issued = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return (issued.GetProperty("card").GetProperty("id").GetGuid(), issued.GetProperty("code").GetString()!);
    }

    public static async Task<(long Balance, long Held)> OnCardAsync(this ModuleHost host, Guid giftCardId)
    {
        var card = await host.Client.GetFromJsonAsync<JsonElement>("/api/payments/gift-cards/" + giftCardId);
        return (card.GetProperty("balance").GetProperty("amount").GetInt64(), card.GetProperty("held").GetProperty("amount").GetInt64());
    }

    public static Money Eur(long amount) => new(amount, "EUR");
}
