namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>Stock at two locations: received, moved, counted, sent, and certified.</summary>
internal static class WarehouseTour
{
    public static async Task WarehouseAsync(this Tour tour)
    {
        var (sku, place) = (Shop.NewSku(), Tour.NewCode());
        var made = await tour.ActAsync("POST /api/inventory/locations", new { code = place, name = "Toured", priority = 1_000 });
        await tour.ActAsync("PUT /api/inventory/locations/{code}", new { name = "Toured twice", priority = 1_000 }, place, Tour.Match(made));
        await tour.ActOnceAsync("POST /api/inventory/receipts", new { sku, quantity = 20 });
        await tour.ActOnceAsync("POST /api/inventory/transfers", new { sku, from = "main", to = place, quantity = 2 });
        await tour.ActOnceAsync("POST /api/inventory/adjustments", new { sku, delta = -1, reason = "Only a tour." });
        await tour.ActOnceAsync("POST /api/inventory/adjustments/bulk", new { items = new[] { new { sku, delta = -1, reason = "Only a tour." } } });
        await PoliciesAsync(tour, sku);
        await CountsAsync(tour, sku);

        var sent = (await tour.ActOnceAsync("POST /api/inventory/transits", new { from = "main", to = place, lines = Lines(sku, 3) }))["id"];
        await tour.ActOnceAsync("POST /api/inventory/transits/{id}/receipts", new { lines = Lines(sku, 2) }, sent);
        await tour.ActOnceAsync("POST /api/inventory/transits/{id}/losses", new { lines = Lines(sku, 1), reason = "Only a tour." }, sent);
        await tour.ActAsync("POST /api/inventory/certificates");
    }

    private static async Task PoliciesAsync(Tour tour, string sku)
    {
        var address = "/api/inventory/policies/item?sku=" + sku;
        var policy = (await tour.Staff.GetAsync(address)).Expect(200);
        await tour.ActAsync("PUT /api/inventory/policies/item", new { safetyStock = 1 }, "?sku=" + sku, Tour.Match(policy));
        await tour.ActAsync("POST /api/inventory/policies/bulk", new { items = new[] { new { sku, policy = new { safetyStock = 2 } } } });
    }

    private static async Task CountsAsync(Tour tour, string sku)
    {
        var count = (await tour.ActOnceAsync("POST /api/inventory/counts", new { note = "Only a tour." }))["id"];
        await tour.ActOnceAsync("POST /api/inventory/counts/{id}/quantities", new { items = new[] { new { sku, counted = 15 } } }, count);
        await tour.ActOnceAsync("POST /api/inventory/counts/{id}/close", null, count);
        var another = (await tour.ActOnceAsync("POST /api/inventory/counts", new { note = "Only a tour." }))["id"];
        await tour.ActAsync("POST /api/inventory/counts/{id}/cancel", null, another);
    }

    private static object[] Lines(string sku, int quantity) => [new { sku, quantity }];
}
