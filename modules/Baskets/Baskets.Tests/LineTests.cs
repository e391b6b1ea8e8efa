using System.Net;
using System.Text;
using System.Text.Json;
using ModularMonolith.Baskets.Baskets;

namespace ModularMonolith.Baskets.Tests;

[Collection(nameof(BasketsHost))]
public sealed class LineTests(BasketsHost shop)
{
    [Fact]
    public async Task Adding_a_variant_twice_raises_the_quantity_of_its_line()
    {
        var variant = shop.Sell(250, stock: 5);
        var id = await shop.CreateAsync();

        await shop.AddAsync(id, new { variantId = variant.VariantId, quantity = 2 });
        var basket = await shop.AddAsync(id, new { sku = variant.Sku, quantity = 3 });

        var line = Assert.Single(basket.GetProperty("lines").EnumerateArray());
        Assert.Equal(5, line.GetProperty("quantity").GetInt32());
        Assert.Equal(1250, basket.GetProperty("total").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task An_unknown_variant_is_not_found()
    {
        var id = await shop.CreateAsync();

        var byId = await shop.AddAsync(id, new { variantId = Guid.NewGuid() }, HttpStatusCode.NotFound);
        var bySku = await shop.AddAsync(id, new { sku = "never-sold" }, HttpStatusCode.NotFound);

        Assert.Equal("/problems/unknown-variant", byId.GetProperty("type").GetString());
        Assert.Equal("/problems/unknown-variant", bySku.GetProperty("type").GetString());
        Assert.Contains("never-sold", bySku.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unpublished_variant_cannot_be_added()
    {
        var variant = shop.Sell();
        shop.Put(variant with { IsPublished = false });
        var id = await shop.CreateAsync();

        var problem = await shop.AddAsync(id, new { sku = variant.Sku }, HttpStatusCode.Conflict);

        Assert.Equal("/problems/variant-unpublished", problem.GetProperty("type").GetString());
        Assert.Equal(0, (await shop.ShowAsync(id)).GetProperty("lines").GetArrayLength());
    }

    [Fact]
    public async Task More_than_there_is_cannot_be_added_and_the_answer_says_how_many_there_are()
    {
        var variant = shop.Sell(stock: 4);
        var id = await shop.CreateAsync(new { sku = variant.Sku, quantity = 3 });

        var problem = await shop.AddAsync(id, new { sku = variant.Sku, quantity = 2 }, HttpStatusCode.Conflict);

        Assert.Equal("/problems/not-enough-stock", problem.GetProperty("type").GetString());
        Assert.Equal(4, problem.GetProperty("available").GetInt32());
        Assert.Equal(5, problem.GetProperty("requested").GetInt32());
        Assert.Equal(variant.Sku, problem.GetProperty("sku").GetString());
        Assert.Contains("Only 4", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await shop.AddAsync(id, new { sku = variant.Sku, quantity = 1 });
    }

    [Fact]
    public async Task A_variant_that_the_inventory_does_not_know_is_out_of_stock()
    {
        var variant = shop.Sell();
        shop.Put(variant with { TracksInventory = true });
        var id = await shop.CreateAsync();

        var problem = await shop.AddAsync(id, new { sku = variant.Sku }, HttpStatusCode.Conflict);

        Assert.Equal(0, problem.GetProperty("available").GetInt32());
    }

    [Fact]
    public async Task A_variant_that_does_not_track_inventory_is_never_short()
    {
        var id = await shop.CreateAsync(new { sku = shop.Sell().Sku, quantity = Basket.MaximumQuantity });

        Assert.Equal(JsonValueKind.Null, (await shop.ShowAsync(id)).GetProperty("lines")[0].GetProperty("problem").ValueKind);
    }

    [Fact]
    public async Task A_line_has_at_most_999_pieces()
    {
        var variant = shop.Sell();
        var id = await shop.CreateAsync(new { sku = variant.Sku, quantity = 990 });

        var problem = await shop.AddAsync(id, new { sku = variant.Sku, quantity = 10 }, HttpStatusCode.Conflict);

        Assert.Equal("/problems/quantity-limit", problem.GetProperty("type").GetString());
        Assert.Equal(990, problem.GetProperty("inBasket").GetInt32());
    }

    [Fact]
    public async Task A_basket_has_at_most_100_lines()
    {
        var id = await shop.CreateAsync([.. Enumerable.Range(0, Basket.MaximumLines).Select(_ => new { sku = shop.Sell(100).Sku })]);

        var problem = await shop.AddAsync(id, new { sku = shop.Sell().Sku }, HttpStatusCode.Conflict);

        Assert.Equal("/problems/basket-full", problem.GetProperty("type").GetString());
        Assert.Equal(10_000, (await shop.ShowAsync(id)).GetProperty("total").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task The_quantity_of_a_line_can_be_set()
    {
        var variant = shop.Sell(100, stock: 10);
        var id = await shop.CreateAsync(new { sku = variant.Sku, quantity = 2 });

        var basket = await shop.ChangeAsync(id, variant.VariantId, 7);

        Assert.Equal(700, basket.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal(7, (await shop.ShowAsync(id)).GetProperty("lines")[0].GetProperty("quantity").GetInt32());
    }

    [Fact]
    public async Task A_quantity_can_always_be_lowered_but_raised_only_as_far_as_the_stock_goes()
    {
        var variant = shop.Sell(stock: 9);
        var id = await shop.CreateAsync(new { sku = variant.Sku, quantity = 9 });
        shop.Stock(variant, 4);

        var stillShort = await shop.ChangeAsync(id, variant.VariantId, 6);
        var refused = await shop.ChangeAsync(id, variant.VariantId, 7, HttpStatusCode.Conflict);
        var fits = await shop.ChangeAsync(id, variant.VariantId, 4);

        Assert.Equal(4, stillShort.GetProperty("lines")[0].GetProperty("problem").GetProperty("available").GetInt32());
        Assert.Equal(4, refused.GetProperty("available").GetInt32());
        Assert.Equal(JsonValueKind.Null, fits.GetProperty("lines")[0].GetProperty("problem").ValueKind);
    }

    [Fact]
    public async Task A_line_that_is_not_sold_any_more_can_be_lowered_and_removed_but_not_raised()
    {
        var variant = shop.Sell();
        var id = await shop.CreateAsync(new { sku = variant.Sku, quantity = 2 });
        shop.Remove(variant);

        await shop.ChangeAsync(id, variant.VariantId, 3, HttpStatusCode.NotFound);
        await shop.ChangeAsync(id, variant.VariantId, 1);
        var basket = await shop.RemoveLineAsync(id, variant.VariantId);

        Assert.Equal(0, basket.GetProperty("lines").GetArrayLength());
    }

    [Fact]
    public async Task A_line_that_the_basket_does_not_have_is_not_found()
    {
        var id = await shop.CreateAsync();

        var problem = await shop.ChangeAsync(id, Guid.NewGuid(), 1, HttpStatusCode.NotFound);
        await shop.RemoveLineAsync(id, Guid.NewGuid(), HttpStatusCode.NotFound);

        Assert.Contains("no line", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_a_line_leaves_the_others()
    {
        var (kept, removed) = (shop.Sell(300), shop.Sell(400));
        var id = await shop.CreateAsync(new { sku = kept.Sku }, new { sku = removed.Sku });

        var basket = await shop.RemoveLineAsync(id, removed.VariantId);

        Assert.Equal(kept.VariantId, Assert.Single(basket.GetProperty("lines").EnumerateArray()).GetProperty("variantId").GetGuid());
        Assert.Equal(300, basket.GetProperty("total").GetProperty("amount").GetInt64());
    }

    [Theory]
    [InlineData("""{"quantity":1}""", "#/variantId")]
    [InlineData("""{"sku":"","quantity":1}""", "#/sku")]
    [InlineData("""{"sku":"a","quantity":0}""", "#/quantity")]
    [InlineData("""{"sku":"a","quantity":-1}""", "#/quantity")]
    [InlineData("""{"sku":"a","quantity":1000}""", "#/quantity")]
    [InlineData("""{"sku":"\u0000"}""", "#/sku")]
    public async Task Invalid_fields_of_a_line_are_named(string body, string pointer)
    {
        var id = await shop.CreateAsync();

        var problem = await shop.AddAsync(id, Json(body), HttpStatusCode.BadRequest);

        Assert.Equal("/problems/validation", problem.GetProperty("type").GetString());
        Assert.Equal(pointer, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"sku":"a","colour":"red"}""")]
    [InlineData("""{"variantId":"not-a-guid"}""")]
    [InlineData("""{"sku":"a","quantity":2147483648}""")]
    public async Task A_line_that_cannot_be_read_is_refused(string body)
    {
        var id = await shop.CreateAsync();

        var problem = await shop.AddAsync(id, Json(body), HttpStatusCode.BadRequest);

        Assert.Equal("/problems/malformed-request", problem.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task A_quantity_out_of_range_cannot_be_set(int quantity)
    {
        var variant = shop.Sell();
        var id = await shop.CreateAsync(new { sku = variant.Sku });

        var problem = await shop.ChangeAsync(id, variant.VariantId, quantity, HttpStatusCode.BadRequest);

        Assert.Equal("#/quantity", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
