using ModularMonolith.EndToEnd.Tests.Purchases;

namespace ModularMonolith.EndToEnd.Tests.Payments;

/// <summary>
/// Orders over HTTP while the provider is away. The outage is longer than the first six pauses between two attempts together; each pause is twice the one before, and at most 30 seconds, so one of a minute
/// or an hour is waited out in the same way.
/// </summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const int OutageMilliseconds = 14_000;

    private UnreliableShop _shop = null!;

    public async Task InitializeAsync() => _shop = await UnreliableShop.StartAsync();

    public async Task DisposeAsync() => await _shop.DisposeAsync();

    [Fact]
    public async Task Orders_wait_for_a_provider_that_is_away_and_then_finish_by_themselves_and_nothing_leaves_unpaid()
    {
        var (store, sku) = (_shop.Store, Shop.NewSku());
        await store.Shop.SellAsync(20, sku);
        using var customer = _shop.Callers.Guest();
        var packed = await store.BuyAsync(customer, sku, 1);
        var packedId = (string)packed["id"]!;
        await store.OrderBecomesAsync(packedId, static order => (string?)order["status"] == "confirmed");

        await _shop.Provider.FaultAsync("down", milliseconds: OutageMilliseconds);
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

        foreach (var id in placed)
        {
            await store.OrderBecomesAsync(id, static order => (string?)order["status"] == "confirmed");
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
}
