using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Labels;
using ModularMonolith.Shipping.Tracking;

namespace ModularMonolith.Shipping.Tests;

/// <summary>Shipping alone on a database of its own, with a carrier that does as it is told.</summary>
public sealed class ShippingHost : IAsyncLifetime
{
    public const string Root = "/api/shipping/";
    public const string CarrierSecret = "what was agreed upon with the carrier";

    public static readonly PostalAddress Berlin = new("Ada Lovelace", "Hauptstraße 1", "Berlin", "DE", "10115");

    /// <summary>A pickup point that keeps parcels for a day.</summary>
    public static readonly ChosenPickupPoint Kiosk = new("kiosk", "The kiosk", new PostalAddress("Kiosk", "Torstraße 1", "Berlin", "DE", "10119"), "24 hours", 1);

    internal ScriptedLabels Labels { get; } = new();

    public ModuleHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await ModuleHost.StartAsync(
        typeof(ShippingModule).Assembly,
        services => services.Replace(ServiceDescriptor.Singleton<ILabelProvider>(Labels)),
        new Dictionary<string, string?> { ["shipping:CarrierSecret"] = CarrierSecret, ["shipping:LabelSeconds"] = "1" });

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();

    /// <summary>An order whose goods are to be delivered.</summary>
    public Task<Order> RequestedAsync(PostalAddress? address, params int[] quantities) => RequestedAsync(address, null, quantities);

    /// <summary>An order whose goods are to be brought to a pickup point.</summary>
    public async Task<Order> RequestedAsync(PostalAddress? address, ChosenPickupPoint? point, params int[] quantities)
    {
        var order = new Order(Guid.CreateVersion7(Host.Time.GetUtcNow()), [.. quantities.Select(_ => Guid.NewGuid())]);
        await Host.PublishAsync(new FulfilmentRequested(order.Id, "standard", address, [.. order.Variants.Zip(quantities, (variant, quantity) => new FulfilmentLine(variant, "SKU-" + variant, "Shirt", quantity, 250, []))], point));
        await Eventually.Async(() => GetAsync($"fulfilments/{order.Id}"), answer => answer.Status == HttpStatusCode.OK && answer["status"] != "expected");
        return order;
    }

    public Task<Answer> PackAsync(Order order, params (int Line, int Quantity)[] goods) => PostAsync(
        $"fulfilments/{order.Id}/shipments",
        new { lines = goods.Select(packed => new { variantId = order.Variants[packed.Line], quantity = packed.Quantity }), parcels = new[] { new { weightGrams = 500 } }, location = "main" });

    public async Task<Guid> PackedAsync(Order order, params (int Line, int Quantity)[] goods) => (await PackAsync(order, goods)).Expect(HttpStatusCode.Created).Id;

    public Task ReleaseAsync(Order order, Guid shipment) => Host.PublishAsync(new ShipmentReleased(order.Id, shipment));

    /// <summary>A shipment that can leave.</summary>
    public async Task<Guid> ReadyAsync(Order order, params (int Line, int Quantity)[] goods)
    {
        var shipment = await PackedAsync(order, goods);
        await ReleaseAsync(order, shipment);
        await StatusAsync(shipment, "ready");
        return shipment;
    }

    public Task<Answer> DispatchAsync(Guid shipment) => PostAsync($"shipments/{shipment}/dispatch");

    public Task<Answer> TrackAsync(Guid shipment, string status, int minutesAgo = 0) =>
        PostAsync($"shipments/{shipment}/tracking", new { status, occurredAt = Host.Time.GetUtcNow().AddMinutes(-minutesAgo), place = "Leipzig" });

    public Task<Answer> StatusAsync(Guid shipment, string status) => Eventually.Async(() => GetAsync($"shipments/{shipment}"), answer => answer["status"] == status);

    public Task<Answer> FulfilmentAsync(Order order, Func<JsonElement, bool> satisfies) => Eventually.Async(() => GetAsync($"fulfilments/{order.Id}"), answer => satisfies(answer.Json));

    public async Task<IReadOnlyList<TEvent>> PublishedAsync<TEvent>(Func<TEvent, bool> about)
        where TEvent : class, IIntegrationEvent => [.. (await Host.PublishedAsync<TEvent>()).Where(about)];

    public Task<Answer> GetAsync(string path, AuthenticationHeaderValue? caller = null) => SendAsync(new HttpRequestMessage(HttpMethod.Get, Root + path), caller: caller);

    public Task<Answer> PostAsync(string path, object? body = null, string? key = null) => SendAsync(new HttpRequestMessage(HttpMethod.Post, Root + path), body, key: key ?? Guid.NewGuid().ToString());

    public Task<Answer> PutAsync(string path, object body, string? ifMatch) => SendAsync(new HttpRequestMessage(HttpMethod.Put, Root + path), body, ifMatch);

    public Task<Answer> DeleteAsync(string path, string? ifMatch) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, Root + path), null, ifMatch);

    /// <summary>A report as the carrier sends it.</summary>
    public Task<Answer> ReportAsync(object report, string secret = CarrierSecret, int secondsAgo = 0)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(report);
        var sent = Host.Time.GetUtcNow().AddSeconds(-secondsAgo).ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, Root + "carrier-events") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Carrier-Signature", string.Create(CultureInfo.InvariantCulture, $"t={sent},v1={CarrierSignature.Of(Encoding.UTF8.GetBytes(secret), sent, body)}"));
        return SendAsync(request);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, object? body = null, string? ifMatch = null, string? key = null, AuthenticationHeaderValue? caller = null)
    {
        using (request)
        {
            request.Headers.Authorization = caller;
            request.Content ??= body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            if (ifMatch is not null)
            {
                request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(ifMatch));
            }

            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            using var response = await Host.Client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new Answer(response.StatusCode, text, response.Headers.ETag?.ToString(), response.Headers.Location?.ToString());
        }
    }
}

public sealed record Order(Guid Id, IReadOnlyList<Guid> Variants);

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

/// <summary>A carrier: makes labels, unless an address is scripted otherwise.</summary>
internal sealed class ScriptedLabels : ILabelProvider
{
    private readonly OwnLabels _own = new();

    /// <summary>What happens to a label for a recipient's name, attempt by attempt; the last one stays.</summary>
    public ConcurrentDictionary<string, Func<int, CancellationToken, Task>> Scripts { get; } = new();

    /// <summary>The keys that were asked for, in order.</summary>
    public ConcurrentQueue<LabelRequest> Asked { get; } = new();

    public async Task<MadeLabel> MakeAsync(LabelRequest request, CancellationToken cancellationToken)
    {
        Asked.Enqueue(request);
        if (Scripts.TryGetValue(request.Address.Name, out var script))
        {
            await script(Asked.Count(other => other.Address.Name == request.Address.Name), cancellationToken);
        }

        return await _own.MakeAsync(request, cancellationToken);
    }
}
