namespace ModularMonolith.EndToEnd.Tests.Tours;

/// <summary>Prices for a group of customers, their taxes, and a promotion with coupons. It is about nobody else, so that other tests pay what they paid before.</summary>
internal static class PricingTour
{
    private const string Country = "LI";

    public static async Task PricingAsync(this Tour tour)
    {
        var group = Tour.NewCode();
        await tour.ActAsync("POST /api/pricing/customer-groups", new { code = group, title = "Toured" });
        await tour.ActAsync("POST /api/pricing/customer-groups/{code}/members", new { add = new[] { "somebody" } }, group);
        await PriceListsAsync(tour, group);
        await TaxesAsync(tour, group);
        await PromotionsAsync(tour);
        var other = Tour.NewCode();
        var made = (await tour.Staff.PostAsync("/api/pricing/customer-groups", new { code = other, title = "Not needed" })).Expect(201);
        var changed = await tour.ActAsync("PUT /api/pricing/customer-groups/{code}", new { title = "Not needed any more" }, other, Tour.Match(made));
        await tour.ActAsync("DELETE /api/pricing/customer-groups/{code}", null, other, Tour.Match(changed));
    }

    private static async Task PriceListsAsync(Tour tour, string group)
    {
        var (code, variantId) = (Tour.NewCode(), Guid.CreateVersion7());
        var made = await tour.ActAsync("POST /api/pricing/price-lists", new { code, title = "Toured", currency = "EUR", customerGroup = group });
        await tour.ActAsync("PUT /api/pricing/price-lists/{code}", new { title = "Toured twice", customerGroup = group }, code, Tour.Match(made));
        await tour.ActAsync("PUT /api/pricing/price-lists/{code}/prices", new { prices = new[] { Price(variantId, 1), Price(variantId, 10) } }, code);
        await tour.ActAsync("POST /api/pricing/price-lists/{code}/prices/remove", new { prices = new[] { new { variantId, minQuantity = 10 } } }, code);
        var other = Tour.NewCode();
        made = (await tour.Staff.PostAsync("/api/pricing/price-lists", new { code = other, title = "Not needed", currency = "EUR", customerGroup = group })).Expect(201);
        await tour.ActAsync("DELETE /api/pricing/price-lists/{code}", null, other, Tour.Match(made));
    }

    private static async Task TaxesAsync(Tour tour, string group)
    {
        var code = Tour.NewCode();
        var made = await tour.ActAsync("POST /api/pricing/tax-zones", new { code, title = "Toured", country = Country, postalPrefix = "94", rates = Rates });
        await tour.ActAsync("PUT /api/pricing/tax-zones/{code}", new { title = "Toured twice", country = Country, postalPrefix = "94", rates = Rates }, code, Tour.Match(made));
        await tour.ActOnceAsync("POST /api/pricing/tax-exemptions", new { reason = "Only a tour.", customerGroup = group });

        var other = Tour.NewCode();
        made = (await tour.Staff.PostAsync("/api/pricing/tax-zones", new { code = other, title = "Not needed", country = Country, postalPrefix = "95", rates = Rates })).Expect(201);
        await tour.ActAsync("DELETE /api/pricing/tax-zones/{code}", null, other, Tour.Match(made));
        var exemption = (await tour.Staff.PostAsync("/api/pricing/tax-exemptions", new { reason = "Not needed", customerGroup = group }, Tour.Key())).Expect(201)["id"];
        await tour.ActAsync("DELETE /api/pricing/tax-exemptions/{id}", null, exemption);
    }

    private static async Task PromotionsAsync(Tour tour)
    {
        var made = await tour.ActOnceAsync("POST /api/pricing/promotions", Promotion("Toured"));
        var id = made["id"];
        await tour.ActAsync("PUT /api/pricing/promotions/{id}", Promotion("Toured twice"), id, Tour.Match(made));
        await tour.ActAsync("POST /api/pricing/coupons", new { code = Tour.NewCode().ToUpperInvariant(), promotionId = id });
        await tour.ActOnceAsync("POST /api/pricing/promotions/{id}/coupons", new { count = 3 }, id);
        await tour.ActAsync("POST /api/pricing/promotions/{id}/activate", null, id);
        await tour.ActAsync("POST /api/pricing/promotions/{id}/pause", null, id);
        await tour.ActAsync("POST /api/pricing/promotions/{id}/end", null, id);
    }

    private static readonly object[] Rates = [new { tax = "vat", name = "VAT 8 %", rate = 0.08 }];

    private static object Price(Guid variantId, int minQuantity) => new { variantId, price = Tour.Euros(2_000 - minQuantity), minQuantity };

    private static object Promotion(string title) => new { title, byCoupon = true, actions = new[] { new { percentage = new { percent = 10 } } } };
}
