namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>Orders that the customer fetches from a pickup point, from the choice until the parcel is collected or has to go back.</summary>
public sealed class PickupTests(PurchaseTests.OpenShop open) : IClassFixture<PurchaseTests.OpenShop>, IAsyncLifetime
{
    private const long PickupPrice = 290;

    private Storefront Store => open.Store;

    public async Task InitializeAsync()
    {
        var made = await Store.Staff.PostAsync("/api/shipping/methods", new
        {
            code = "to-point",
            title = "To a pickup point",
            kind = "pickup",
            zone = "germany",
            needsPickupPoint = true,
            rates = new[] { new { kind = "flat", price = Storefront.Euros(PickupPrice) } },
        });
        if (made.Code == 409)
        {
            return;
        }

        made.Expect(201);
        foreach (var (code, postalCode, isActive) in new[] { ("far", "80331", true), ("near", "10117", true), ("closed", "10115", false) })
        {
            (await Store.Staff.PostAsync("/api/shipping/pickup-points", new
            {
                code,
                title = "Kiosk " + code,
                address = new { name = "Kiosk", line1 = "Torstraße 1", city = "Berlin", country = "DE", postalCode },
                isActive,
                keptDays = 3,
            })).Expect(201);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_parcel_is_brought_to_the_point_that_was_chosen_and_collected_there()
    {
        using var customer = open.Callers.Guest();
        var (id, shipment) = await DispatchedAsync(customer);

        (await Store.Staff.PostAsync($"/api/shipping/shipments/{shipment}/tracking", new { status = "readyForPickup", occurredAt = TimeProvider.System.GetUtcNow() })).Expect(200);
        var token = (string)(await Store.ShipmentBecomesAsync(shipment, "readyForPickup"))["trackingToken"]!;
        using var anybody = open.Callers.Anonymous();
        var page = (await anybody.GetAsync("/api/shipping/tracking/" + token)).Expect(200);
        Assert.Equal(("readyForPickup", "Kiosk near"), (page["status"], (string?)page.Json["pickupPoint"]!["title"]));
        Assert.NotNull((string?)page.Json["collectBy"]);
        var ready = await Store.OrderBecomesAsync(id, static order => (string?)order["fulfilmentStatus"] == "ready-for-pickup");
        Assert.Equal(("readyForPickup", (string)page.Json["collectBy"]!), ((string?)ready["shipments"]![0]!["status"], (string?)ready["shipments"]![0]!["collectBy"]));
        Assert.DoesNotContain("Ann Example", page.Body, StringComparison.Ordinal);
        (await Store.Staff.PostAsync($"/api/shipping/shipments/{shipment}/tracking", new { status = "collected", occurredAt = TimeProvider.System.GetUtcNow() })).Expect(200);

        var done = await Store.OrderBecomesAsync(id, static order => (string?)order["status"] == "completed");
        Assert.Equal(("captured", "delivered"), ((string?)done["paymentStatus"], (string?)done["fulfilmentStatus"]));
        Assert.Equal("collected", (await anybody.GetAsync("/api/shipping/tracking/" + token)).Expect(200)["status"]);
        await Store.VerifyAsync();
    }

    [Fact]
    public async Task A_parcel_that_nobody_collects_in_time_goes_back()
    {
        using var customer = open.Callers.Guest();
        var (id, shipment) = await DispatchedAsync(customer);

        (await Store.Staff.PostAsync($"/api/shipping/shipments/{shipment}/tracking", new { status = "readyForPickup", occurredAt = TimeProvider.System.GetUtcNow().AddDays(-3) })).Expect(200);

        await Store.ShipmentBecomesAsync(shipment, "notCollected");
        await Store.OrderBecomesAsync(id, static order => (bool)order["needsAttention"]! && (string?)order["shipments"]![0]!["status"] == "notCollected");
        (await Store.Staff.PostAsync($"/api/shipping/shipments/{shipment}/tracking", new { status = "returnedToSender", occurredAt = TimeProvider.System.GetUtcNow() })).Expect(200);
        Assert.Equal("shipped", (string?)(await Store.OrderOf(id))["status"]);
    }

    // Chosen, ordered with a card, packed and on its way.
    private async Task<(string Order, string Shipment)> DispatchedAsync(Api customer)
    {
        var sku = Shop.NewSku();
        await Store.Shop.SellAsync(2, sku);
        var checkout = await Store.CheckoutAsync(customer, new Dictionary<string, int> { [sku] = 1 });
        var path = "/api/ordering/checkouts/" + checkout["id"];
        var changed = (await customer.PatchAsync(path, new { shippingMethod = "to-point" })).Expect(200).Json;
        Assert.Equal((Storefront.Price + PickupPrice) * 120 / 100, Storefront.Cents(changed["total"]));
        (await Storefront.OrderAsync(customer, changed, [Storefront.CardOf(Storefront.Card)])).ExpectProblem(409, "pickup-point-required");
        var points = (await customer.GetAsync(path + "/pickup-points")).Expect(200).Json["pickupPoints"]!.AsArray();
        Assert.Equal(["near", "far"], points.Select(static point => (string?)point!["code"]));
        (await customer.PatchAsync(path, new { pickupPoint = "closed" })).ExpectProblem(409, "pickup-point-unavailable");
        var chosen = (await customer.PatchAsync(path, new { pickupPoint = "near" })).Expect(200).Json;

        var order = (await Storefront.OrderAsync(customer, chosen, [Storefront.CardOf(Storefront.Card)])).Expect(201).Json;
        Assert.Equal("near", (string?)order["shipping"]!["pickupPoint"]!["code"]);
        var id = (string)order["id"]!;
        var shipment = await Store.PackAsync(id, Storefront.VariantOf(order), 1);
        await Store.DispatchAsync(shipment);
        var label = (await Store.Staff.GetAsync($"/api/shipping/shipments/{shipment}/label")).Expect(200).Body;
        Assert.Contains("Kiosk near", label, StringComparison.Ordinal);
        Assert.Contains("Ann Example", label, StringComparison.Ordinal);
        await Store.OrderBecomesAsync(id, static seen => (string?)seen["fulfilmentStatus"] == "shipped");
        return (id, shipment);
    }
}
