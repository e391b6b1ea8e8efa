using System.Net;
using System.Text.Json;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Tests.Quotes;

[Collection(nameof(PricingHost))]
public sealed class QuoteTests(PricingHost shop)
{
    [Fact]
    public async Task Without_any_rules_a_quote_is_the_catalogues_prices()
    {
        var variant = shop.Sell(1_250, "XAU");

        var quote = await shop.QuoteAsync("XAU", [PricingHost.Item(variant, 3)], shipping: new QuoteShipping("post", "Post", new Money(490, "XAU")));

        Assert.Equal(new Money(4_240, "XAU"), quote.Total);
        Assert.Equal(Money.Zero("XAU"), quote.Tax);
        Assert.Equal(new Money(3_750, "XAU"), Assert.Single(quote.Items).Subtotal);
        Assert.All(quote.Decisions, decision => Assert.Equal("tax", decision.Kind));
    }

    [Fact]
    public async Task Tax_is_that_of_the_destination_and_of_the_category()
    {
        await CreateZoneAsync("QA", new { tax = "vat", name = "VAT 19 %", rate = 0.19 }, new { tax = "vat", name = "VAT 7 %", rate = 0.07, category = "books" });
        var (shirt, book, free) = (shop.Sell(11_900), shop.Sell(1_070, taxCategory: "books"), shop.Sell(500, taxCategory: "not-taxable"));

        var quote = await shop.QuoteAsync("EUR", [PricingHost.Item(shirt), PricingHost.Item(book), PricingHost.Item(free)], new QuoteDestination("QA"));
        var abroad = await shop.QuoteAsync("EUR", [PricingHost.Item(shirt)], new QuoteDestination("QQ"));

        Assert.True(quote.PricesIncludeTax);
        Assert.Equal([1_900, 70, 0], quote.Items.Select(item => item.Tax.Amount));
        Assert.Equal(13_470, quote.Total.Amount);
        Assert.Equal(["VAT 19 %", "VAT 7 %"], quote.Taxes.Select(tax => tax.Name));
        Assert.Contains(quote.Decisions, decision => decision is { Kind: "tax", IsApplied: true, Amount.Amount: 1_900 });
        Assert.Contains(quote.Decisions, decision => decision.Kind == "tax" && !decision.IsApplied && decision.VariantId == free.VariantId);
        Assert.Contains(quote.Decisions, decision => decision.Kind == "rounding");
        Assert.Empty(abroad.Taxes);
        Assert.Contains(abroad.Decisions, decision => decision is { Kind: "tax", IsApplied: false } && decision.Reason.Contains("QQ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_most_specific_zone_counts_with_all_its_taxes()
    {
        await CreateZoneAsync("QB", new { tax = "state", name = "Federal", rate = 0.01 });
        await CreateZoneAsync("QB", "CA", null, new { tax = "state", name = "State", rate = 0.06 });
        await CreateZoneAsync("QB", "CA", "90", new { tax = "state", name = "State", rate = 0.06 }, new { tax = "city", name = "City", rate = 0.02 });
        var item = PricingHost.Item(shop.Sell(10_000));

        Assert.Equal(["Federal"], await NamesAsync(new QuoteDestination("QB", "NY", "90001")));
        Assert.Equal(["State"], await NamesAsync(new QuoteDestination("QB", "CA", "10001")));
        Assert.Equal(["State", "City"], await NamesAsync(new QuoteDestination("QB", "ca", " 90001")));

        async Task<IEnumerable<string>> NamesAsync(QuoteDestination destination) => (await shop.QuoteAsync("EUR", [item], destination)).Taxes.Select(tax => tax.Name);
    }

    [Fact]
    public async Task A_rate_changes_by_time_alone()
    {
        var change = shop.Host.Time.GetUtcNow().AddDays(10);
        await CreateZoneAsync("QC", new { tax = "vat", name = "Old", rate = 0.10, to = change }, new { tax = "vat", name = "New", rate = 0.20, from = change });
        var item = PricingHost.Item(shop.Sell(12_000));

        var before = await shop.QuoteAsync("EUR", [item], new QuoteDestination("QC"), at: change.AddTicks(-1));
        var after = await shop.QuoteAsync("EUR", [item], new QuoteDestination("QC"), at: change);

        Assert.Equal("Old", Assert.Single(before.Taxes).Name);
        Assert.Equal(("New", 2_000), (Assert.Single(after.Taxes).Name, after.Tax.Amount));
        Assert.Contains(after.Decisions, decision => decision is { Title: "Old", IsApplied: false });
    }

    [Fact]
    public async Task An_exempt_customer_pays_the_price_without_the_tax_and_the_invoice_says_why()
    {
        await CreateZoneAsync("QD", new { tax = "vat", name = "VAT 19 %", rate = 0.19 });
        var (customer, member) = (PricingHost.New("customer"), PricingHost.New("member"));
        var group = await shop.CreateGroupAsync(member);
        var own = await shop.CreateAsync("/tax-exemptions", new { reason = "VAT ID QD123", subject = customer, country = "QD", isReverseCharge = true });
        await shop.CreateAsync("/tax-exemptions", new { reason = "Diplomats", customerGroup = group });
        var item = PricingHost.Item(shop.Sell(11_900));

        var exempt = await shop.QuoteAsync("EUR", [item], new QuoteDestination("QD"), customer);
        var elsewhere = await shop.QuoteAsync("EUR", [item], new QuoteDestination("QD"), "somebody-else");
        var ofGroup = await shop.QuoteAsync("EUR", [item], new QuoteDestination("QD"), member);

        Assert.Equal((10_000, 0), (exempt.Total.Amount, exempt.Tax.Amount));
        Assert.Equal(("Reverse charge", 10_000), (Assert.Single(exempt.Taxes).Name, exempt.Taxes[0].Base.Amount));
        Assert.Contains(exempt.Decisions, decision => decision is { IsApplied: true, Reason: "VAT ID QD123" });
        Assert.Equal((11_900, 1_900), (elsewhere.Total.Amount, elsewhere.Tax.Amount));
        Assert.Equal(("Exempt from tax", 10_000), (Assert.Single(ofGroup.Taxes).Name, ofGroup.Total.Amount));

        await shop.CallAsync(HttpMethod.Delete, "/tax-exemptions/" + own.Json.GetProperty("id").GetString(), null, HttpStatusCode.NoContent);
        Assert.Equal(11_900, (await shop.QuoteAsync("EUR", [item], new QuoteDestination("QD"), customer)).Total.Amount);
    }

    [Fact]
    public async Task A_quote_is_reproduced_after_every_rule_was_changed_and_a_forged_one_is_not()
    {
        var currency = PricingHost.NewCurrency();
        var zone = await CreateZoneAsync("QE", new { tax = "vat", name = "VAT", rate = 0.19 });
        var variant = shop.Sell(1_999, currency);
        var list = await shop.CreateListAsync(currency, [(variant.VariantId, 1_799, 1), (variant.VariantId, 1_499, 5)]);
        var quote = await shop.QuoteAsync(currency, [PricingHost.Item(variant, 6)], new QuoteDestination("QE"), shipping: new QuoteShipping("post", "Post", new Money(495, currency)));
        Assert.Equal(6 * 1_499, quote.ItemsTotal.Amount);

        await shop.CallAsync(HttpMethod.Delete, "/price-lists/" + list, null, HttpStatusCode.NoContent, "*");
        await shop.CallAsync(HttpMethod.Put, "/tax-zones/" + zone, new { title = "Zone", country = "QE", rates = new[] { new { tax = "vat", name = "VAT", rate = 0.5 } } }, ifMatch: "*");
        var stored = JsonSerializer.Deserialize<Quote>(JsonSerializer.Serialize(quote))!;

        Assert.NotEqual(quote.Tax, (await shop.QuoteAsync(currency, [PricingHost.Item(variant, 6)], new QuoteDestination("QE"))).Tax);
        Assert.True((await shop.Host.SendAsync(new ReproduceQuote(stored))) is { IsSame: true, Differences: [] });
        Assert.Contains("Total", Assert.Single((await shop.Host.SendAsync(new ReproduceQuote(stored with { Total = new Money(1, currency) }))).Differences), StringComparison.Ordinal);
        Assert.False((await shop.Host.SendAsync(new ReproduceQuote(stored with { Evidence = JsonDocument.Parse("{}").RootElement }))).IsSame);
    }

    [Fact]
    public async Task An_item_without_a_price_in_the_currency_is_refused_and_named()
    {
        var variant = shop.Sell(100, "EUR");

        var refused = await Assert.ThrowsAsync<ProblemException>(() => shop.QuoteAsync("KRW", [PricingHost.Item(variant)]));
        var tooMuch = await Assert.ThrowsAsync<ProblemException>(() => shop.QuoteAsync("EUR", [PricingHost.Item(shop.Sell(1_000_000_000_000), 1_000_000)]));

        Assert.Equal(("price-missing", (object?)variant.VariantId), (refused.Type.Name, refused.Extensions["variantId"]));
        Assert.Equal("amount-too-large", tooMuch.Type.Name);
    }

    [Fact]
    public async Task A_caller_can_try_a_quote_out_and_staff_see_what_was_rejected_too()
    {
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(1_000, currency);
        var group = await shop.CreateGroupAsync();
        var code = await shop.CreateListAsync(currency, [(variant.VariantId, 1, 1)], group);
        var body = new { items = new[] { new { variantId = variant.VariantId, quantity = 2 } } };

        var seen = await shop.CallAsync(HttpMethod.Post, "/quotes", body, caller: TestCredentials.Of("customer"));
        var byStaff = await shop.CallAsync(HttpMethod.Post, "/quotes", body, caller: TestCredentials.Of("staff", "pricing:read"));

        Assert.Equal(2_000, seen.Json.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.DoesNotContain(code, seen.Json.ToString(), StringComparison.Ordinal);
        Assert.Contains(code, byStaff.Json.ToString(), StringComparison.Ordinal);
        Assert.False(seen.Json.TryGetProperty("evidence", out _));
        await shop.CallAsync(HttpMethod.Post, "/quotes", new { body.items, customer = "other" }, HttpStatusCode.Forbidden, caller: TestCredentials.Of("customer"));
        var unknown = await shop.CallAsync(
            HttpMethod.Post, "/quotes", new { items = new[] { new { variantId = Guid.NewGuid() } } }, HttpStatusCode.UnprocessableEntity, caller: TestCredentials.Of("customer"));
        Assert.Equal("variant-not-sold", unknown.Problem);
        var invalid = await shop.CallAsync(HttpMethod.Post, "/quotes", new { items = Array.Empty<object>() }, HttpStatusCode.BadRequest, caller: TestCredentials.Of("customer"));
        Assert.Equal("#/items", Assert.Single(invalid.Pointers));
    }

    private Task<string> CreateZoneAsync(string country, params object[] rates) => CreateZoneAsync(country, null, null, rates);

    private async Task<string> CreateZoneAsync(string country, string? region, string? postalPrefix, params object[] rates)
    {
        var code = PricingHost.New("zone");
        await shop.CreateAsync("/tax-zones", new { code, title = "Zone " + country, country, region, postalPrefix, rates });
        return code;
    }
}
