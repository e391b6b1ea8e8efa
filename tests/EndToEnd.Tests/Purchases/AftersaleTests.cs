using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>What comes back for something else, and what does not arrive; as clerks and customers do it.</summary>
public sealed class AftersaleTests(PurchaseTests.OpenShop open) : IClassFixture<PurchaseTests.OpenShop>
{
    private const long Paid = Storefront.Price * 120 / 100;

    private Storefront Store => open.Store;

    [Fact]
    public async Task What_does_not_fit_is_exchanged_for_another_size_that_leaves_as_a_parcel_of_the_same_order()
    {
        var (small, large) = (await OnSaleAsync(5), await OnSaleAsync(1));
        using var customer = await open.Callers.CustomerAsync();
        using var clerk = await open.Callers.ClerkAsync();
        var (id, variant) = await DeliveredAsync(customer, small, 2);
        var wanted = await VariantOfAsync(large);

        var returned = await ReturnAsync(customer, clerk, id, variant, 1, wanted, isExchanged: true);

        Assert.Equal(0, Storefront.Cents(returned["refunded"]));
        var shown = await Eventually.Async(async () => (await customer.GetAsync("/api/returns/returns/" + returned["id"])).Expect(200).Json, static seen => ExchangeStatus(seen) == "sent");
        Assert.Equal(large, (string?)shown["exchanges"]![0]!["goods"]!["sku"]);
        await Store.Shop.StockBecomesAsync(small, 4, 0);
        await Store.Shop.StockBecomesAsync(large, 0, 0);
        await ToBePackedAsync(id);
        var parcel = await PackAsync(clerk, id, wanted, 1);
        await Store.DispatchAsync(parcel);
        await Store.DeliverAsync(parcel);
        var done = await Store.OrderBecomesAsync(id, static seen => (string?)seen["fulfilmentStatus"] == "delivered" && (string?)seen["replacements"]![0]!["status"] == "sent");
        Assert.Equal(("completed", "captured"), ((string?)done["status"], (string?)done["paymentStatus"]));
        Assert.Contains((await customer.GetAsync($"/api/ordering/orders/{id}/timeline")).Expect(200).Json["entries"]!.AsArray(), static entry => (string?)entry!["kind"] == "order_replacement_begun");

        // It does not fit either: what was paid for the first one is given back, and nothing twice.
        var second = await ReturnAsync(customer, clerk, id, wanted, 1);
        Assert.Equal(Paid, Storefront.Cents(second["refunded"]));
        (await RequestAsync(customer, id, wanted, 1)).ExpectProblem(409);
        await Store.Shop.StockBecomesAsync(large, 1, 0);
        await Store.VerifyAsync();
    }

    [Fact]
    public async Task An_exchange_that_is_sold_out_by_then_is_refunded_and_says_so()
    {
        var (small, large) = (await OnSaleAsync(2), await OnSaleAsync(1));
        using var customer = await open.Callers.CustomerAsync();
        var (id, variant) = await DeliveredAsync(customer, small, 1);
        var wanted = await VariantOfAsync(large);
        await DeliveredAsync(customer, large, 1);

        var returned = await ReturnAsync(customer, Store.Staff, id, variant, 1, wanted, isExchanged: true);

        Assert.Equal(Paid, Storefront.Cents(returned["refunded"]));
        await Eventually.Async(async () => (await customer.GetAsync("/api/returns/returns/" + returned["id"])).Expect(200).Json, static seen => ExchangeStatus(seen) == "refunded");
        await Store.Shop.StockBecomesAsync(large, 0, 0);
        await Store.Shop.StockBecomesAsync(small, 2, 0);
        await Store.VerifyAsync();
    }

    [Fact]
    public async Task An_exchange_for_something_dearer_is_refused_with_both_prices()
    {
        var sku = await OnSaleAsync(1);
        using var customer = await open.Callers.CustomerAsync();
        var (id, variant) = await DeliveredAsync(customer, sku, 1);
        var dearer = Shop.NewSku();
        var products = Encoding.UTF8.GetString(Shop.Products(1, dearer)).Replace("12.50", "13.50", StringComparison.Ordinal);
        (await Store.Staff.PostBytesAsync("/api/catalog/imports", Encoding.UTF8.GetBytes(products), "text/csv")).Expect(201);

        var refused = await RequestAsync(customer, id, variant, 1, await VariantOfAsync(dearer));

        Assert.Contains("13.50", refused.ExpectProblem(409).Json["lines"]![0]!["reason"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parcel_that_is_lost_is_sent_again_and_nobody_pays_or_is_paid_twice_when_it_is_found()
    {
        var sku = await OnSaleAsync(2);
        using var customer = await open.Callers.CustomerAsync();
        using var clerk = await open.Callers.ClerkAsync();
        var (id, variant, lost) = await SentAsync(customer, sku, 1);

        await ReportAsync(clerk, lost, "lost");
        await Store.OrderBecomesAsync(id, static seen => (bool)seen["needsAttention"]!);
        Assert.Contains((await clerk.GetAsync("/api/ordering/orders?needsAttention=true&limit=100")).Expect(200).Json["items"]!.AsArray(), order => (string?)order!["id"] == id);
        (await customer.PostAsync($"/api/ordering/orders/{id}/shipments/{lost}/resend", new { })).ExpectProblem(403);
        (await clerk.PostAsync($"/api/ordering/orders/{id}/shipments/{lost}/resend", new { })).Expect(200);
        (await clerk.PostAsync($"/api/ordering/orders/{id}/shipments/{lost}/refund", new { })).ExpectProblem(409);
        await Store.Shop.StockBecomesAsync(sku, 0, 0);
        await ToBePackedAsync(id);
        var again = await PackAsync(clerk, id, variant, 1);
        await Store.DispatchAsync(again);
        await Store.DeliverAsync(again);
        var done = await Store.OrderBecomesAsync(id, static seen => (string?)seen["status"] == "completed");
        Assert.Equal(("captured", "delivered"), ((string?)done["paymentStatus"], (string?)done["fulfilmentStatus"]));

        await ReportAsync(clerk, lost, "delivered");
        await Store.OrderBecomesAsync(id, seen => (string?)ShipmentOf(seen, lost)["status"] == "delivered");
        (await RequestAsync(customer, id, variant, 2)).ExpectProblem(409);
        Assert.Equal(Paid, Storefront.Cents((await ReturnAsync(customer, clerk, id, variant, 1))["refunded"]));
        await Store.VerifyAsync();
    }

    [Fact]
    public async Task A_parcel_that_comes_back_is_restocked_and_refunded_with_its_shipping()
    {
        var sku = await OnSaleAsync(3);
        using var customer = await open.Callers.CustomerAsync();
        using var clerk = await open.Callers.ClerkAsync();
        var (id, variant, shipment) = await SentAsync(customer, sku, 2);

        await ReportAsync(clerk, shipment, "returnedToSender");
        await Store.OrderBecomesAsync(id, static seen => (bool)seen["needsAttention"]!);
        var path = $"/api/ordering/orders/{id}/shipments/{shipment}/";
        (await clerk.PostAsync(path + "receive", new
        {
            lines = new[] { new { variantId = variant, quantity = 1, disposition = "restock" }, new { variantId = variant, quantity = 1, disposition = "writeOff" } },
        })).Expect(200);
        (await clerk.PostAsync(path + "refund", new { refundsShipping = true })).Expect(200);
        (await clerk.PostAsync(path + "refund", new { refundsShipping = true })).Expect(200);

        var done = await Store.OrderBecomesAsync(id, static seen => (string?)seen["paymentStatus"] == "refunded");
        Assert.Equal(("completed", "returned", false), ((string?)done["status"], (string?)done["fulfilmentStatus"], (bool)done["needsAttention"]!));
        Assert.Equal(Storefront.Cents(done["total"]), Storefront.Cents(done["refundedTotal"]));
        await Store.Shop.StockBecomesAsync(sku, 2, 0);
        (await RequestAsync(customer, id, variant, 1)).ExpectProblem(409);
        await Store.VerifyAsync();
    }

    private async Task<string> OnSaleAsync(int quantity)
    {
        var sku = Shop.NewSku();
        await Store.Shop.SellAsync(quantity, sku);
        return sku;
    }

    private async Task<Guid> VariantOfAsync(string sku)
    {
        using var guest = open.Callers.Guest();
        var basket = await Eventually.Async(() => guest.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1 } } }), static answer => answer.Code == 201);
        return Guid.Parse((string)basket.Json["lines"]![0]!["variantId"]!);
    }

    private async Task<(string Id, Guid Variant, string Shipment)> SentAsync(Api customer, string sku, int quantity)
    {
        var order = await Store.BuyAsync(customer, sku, quantity);
        var (id, variant) = ((string)order["id"]!, Storefront.VariantOf(order));
        var shipment = await Store.PackAsync(id, variant, quantity);
        await Store.DispatchAsync(shipment);
        await Store.OrderBecomesAsync(id, static seen => (string?)seen["status"] == "shipped");
        return (id, variant, shipment);
    }

    private async Task<(string Id, Guid Variant)> DeliveredAsync(Api customer, string sku, int quantity)
    {
        var (id, variant, shipment) = await SentAsync(customer, sku, quantity);
        await Store.DeliverAsync(shipment);
        await Store.OrderBecomesAsync(id, static seen => (string?)seen["status"] == "completed");
        return (id, variant);
    }

    private static Task<Answer> RequestAsync(Api customer, string orderId, Guid variantId, int quantity, Guid? exchangeFor = null) => customer.PostAsync(
        "/api/returns/returns", new { orderId, lines = new[] { new { variantId, quantity, reason = "doesNotFit", exchangeFor } } }, Storefront.Key());

    // A return from its request until it is completed.
    private static async Task<JsonNode> ReturnAsync(Api customer, Api staff, string orderId, Guid variantId, int quantity, Guid? exchangeFor = null, bool isExchanged = false)
    {
        var path = "/api/returns/returns/" + (await RequestAsync(customer, orderId, variantId, quantity, exchangeFor)).Expect(201)["id"];
        (await staff.PostAsync(path + "/approve", null)).Expect(200);
        (await staff.PostAsync(path + "/receive", null)).Expect(200);
        (await staff.PostAsync(path + "/inspect", new
        {
            lines = new[] { new { variantId, quantity, condition = "asNew", disposition = "restock", isRefunded = !isExchanged, isExchanged } },
        })).Expect(200);
        return (await Eventually.Async(() => customer.GetAsync(path), static answer => answer.Code == 200 && answer["status"] == "completed")).Json;
    }

    private static async Task<string> PackAsync(Api clerk, string orderId, Guid variantId, int quantity) =>
        (await clerk.PostAsync($"/api/shipping/fulfilments/{orderId}/shipments", new { lines = new[] { new { variantId, quantity } }, parcels = Storefront.Parcels }, Storefront.Key())).Expect(201)["id"];

    private static async Task ReportAsync(Api clerk, string shipment, string status) =>
        (await clerk.PostAsync($"/api/shipping/shipments/{shipment}/tracking", new { status, occurredAt = TimeProvider.System.GetUtcNow() })).Expect(200);

    private async Task ToBePackedAsync(string orderId) =>
        await Eventually.Async(() => Store.Staff.GetAsync("/api/shipping/fulfilments/" + orderId), static answer => answer.Code == 200 && answer["status"] == "open");

    private static string? ExchangeStatus(JsonNode found) => (string?)found["exchanges"]![0]!["status"];

    private static JsonNode ShipmentOf(JsonNode order, string id) => order["shipments"]!.AsArray().Single(shipment => (string?)shipment!["id"] == id)!;
}
