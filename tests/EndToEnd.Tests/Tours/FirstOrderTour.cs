using ModularMonolith.EndToEnd.Tests.Conventions;

namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>Something to sell, a basket, and an order that the staff takes further by hand.</summary>
internal static class FirstOrderTour
{
    public static async Task FirstOrderAsync(this Tour tour)
    {
        var sku = Shop.NewSku();
        await tour.ActAsync("POST /api/catalog/imports", Api.Bytes(Shop.Products(20, sku), "text/csv"));
        await tour.Shop.StockBecomesAsync(sku, 20, 0);
        var product = await tour.ActAsync("POST /api/catalog/products", ConventionsHost.Product("Toured"));
        var id = product["id"];
        await tour.ActAsync("POST /api/catalog/products/{id}/publish", null, id);
        await tour.ActAsync("POST /api/catalog/products/{id}/unpublish", null, id);
        var tag = (await tour.Staff.GetAsync("/api/catalog/products/" + id)).Header("ETag");
        await tour.ActAsync("PUT /api/catalog/products/{id}", ConventionsHost.Product("Toured twice"), id, ("If-Match", tag));
        await tour.ActAsync("POST /api/catalog/products/{id}/archive", null, id);

        var basket = (await tour.ActAsync("POST /api/baskets", new { lines = Array.Empty<object>() }))["id"];
        var line = await tour.ActAsync("POST /api/baskets/{basketId}/lines", new { sku, quantity = 1 }, basket);
        var variant = (string)line.Json["lines"]![0]!["variantId"]!;
        await tour.ActAsync("PUT /api/baskets/{basketId}/lines/{variantId}", new { quantity = 2 }, $"{basket},{variant}");
        var checkout = await tour.ActAsync("POST /api/ordering/checkouts", new { basketId = basket });
        await tour.ActAsync("DELETE /api/ordering/checkouts/{id}", null, checkout["id"]);
        var order = await OrderAsync(tour, basket);
        await tour.ActAsync("POST /api/ordering/orders/{id}/mark-paid", null, order);
        await Eventually.Async(async () => (await tour.Staff.GetAsync("/api/ordering/orders/" + order))["status"], static status => status.Equals("confirmed", StringComparison.OrdinalIgnoreCase));
        await tour.ActAsync("POST /api/ordering/orders/{id}/mark-shipped", null, order);
        await tour.ActAsync("POST /api/ordering/orders/{id}/cancel", new { reason = "Only a tour." }, await OrderAsync(tour, await tour.Shop.BasketAsync(sku)));

        basket = await tour.Shop.BasketAsync(sku);
        variant = (string)(await tour.Staff.GetAsync("/api/baskets/" + basket)).Json["lines"]![0]!["variantId"]!;
        await tour.ActAsync("DELETE /api/baskets/{basketId}/lines/{variantId}", null, $"{basket},{variant}");
        await tour.ActAsync("DELETE /api/baskets/{basketId}", null, basket);
        await tour.ActAsync("POST /api/log/subscriptions/{module}/{name}/rewind", new { position = int.MaxValue, reason = "Only a tour." }, "inventory,declare-stock");
    }

    private static async Task<string> OrderAsync(Tour tour, string basket)
    {
        var checkout = (await tour.Shop.CheckoutAsync(basket)).Expect(201).Json;
        return (await tour.ActOnceAsync("POST /api/ordering/orders", new { checkoutId = (string)checkout["id"]!, expectedTotal = checkout["total"] }))["id"];
    }
}
