using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>Random sequences of what customers and staff do, of faults of the provider and of deaths of the host; whatever has happened, stock, money and orders agree.</summary>
public sealed class ShopMachineTests
{
    private const int Stock = 60;
    private const int Uses = 5;
    private const long GiftCardCents = 2_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_people_do_and_whatever_fails_stock_money_and_orders_agree(int seed)
    {
        await using var shop = await UnreliableShop.StartAsync();
        var store = shop.Store;
        var skus = Enumerable.Range(0, 3).Select(static _ => Shop.NewSku()).ToList();
        await store.Shop.SellAsync(Stock, [.. skus]);
        var machine = new ShopMachine(shop, skus, await store.CouponAsync(Uses), await store.GiftCardAsync(GiftCardCents), seed);

        await machine.RunAsync(people: 4, actions: 14, kills: 2);
        await shop.SettleAsync();

        Assert.Empty(machine.Surprises);
        Assert.Empty(await shop.ParkedAsync());
        await store.VerifyAsync();
        var orders = await store.OrdersAsync();
        Assert.Equal(
            machine.Attempts.Select(static attempt => attempt.OrderId!).Order(StringComparer.Ordinal), orders.Select(static order => (string)order["id"]!).Order(StringComparer.Ordinal));
        foreach (var sku in skus)
        {
            Assert.Equal(Stock - orders.Sum(order => TakenOf(order, sku)), (await store.Shop.StockAsync(sku))!.OnHand);
        }

        var charged = (await shop.Provider.ChargedAsync("reference")).ToDictionary(static entry => entry.Reference, StringComparer.Ordinal);
        foreach (var order in orders)
        {
            await CheckMoneyAsync(store, order, charged.GetValueOrDefault((string)order["id"]!));
        }

        Assert.True(orders.Count(static order => order["lines"]!.AsArray().Any(static line => Storefront.Cents(line!["discount"]) > 0) && IsAlive(order)) <= Uses);
    }

    private static bool IsAlive(JsonNode order) => (string?)order["status"] is not ("cancelled" or "rejected");

    private static int TakenOf(JsonNode order, string sku) => IsAlive(order)
        ? order["lines"]!.AsArray().Where(line => (string?)line!["sku"] == sku).Sum(static line => (int)line!["quantity"]! - (int)line["cancelled"]!)
        : 0;

    private static async Task CheckMoneyAsync(Storefront store, JsonNode order, Simulator.Charged? charged)
    {
        var what = order.ToJsonString();
        var payment = (await store.Staff.GetAsync("/api/payments/payments/" + order["checkoutId"])).Expect(200).Json;
        var (captured, refunded) = (Storefront.Cents(payment["captured"]), Storefront.Cents(payment["refunded"]));

        // What the provider has charged is what Payments believes, gift cards apart, and nothing is charged without goods that were packed and paid.
        var byCard = captured - refunded - GiftCardPart(payment);
        Assert.True(byCard == (charged?.Captured ?? 0) - (charged?.Refunded ?? 0), $"{what}\n{payment.ToJsonString()}\n{charged}");
        var parcels = order["shipments"]!.AsArray().Where(static shipment => (string?)shipment!["status"] is "released" or "dispatched" or "delivered").Sum(static shipment => Storefront.Cents(shipment!["total"]));
        Assert.True(captured - refunded == parcels, $"{what}\n{payment.ToJsonString()}");
        Assert.True(captured <= Storefront.Cents(order["total"]), what);
    }

    private static long GiftCardPart(JsonNode payment) => payment["tenders"]!.AsArray().Where(static tender => (string?)tender!["kind"] == "gift-card")
        .Sum(static tender => Storefront.Cents(tender!["captured"]) - Storefront.Cents(tender["refunded"]));
}
