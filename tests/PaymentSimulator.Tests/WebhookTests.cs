using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.PaymentSimulator.Tests;

public sealed class WebhookTests : IAsyncLifetime
{
    private const string Create = "amount=2000&currency=eur&payment_method=pm_card_visa";

    private Simulator _simulator = null!;
    private WebhookReceiver _shop = null!;

    public async Task InitializeAsync() => _simulator = await Simulator.StartAsync();

    public async Task DisposeAsync()
    {
        await _simulator.DisposeAsync();
        await _shop.DisposeAsync();
    }

    [Fact]
    public async Task Events_are_signed_and_sent_again_until_they_are_taken()
    {
        await OpenShopAsync(refusals: 2);

        var intent = await _simulator.DoAsync("/v1/payment_intents", Create + "&confirm=true&capture_method=manual");
        await _simulator.DoAsync($"/v1/payment_intents/{intent["id"]}/capture", string.Empty);
        await _simulator.DoAsync("/v1/refunds", $"payment_intent={intent["id"]}");

        await Eventually.Async(() => Task.FromResult(_shop.Received.Count), static count => count == 6);
        Assert.Equal(
            ["charge.captured", "charge.refunded", "charge.succeeded", "payment_intent.amount_capturable_updated", "payment_intent.created", "payment_intent.succeeded"], Types().Order());
        foreach (var (body, signature) in _shop.Received)
        {
            var time = signature.Split(',')[0][2..];
            var expected = HMACSHA256.HashData("whsec_test"u8, Encoding.UTF8.GetBytes(time + "." + body));
            Assert.Equal($"t={time},v1={Convert.ToHexStringLower(expected)}", signature);
            Assert.StartsWith("evt_", (string)JsonNode.Parse(body)!["id"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_event_is_sent_twice_and_another_never()
    {
        await OpenShopAsync();
        await _simulator.FaultAsync(new { kind = "webhook-duplicate", operation = "payment_intent.created", next = 1 });
        await _simulator.FaultAsync(new { kind = "webhook-lost", operation = "payment_intent.succeeded", next = 1 });

        await _simulator.DoAsync("/v1/payment_intents", Create + "&confirm=true");

        await Eventually.TrueAsync(async () => (int)(await _simulator.GetAsync("/_simulator/webhooks"))["pending"]! == 0);
        Assert.Equal(["charge.succeeded", "payment_intent.created", "payment_intent.created"], Types().Order());
        Assert.Equal(2, _shop.Received.Select(static received => (string)JsonNode.Parse(received.Body)!["id"]!).Distinct().Count());
        Assert.Equal(1, (int)(await _simulator.GetAsync("/_simulator/webhooks"))["lost"]!);
    }

    [Fact]
    public async Task An_event_overtakes_another()
    {
        await OpenShopAsync();
        await _simulator.FaultAsync(new { kind = "webhook-reorder", operation = "payment_intent.created", next = 1 });

        var intent = await _simulator.DoAsync("/v1/payment_intents", Create);
        await _simulator.DoAsync($"/v1/payment_intents/{intent["id"]}/cancel", string.Empty);

        await Eventually.Async(() => Task.FromResult(_shop.Received.Count), static count => count == 2);
        Assert.Equal(["payment_intent.canceled", "payment_intent.created"], Types());
    }

    private IEnumerable<string> Types() => _shop.Received.Select(static received => (string)JsonNode.Parse(received.Body)!["type"]!);

    private async Task OpenShopAsync(int refusals = 0)
    {
        _shop = await WebhookReceiver.StartAsync(refusals);
        (await _simulator.Http.PutAsJsonAsync("/_simulator/webhooks", new { address = _shop.Address, secret = "whsec_test" })).EnsureSuccessStatusCode();
    }
}
