using System.Text.Json.Nodes;
using ModularMonolith.EndToEnd.Tests.Purchases;

namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>Where goods are sent and how, an order on its way to the customer, and back.</summary>
internal static class DeliveryTour
{
    private const string Country = "IS";

    public static async Task DeliveryAsync(this Tour tour)
    {
        var method = await RatesAsync(tour);
        var sku = Shop.NewSku();
        await tour.Shop.SellAsync(20, sku);
        using var customer = tour.Callers.Guest();
        var order = await OrderAsync(tour, customer, sku, method);
        var id = (string)order["id"]!;
        var variantId = Storefront.VariantOf(order);
        await ChangeAsync(tour, customer, id, variantId);
        await PackAsync(tour, id, variantId);
        await ReturnsAsync(tour, customer, id, variantId);
        await tour.ActOnceAsync("POST /api/ordering/orders/{id}/refunds", new { amount = Tour.Euros(10), reason = "Only a tour." }, id);
        await MissingAsync(tour, customer, sku, method);
    }

    private static async Task MissingAsync(Tour tour, Api customer, string sku, string method)
    {
        var order = await OrderAsync(tour, customer, sku, method);
        var (id, variantId) = ((string)order["id"]!, Storefront.VariantOf(order));
        var lost = await SendAsync("lost");
        await tour.ActAsync("POST /api/ordering/orders/{id}/shipments/{shipmentId}/resend", new { }, $"{id},{lost}");
        var back = await SendAsync("returnedToSender");
        await tour.ActAsync("POST /api/ordering/orders/{id}/shipments/{shipmentId}/receive", new { lines = new[] { new { variantId, quantity = 1, disposition = "restock" } } }, $"{id},{back}");
        await tour.ActAsync("POST /api/ordering/orders/{id}/shipments/{shipmentId}/refund", new { }, $"{id},{back}");
        var again = (await tour.Staff.GetAsync("/api/ordering/orders/" + id)).Expect(200).Json["replacements"]![0]!["id"];
        await tour.ActAsync("POST /api/ordering/orders/{id}/replacements/{replacementId}/call-off", new { reason = "Only a tour." }, $"{id},{again}");

        async Task<string> SendAsync(string status)
        {
            await tour.BecomesAsync("/api/shipping/fulfilments/" + id, static seen => (string?)seen["status"] != "expected");
            var shipment = (string)(await tour.Staff.PostAsync($"/api/shipping/fulfilments/{id}/shipments", new { lines = Lines(variantId, 1), parcels = Storefront.Parcels }, Tour.Key())).Expect(201)["id"];
            await tour.BecomesAsync("/api/shipping/shipments/" + shipment, static seen => (string?)seen["status"] == "ready");
            (await tour.Staff.PostAsync($"/api/shipping/shipments/{shipment}/tracking", new { status, occurredAt = TimeProvider.System.GetUtcNow() })).Expect(200);
            await tour.BecomesAsync("/api/ordering/orders/" + id, static seen => (bool)seen["needsAttention"]!);
            return shipment;
        }
    }

    private static async Task<string> RatesAsync(Tour tour)
    {
        var (zone, method, point) = (Tour.NewCode(), Tour.NewCode(), Tour.NewCode());
        var made = await tour.ActAsync("POST /api/shipping/zones", new { code = zone, title = "Toured", areas = Areas });
        await tour.ActAsync("PUT /api/shipping/zones/{code}", new { title = "Toured twice", areas = Areas }, zone, Tour.Match(made));
        made = await tour.ActAsync("POST /api/shipping/methods", Method(method, zone));
        await tour.ActAsync("PUT /api/shipping/methods/{code}", Tour.Without(Method(method, zone), "code"), method, Tour.Match(made));
        made = await tour.ActAsync("POST /api/shipping/pickup-points", Point(point));
        await tour.ActAsync("PUT /api/shipping/pickup-points/{code}", Tour.Without(Point(point), "code"), point, Tour.Match(made));

        var other = Tour.NewCode();
        made = (await tour.Staff.PostAsync("/api/shipping/methods", Method(other, zone))).Expect(201);
        await tour.ActAsync("DELETE /api/shipping/methods/{code}", null, other, Tour.Match(made));
        made = (await tour.Staff.PostAsync("/api/shipping/zones", new { code = other, title = "Not needed", areas = new[] { new { country = "GL" } } })).Expect(201);
        await tour.ActAsync("DELETE /api/shipping/zones/{code}", null, other, Tour.Match(made));
        made = (await tour.Staff.PostAsync("/api/shipping/pickup-points", Point(other))).Expect(201);
        await tour.ActAsync("DELETE /api/shipping/pickup-points/{code}", null, other, Tour.Match(made));
        return method;
    }

    private static async Task<JsonNode> OrderAsync(Tour tour, Api customer, string sku, string method)
    {
        var basket = (await customer.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 4 } } })).Expect(201)["id"];
        var checkout = (await customer.PostAsync("/api/ordering/checkouts", new { basketId = basket, email = "ann@example.org" })).Expect(201)["id"];
        // The rates of a moment ago may be known a second later.
        await Eventually.Async(() => customer.GetAsync($"/api/shipping/options?country={Country}&total=5000&currency=EUR"), answer => answer.Body.Contains(method, StringComparison.Ordinal));
        var changed = await tour.ActAsync(customer, "PATCH /api/ordering/checkouts/{id}", new { shippingAddress = Address, shippingMethod = method }, checkout);
        return (await Storefront.OrderAsync(customer, changed.Json, [Storefront.CardOf(Storefront.Card)])).Expect(201).Json;
    }

    private static async Task ChangeAsync(Tour tour, Api customer, string order, Guid variantId)
    {
        await tour.BecomesAsync("/api/ordering/orders/" + order, static seen => (string?)seen["status"] == "confirmed");
        await tour.ActAsync(customer, "POST /api/ordering/orders/{id}/cancellations", new { lines = Lines(variantId, 1), reason = "Only a tour." }, order, Tour.Key());
        await tour.ActOnceAsync("POST /api/ordering/orders/{id}/notes", new { text = "Only a tour." }, order);
        var read = (await customer.GetAsync("/api/ordering/orders/" + order)).Expect(200);
        await tour.ActAsync(customer, "PATCH /api/ordering/orders/{id}", new { email = "ann.example@example.org" }, order, Tour.Match(read));
    }

    private static async Task PackAsync(Tour tour, string order, Guid variantId)
    {
        await tour.BecomesAsync("/api/shipping/fulfilments/" + order, static seen => (string?)seen["status"] != "expected");
        var shipment = (await tour.ActOnceAsync("POST /api/shipping/fulfilments/{orderId}/shipments", new { lines = Lines(variantId, 3), parcels = Storefront.Parcels }, order))["id"];
        await tour.BecomesAsync("/api/shipping/shipments/" + shipment, static seen => (string?)seen["status"] == "ready");
        await tour.ActAsync("POST /api/shipping/shipments/{id}/dispatch", null, shipment);
        await tour.ActAsync("POST /api/shipping/shipments/{id}/tracking", new { status = "delivered", occurredAt = TimeProvider.System.GetUtcNow() }, shipment);
    }

    private static async Task ReturnsAsync(Tour tour, Api customer, string order, Guid variantId)
    {
        // The lines are there before what was delivered is.
        await Eventually.Async(
            () => customer.GetAsync($"/api/returns/orders/{order}/returnable"), static answer => answer.Code == 200 && answer.Json["lines"]!.AsArray().Any(static line => (int)line!["quantity"]! > 0));
        await tour.ActAsync(customer, "POST /api/returns/returns/{id}/cancel", null, await AskAsync());
        await tour.ActAsync("POST /api/returns/returns/{id}/reject", new { reason = "Only a tour." }, await AskAsync());
        var id = await AskAsync();
        await tour.ActAsync("POST /api/returns/returns/{id}/approve", null, id);
        await tour.ActAsync("POST /api/returns/returns/{id}/receive", null, id);
        await tour.ActAsync("POST /api/returns/returns/{id}/inspect", new { lines = new[] { new { variantId, quantity = 1, condition = "asNew", disposition = "restock", isRefunded = true } } }, id);

        async Task<string> AskAsync() => (await tour.ActAsync(
            customer, "POST /api/returns/returns", new { orderId = order, lines = new[] { new { variantId, quantity = 1, reason = "doesNotFit" } } }, "", Tour.Key()))["id"];
    }

    private static readonly object[] Areas = [new { country = Country }];

    private static readonly object Address = new { name = "Ann Example", line1 = "Laugavegur 1", city = "Reykjavík", country = Country, postalCode = "101" };

    private static object Method(string code, string zone) =>
        new { code, title = "Toured", kind = "delivery", zone, rates = new[] { new { kind = "flat", price = Tour.Euros(490) } } };

    private static object Point(string code) => new { code, title = "Toured", address = Address };

    private static object[] Lines(Guid variantId, int quantity) => [new { variantId, quantity }];
}
