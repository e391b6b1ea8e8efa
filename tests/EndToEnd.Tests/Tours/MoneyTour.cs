using ModularMonolith.EndToEnd.Tests.Purchases;

namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>Gift cards, cards that want the customer's consent, and a comparison with what the provider reports.</summary>
internal static class MoneyTour
{
    public static async Task MoneyAsync(this Tour tour)
    {
        await tour.ActOnceAsync("POST /api/payments/gift-cards", new { amount = Tour.Euros(500), reason = "goodwill" });
        var other = (await tour.Staff.PostAsync("/api/payments/gift-cards", new { amount = Tour.Euros(500), reason = "goodwill" }, Tour.Key())).Expect(201);
        await tour.ActAsync("POST /api/payments/gift-cards/{id}/cancel", new { reason = "Only a tour." }, (string)other.Json["card"]!["id"]!);

        var sku = Shop.NewSku();
        await tour.Shop.SellAsync(9, sku);
        using var customer = tour.Callers.Guest();
        await tour.ActAsync(customer, "POST /api/payments/test-provider/{intent}/confirm", null, await IntentAsync(tour, customer, sku));
        await tour.ActAsync(customer, "POST /api/payments/test-provider/{intent}/refuse", null, await IntentAsync(tour, customer, sku));

        var from = TimeProvider.System.GetUtcNow().AddDays(-2);
        await tour.ActOnceAsync("POST /api/ledger/reconciliations", new { from, to = from.AddDays(1) });
    }

    private static async Task<string> IntentAsync(Tour tour, Api customer, string sku)
    {
        var basket = (await customer.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1 } } })).Expect(201)["id"];
        var checkout = (await customer.PostAsync("/api/ordering/checkouts", new { basketId = basket, email = "ann@example.org" })).Expect(201);
        var tenders = new[] { Storefront.CardOf("pm_card_authenticationRequired") };
        var order = (await tour.ActAsync(customer, "POST /api/ordering/orders", new { checkoutId = checkout["id"], expectedTotal = checkout.Json["total"], payment = new { tenders } }, "", Tour.Key()))["id"];
        var waiting = await tour.BecomesAsync("/api/ordering/orders/" + order, static seen => (string?)seen["actionUrl"] is not null);
        return ((string)waiting["actionUrl"]!).Split('/')[^1];
    }
}
