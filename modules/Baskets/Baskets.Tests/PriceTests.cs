using System.Net;
using System.Text.Json;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Baskets.Tests;

/// <summary>Baskets show what pricing says, for the caller and at the quantity of each line.</summary>
[Collection(nameof(BasketsHost))]
public sealed class PriceTests(BasketsHost shop)
{
    [Fact]
    public async Task A_line_has_the_price_of_its_quantity_as_soon_as_that_is_reached()
    {
        var variant = shop.Sell(1_000);
        shop.List(variant, 800, minQuantity: 3);

        var id = await shop.CreateAsync(new { sku = variant.Sku, quantity = 2 });
        var two = await shop.ShowAsync(id);
        var three = await shop.AddAsync(id, new { sku = variant.Sku });
        var four = await shop.ChangeAsync(id, variant.VariantId, 4);
        var one = await shop.ChangeAsync(id, variant.VariantId, 1);

        Assert.Equal([2_000, 2_400, 3_200, 1_000], new[] { two, three, four, one }.Select(Total));
        Assert.Equal(800, three.GetProperty("lines")[0].GetProperty("unitPrice").GetProperty("amount").GetInt64());
        Assert.Equal(1_000, three.GetProperty("lines")[0].GetProperty("compareAtPrice").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task A_basket_has_the_prices_of_whoever_looks_at_it()
    {
        var variant = shop.Sell(1_000);
        shop.List(variant, 700, customer: "trader");
        var id = await shop.CreateAsync(new { sku = variant.Sku });

        var ofTrader = await shop.CallAsync(HttpMethod.Get, "/" + id, HttpStatusCode.OK, caller: TestCredentials.Of("trader"));

        Assert.Equal(700, Total(ofTrader));
        Assert.Equal(1_000, Total(await shop.ShowAsync(id)));
    }

    [Fact]
    public async Task Another_module_sees_the_prices_of_lists_too()
    {
        var (listed, other) = (shop.Sell(1_000), shop.Sell(50));
        shop.List(listed, 600);
        var id = await shop.CreateAsync(new { sku = listed.Sku, quantity = 2 }, new { sku = other.Sku });

        var basket = (await shop.Host.SendAsync(new GetBasket(id)))!;

        Assert.Equal(new Money(1_250, "EUR"), basket.Total);
        Assert.Equal(new Money(600, "EUR"), basket.Lines[0].UnitPrice);
    }

    private static long Total(JsonElement basket) => basket.GetProperty("total").GetProperty("amount").GetInt64();
}
