using ModularMonolith.EndToEnd.Tests.Purchases;

namespace ModularMonolith.EndToEnd.Tests.Payments;

/// <summary>
/// Orders over HTTP while the provider is away for a minute. The test waits for the simulator to say that the minute is over and asks nothing meanwhile.
/// </summary>
public sealed class OutageTests(OutageTests.StripeShop open) : IClassFixture<OutageTests.StripeShop>
{
    private const int Minute = 60_000;

    /// <summary>Each pause between two attempts is at most twice the one before, from 0.2 seconds on, so a call is sent eight times in a minute; on a busy machine a little less often.</summary>
    private const int AttemptsInAMinute = 6;

    private readonly UnreliableShop _shop = open.Shop;

    [Fact]
    public async Task Orders_wait_for_a_provider_that_is_away_and_then_finish_by_themselves_and_nothing_leaves_unpaid()
    {
        var (store, sku) = (_shop.Store, Shop.NewSku());
        await store.Shop.SellAsync(20, sku);
        using var customer = _shop.Callers.Guest();
        var packed = await store.BuyAsync(customer, sku, 1);
        var packedId = (string)packed["id"]!;
        await store.OrderBecomesAsync(packedId, static order => (string?)order["status"] == "confirmed");

        await _shop.Provider.FaultAsync("down", milliseconds: 10 * Minute);
        var placed = new List<string>();
        for (var index = 0; index < 4; index++)
        {
            using var other = _shop.Callers.Guest();
            var checkout = await store.CheckoutAsync(other, new Dictionary<string, int> { [sku] = 1 });
            var order = (await Storefront.OrderAsync(other, checkout, [Storefront.CardOf(Storefront.Card)], wait: 1)).Expect(201).Json;
            Assert.Equal(("placed", "pending"), ((string?)order["status"], (string?)order["paymentStatus"]));
            placed.Add((string)order["id"]!);
        }

        // What is packed waits for its money, and does not leave.
        var shipment = await store.PackAsync(packedId, Storefront.VariantOf(packed), 1);
        await Eventually.Async(() => store.OrderOf(packedId), static order => order["shipments"]!.AsArray().Count == 1);
        (await store.Staff.PostAsync($"/api/shipping/shipments/{shipment}/dispatch", null)).ExpectProblem(409);

        // All of them are under way; from now on it is a minute.
        await _shop.Provider.FaultAsync("down", milliseconds: Minute);
        var outage = await _shop.Provider.OutageEndsAsync();
        Assert.InRange(outage.Until - outage.Since, TimeSpan.FromMilliseconds(Minute), TimeSpan.FromMilliseconds(11 * Minute));
        Assert.InRange(outage.Refused, (placed.Count + 1) * AttemptsInAMinute, int.MaxValue);
        foreach (var id in placed)
        {
            var order = await store.OrderBecomesAsync(id, static order => (string?)order["status"] == "confirmed");
            Assert.InRange((DateTimeOffset)order["confirmedAt"]!, outage.Until, DateTimeOffset.MaxValue);
        }

        await store.ShipmentBecomesAsync(shipment, "ready");
        await store.DispatchAsync(shipment);
        var charged = await _shop.Provider.ChargedAsync("reference");
        Assert.All(placed, id => Assert.Equal((1, 0L), Assert.Single(charged, found => found.Reference == id) is var one ? (one.Intents, one.Captured) : default));
        Assert.Equal((1, 1, Storefront.Cents(packed["total"])), Assert.Single(charged, found => found.Reference == packedId) is var paid ? (paid.Intents, paid.Captures, paid.Captured) : default);
        await _shop.SettleAsync();
        Assert.Empty(await _shop.ParkedAsync());
        await store.VerifyAsync();
    }

    [Fact]
    public async Task What_cannot_be_paid_for_does_not_leave()
    {
        var (store, sku) = (_shop.Store, Shop.NewSku());
        await store.Shop.SellAsync(2, sku);
        using var customer = _shop.Callers.Guest();
        var order = await store.BuyAsync(customer, sku, 2, "pm_sim_captureFails");
        var id = (string)order["id"]!;
        await store.OrderBecomesAsync(id, static seen => (string?)seen["status"] == "confirmed");

        var shipment = await store.PackAsync(id, Storefront.VariantOf(order), 2);
        await store.OrderBecomesAsync(id, static seen => seen["shipments"] is { } shipments && shipments.AsArray() is [{ } one] && (string?)one["status"] == "refused");

        (await store.Staff.PostAsync($"/api/shipping/shipments/{shipment}/dispatch", null)).ExpectProblem(409);
        Assert.Equal(0, Assert.Single(await _shop.Provider.ChargedAsync("reference"), charged => charged.Reference == id).Captured);
        await store.VerifyAsync();
    }

    public sealed class StripeShop : IAsyncLifetime
    {
        private UnreliableShop? _shop;

        internal UnreliableShop Shop => _shop!;

        public async Task InitializeAsync() => _shop = await UnreliableShop.StartAsync();

        public async Task DisposeAsync()
        {
            if (_shop is { } shop)
            {
                await shop.DisposeAsync();
            }
        }
    }
}
