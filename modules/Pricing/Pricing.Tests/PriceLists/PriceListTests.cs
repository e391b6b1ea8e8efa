using System.Net;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Tests.PriceLists;

[Collection(nameof(PricingHost))]
public sealed class PriceListTests(PricingHost shop)
{
    [Fact]
    public async Task A_list_takes_the_place_of_the_catalogues_price_by_quantity()
    {
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(1_000, currency);
        var list = await shop.CreateListAsync(currency, [(variant.VariantId, 900, 1), (variant.VariantId, 700, 10)]);

        Assert.Equal((900, list), await PriceAsync(variant, currency, 9));
        Assert.Equal((700, list), await PriceAsync(variant, currency, 10));
        var quote = await shop.QuoteAsync(currency, [PricingHost.Item(variant, 10)]);
        Assert.Equal(7_000, quote.Total.Amount);
        Assert.Equal([(list, false), (list, true)], quote.Decisions.Where(decision => decision.Kind == "price-list").Select(decision => (decision.Rule, decision.IsApplied)));
    }

    [Fact]
    public async Task A_price_in_another_currency_makes_a_variant_sold_in_it()
    {
        var variant = shop.Sell(1_000, "EUR");
        var yen = PricingHost.NewCurrency();
        await shop.CreateListAsync(yen, [(variant.VariantId, 160, 1)]);

        Assert.Equal(160, (await PriceAsync(variant, yen)).Price);
        Assert.Empty(await shop.Host.SendAsync(new GetPrices("KRW", null, [new PricedVariant(variant.VariantId, 1, variant.Price)])));
    }

    [Fact]
    public async Task A_groups_list_is_for_its_members_only()
    {
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(1_000, currency);
        var member = PricingHost.New("member");
        var group = await shop.CreateGroupAsync(member);
        await shop.CreateListAsync(currency, [(variant.VariantId, 600, 1)], group);

        Assert.Equal(600, (await PriceAsync(variant, currency, customer: member)).Price);
        Assert.Equal(1_000, (await PriceAsync(variant, currency, customer: "somebody-else")).Price);
        Assert.Equal(1_000, (await PriceAsync(variant, currency)).Price);
        await shop.CallAsync(HttpMethod.Post, $"/customer-groups/{group}/members", new { remove = new[] { member } }, HttpStatusCode.NoContent);
        Assert.Equal(1_000, (await PriceAsync(variant, currency, customer: member)).Price);
    }

    [Fact]
    public async Task A_scheduled_price_begins_and_ends_by_itself()
    {
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(1_000, currency);
        var start = shop.Host.Time.GetUtcNow().AddDays(3);
        await shop.CreateListAsync(currency, [(variant.VariantId, 500, 1)], startsAt: start, endsAt: start.AddDays(1));

        Assert.Equal([1_000, 500, 500, 1_000], await PricesAtAsync(start.AddTicks(-10), start, start.AddDays(1).AddTicks(-10), start.AddDays(1)));

        async Task<IEnumerable<long>> PricesAtAsync(params DateTimeOffset[] moments)
        {
            var prices = new List<long>();
            foreach (var moment in moments)
            {
                prices.Add((await shop.QuoteAsync(currency, [PricingHost.Item(variant)], at: moment)).Total.Amount);
            }

            return prices;
        }
    }

    [Fact]
    public async Task Prices_can_be_changed_listed_and_taken_out()
    {
        var currency = PricingHost.NewCurrency();
        var variants = Enumerable.Range(0, 5).Select(_ => shop.Sell(1_000, currency)).ToList();
        var list = await shop.CreateListAsync(currency, variants.Select(variant => (variant.VariantId, 900L, 1)));
        await shop.PutAsync(list, currency, [(variants[0].VariantId, 800, 1), (variants[0].VariantId, 700, 3)]);

        var first = await shop.GetAsync($"/price-lists/{list}/prices?limit=4");
        var second = await shop.GetAsync($"/price-lists/{list}/prices?limit=4&cursor={first.Json.GetProperty("next").GetString()}");
        Assert.Equal(
            variants.Select(variant => (variant.VariantId, 1)).Append((variants[0].VariantId, 3)).ToHashSet(),
            first.Json.GetProperty("items").EnumerateArray().Concat(second.Json.GetProperty("items").EnumerateArray())
                .Select(price => (price.GetProperty("variantId").GetGuid(), price.GetProperty("minQuantity").GetInt32())).ToHashSet());
        Assert.Equal(2, second.Json.GetProperty("items").GetArrayLength());

        await shop.CallAsync(HttpMethod.Post, $"/price-lists/{list}/prices/remove", new { prices = new[] { new { variantId = variants[0].VariantId } } }, HttpStatusCode.NoContent);
        Assert.Equal(1_000, (await PriceAsync(variants[0], currency)).Price);
        Assert.Equal(700, (await PriceAsync(variants[0], currency, 3)).Price);
    }

    [Fact]
    public async Task A_deleted_list_counts_no_more_and_comes_back_empty_under_its_code()
    {
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(1_000, currency);
        var list = await shop.CreateListAsync(currency, [(variant.VariantId, 900, 1)]);

        await shop.CallAsync(HttpMethod.Delete, "/price-lists/" + list, null, HttpStatusCode.NoContent, "\"v1\"");
        await shop.GetAsync("/price-lists/" + list, HttpStatusCode.NotFound);
        Assert.Equal(1_000, (await PriceAsync(variant, currency)).Price);
        await shop.CreateAsync("/price-lists", new { code = list, title = "Again", currency });
        Assert.Equal(1_000, (await PriceAsync(variant, currency)).Price);
    }

    [Fact]
    public async Task A_change_needs_the_version_that_was_read()
    {
        var list = await shop.CreateListAsync(PricingHost.NewCurrency(), [(Guid.NewGuid(), 1, 1)]);
        var read = await shop.GetAsync("/price-lists/" + list);

        await shop.CallAsync(HttpMethod.Put, "/price-lists/" + list, new { title = "New" }, (HttpStatusCode)428);
        var changed = await shop.CallAsync(HttpMethod.Put, "/price-lists/" + list, new { title = "New", priority = 5 }, ifMatch: read.ETag);
        await shop.CallAsync(HttpMethod.Put, "/price-lists/" + list, new { title = "Newer" }, HttpStatusCode.PreconditionFailed, read.ETag);

        Assert.Equal(("New", 5, 2), (changed.Json.GetProperty("title").GetString(), changed.Json.GetProperty("priority").GetInt32(), changed.Json.GetProperty("version").GetInt32()));
        Assert.Equal("\"v2\"", changed.ETag);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_field()
    {
        var currency = PricingHost.NewCurrency();
        var list = await shop.CreateListAsync(currency, [(Guid.NewGuid(), 1, 1)]);
        object foreign = new { prices = new[] { new { variantId = Guid.NewGuid(), price = new { amount = 1, currency = "EUR" } } } };

        Assert.Equal("#/code", Assert.Single((await shop.CallAsync(HttpMethod.Post, "/price-lists", new { code = "Not A Code", title = "x", currency }, HttpStatusCode.BadRequest)).Pointers));
        Assert.Equal("#/endsAt", Assert.Single((await shop.CallAsync(
            HttpMethod.Post, "/price-lists", new { code = "x", title = "x", currency, startsAt = "2026-01-02T00:00:00Z", endsAt = "2026-01-01T00:00:00Z" }, HttpStatusCode.BadRequest)).Pointers));
        Assert.Equal("#/prices/0/price", Assert.Single((await shop.CallAsync(HttpMethod.Put, $"/price-lists/{list}/prices", foreign, HttpStatusCode.BadRequest)).Pointers));
        Assert.Equal("unknown-customer-group", (await shop.CallAsync(
            HttpMethod.Post, "/price-lists", new { code = PricingHost.New("list"), title = "x", currency, customerGroup = "nobody" }, HttpStatusCode.UnprocessableEntity)).Problem);
        Assert.Equal("illegal-state", (await shop.CallAsync(HttpMethod.Post, "/price-lists", new { code = list, title = "x", currency }, HttpStatusCode.Conflict)).Problem);
    }

    [Fact]
    public async Task A_change_on_one_host_counts_on_the_other_a_second_later()
    {
        await using var other = await shop.Host.StartAnotherAsync();
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(1_000, currency);
        var question = new GetPrices(currency, null, [new PricedVariant(variant.VariantId, 1, variant.Price)]);
        Assert.Equal(1_000, Assert.Single(await other.SendAsync(question)).UnitPrice.Amount);

        await shop.CreateListAsync(currency, [(variant.VariantId, 900, 1)]);

        // Much more than the second, for a busy machine, and less than anybody would keep prices on purpose.
        await Eventually.Async(async () => Assert.Single(await other.SendAsync(question)).UnitPrice.Amount, static price => price == 900, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_lowest_price_before_a_reduction_comes_from_what_the_catalogue_has_told()
    {
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(700, currency, compareAt: 1_000);
        var now = shop.Host.Time.GetUtcNow();
        await shop.Host.PublishAsync(Changed(variant, 1_000, null, now.AddDays(-90)));
        await shop.Host.PublishAsync(Changed(variant, 850, null, now.AddDays(-20)));
        await shop.Host.PublishAsync(Changed(variant, 700, 1_000, now.AddDays(-1)));
        await Eventually.TrueAsync(async () => (long)(await shop.ScalarAsync("select count(*) from pricing.price_change where variant_id = $1", variant.VariantId))! == 3);

        var item = Assert.Single((await shop.QuoteAsync(currency, [PricingHost.Item(variant)])).Items);
        var page = await shop.GetAsync($"/prices?variantId={variant.VariantId}&currency={currency}");

        Assert.Equal((700, 1_000, 850), (item.UnitPrice.Amount, item.CompareAtPrice!.Value.Amount, item.LowestPrice!.Value.Amount));
        Assert.Equal(850, page.Json.GetProperty("items")[0].GetProperty("lowestPrice").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task The_lowest_price_knows_when_a_list_was_active()
    {
        var currency = PricingHost.NewCurrency();
        var variant = shop.Sell(900, currency, compareAt: 1_000);
        var now = shop.Host.Time.GetUtcNow();
        await shop.Host.PublishAsync(Changed(variant, 1_000, null, now.AddDays(-90)));
        await Eventually.TrueAsync(async () => (long)(await shop.ScalarAsync("select count(*) from pricing.price_change where variant_id = $1", variant.VariantId))! == 1);
        await shop.CreateListAsync(currency, [(variant.VariantId, 640, 1)], endsAt: now.AddDays(2));

        var later = await shop.QuoteAsync(currency, [PricingHost.Item(variant)], at: now.AddDays(10));
        var muchLater = await shop.QuoteAsync(currency, [PricingHost.Item(variant)], at: now.AddDays(40));

        Assert.Equal(640, later.Items[0].LowestPrice!.Value.Amount);
        Assert.Equal(1_000, muchLater.Items[0].LowestPrice!.Value.Amount);
    }

    private async Task<(long Price, string? List)> PriceAsync(VariantDetails variant, string currency, int quantity = 1, string? customer = null)
    {
        var price = Assert.Single(await shop.Host.SendAsync(new GetPrices(currency, customer, [new PricedVariant(variant.VariantId, quantity, variant.Price)])));
        return (price.UnitPrice.Amount, price.PriceList);
    }

    private static PricesChanged Changed(VariantDetails variant, long price, long? compareAt, DateTimeOffset at) => new(
        variant.ProductId,
        [new ChangedPrice(variant.VariantId, variant.Sku, new Money(price, variant.Price.Currency), compareAt is { } crossed ? new Money(crossed, variant.Price.Currency) : null)], at);
}
