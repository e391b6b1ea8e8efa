using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ModularMonolith.Baskets.Baskets;

namespace ModularMonolith.Baskets.Tests;

[Collection(nameof(BasketsHost))]
public sealed class BasketTests(BasketsHost shop)
{
    [Fact]
    public async Task A_new_basket_is_empty_and_has_an_unguessable_id()
    {
        using var created = await shop.Client.PostAsync("/api/baskets", null);
        var basket = await created.Content.ReadFromJsonAsync<JsonElement>();
        var id = basket.GetProperty("id").GetString()!;

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/baskets/" + id, created.Headers.Location!.OriginalString);
        Assert.Matches("^[A-Za-z0-9_-]{22}$", id);
        Assert.Equal(0, basket.GetProperty("lines").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, basket.GetProperty("total").ValueKind);
        Assert.Equal(id, (await shop.ShowAsync(id)).GetProperty("id").GetString());
    }

    [Fact]
    public void Ids_are_random_and_well_formed()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => BasketId.Create()).ToHashSet();

        Assert.Equal(1000, ids.Count);
        Assert.All(ids, id => Assert.True(BasketId.IsWellFormed(id)));
    }

    [Fact]
    public async Task A_basket_can_be_created_with_lines()
    {
        var (shirt, hat) = (shop.Sell(1999, variantTitle: "Small / Red"), shop.Sell(500, stock: 10));

        var id = await shop.CreateAsync(new { variantId = shirt.VariantId, quantity = 2 }, new { sku = hat.Sku }, new { sku = shirt.Sku, quantity = 1 });
        var basket = await shop.ShowAsync(id);
        var lines = basket.GetProperty("lines");

        Assert.Equal(2, lines.GetArrayLength());
        Assert.Equal(3, lines[0].GetProperty("quantity").GetInt32());
        Assert.Equal(shirt.ProductTitle + " – Small / Red", lines[0].GetProperty("title").GetString());
        Assert.Equal(shirt.Sku, lines[0].GetProperty("sku").GetString());
        Assert.Equal(5997, lines[0].GetProperty("lineTotal").GetProperty("amount").GetInt64());
        Assert.Equal(1, lines[1].GetProperty("quantity").GetInt32());
        Assert.Equal(6497, basket.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal("EUR", basket.GetProperty("total").GetProperty("currency").GetString());
    }

    [Fact]
    public async Task A_basket_with_a_line_that_cannot_be_sold_is_not_created()
    {
        var good = shop.Sell();

        var problem = await shop.CallAsync(HttpMethod.Post, "", HttpStatusCode.NotFound, new { lines = new object[] { new { sku = good.Sku }, new { sku = "no-such-sku" } } });

        Assert.Equal("/problems/unknown-variant", problem.GetProperty("type").GetString());
        Assert.Contains("no-such-sku", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_basket_is_priced_at_each_read()
    {
        var variant = shop.Sell(1000);
        var id = await shop.CreateAsync(new { variantId = variant.VariantId, quantity = 3 });

        shop.Put(variant with { Price = new(1250, "USD"), ProductTitle = "New title" });
        var basket = await shop.ShowAsync(id);

        Assert.Equal(3750, basket.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal("USD", basket.GetProperty("total").GetProperty("currency").GetString());
        Assert.Equal("New title", basket.GetProperty("lines")[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task Lines_that_cannot_be_ordered_any_more_say_why()
    {
        var (sold, unpublished, gone, scarce) = (shop.Sell(100), shop.Sell(200), shop.Sell(400), shop.Sell(800, stock: 5));
        var id = await shop.CreateAsync(
            new { sku = sold.Sku }, new { sku = unpublished.Sku }, new { sku = gone.Sku }, new { sku = scarce.Sku, quantity = 5 });

        shop.Put(unpublished with { IsPublished = false });
        shop.Remove(gone);
        shop.Stock(scarce, 3);
        var basket = await shop.ShowAsync(id);
        var lines = basket.GetProperty("lines");

        Assert.Equal(JsonValueKind.Null, lines[0].GetProperty("problem").ValueKind);
        Assert.Equal("/problems/variant-unpublished", ProblemOf(lines[1]).GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, lines[1].GetProperty("unitPrice").ValueKind);
        Assert.Equal("/problems/unknown-variant", ProblemOf(lines[2]).GetProperty("type").GetString());
        Assert.Equal(gone.ProductTitle, lines[2].GetProperty("title").GetString());
        Assert.Equal("/problems/not-enough-stock", ProblemOf(lines[3]).GetProperty("type").GetString());
        Assert.Equal(3, ProblemOf(lines[3]).GetProperty("available").GetInt32());
        Assert.Equal(100 + (5 * 800), basket.GetProperty("total").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task A_line_in_another_currency_has_a_problem_instead_of_a_wrong_sum()
    {
        var (euro, dollar) = (shop.Sell(100), shop.Sell(200, currency: "USD"));
        var id = await shop.CreateAsync(new { sku = euro.Sku }, new { sku = dollar.Sku });

        var basket = await shop.ShowAsync(id);

        Assert.Equal(100, basket.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal("/problems/currency-mismatch", ProblemOf(basket.GetProperty("lines")[1]).GetProperty("type").GetString());
    }

    [Fact]
    public async Task An_absurd_price_is_a_problem_of_its_line_and_not_a_failure()
    {
        var id = await shop.CreateAsync(new { sku = shop.Sell(long.MaxValue).Sku, quantity = 999 });

        var basket = await shop.ShowAsync(id);

        Assert.Equal(JsonValueKind.Null, basket.GetProperty("total").ValueKind);
        Assert.Contains("too high", ProblemOf(basket.GetProperty("lines")[0]).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_basket_is_gone()
    {
        var id = await shop.CreateAsync(new { sku = shop.Sell().Sku });

        await shop.CallAsync(HttpMethod.Delete, "/" + id, HttpStatusCode.NoContent);

        await shop.ShowAsync(id, HttpStatusCode.NotFound);
        await shop.AddAsync(id, new { sku = shop.Sell().Sku }, HttpStatusCode.NotFound);
        await shop.CallAsync(HttpMethod.Delete, "/" + id, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA%01")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA'")]
    public async Task An_unknown_or_malformed_id_is_not_found(string id)
    {
        var problem = await shop.ShowAsync(id, HttpStatusCode.NotFound);

        Assert.Equal("/problems/not-found", problem.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("""{"lines":[{"sku":"a","quantity":0}]}""", "#/lines/0/quantity")]
    [InlineData("""{"lines":[{"sku":"a"},{"quantity":1}]}""", "#/lines/1/variantId")]
    [InlineData("""{"lines":[{"sku":"a","variantId":"0199a1b2-0000-7000-8000-000000000000"}]}""", "#/lines/0/variantId")]
    [InlineData("""{"lines":[null]}""", "#/lines/0")]
    [InlineData("""{"lines":[{"sku":"a\u0000b"}]}""", "#/lines/0/sku")]
    public async Task Invalid_lines_are_named_by_their_place(string body, string pointer)
    {
        var problem = await shop.CallAsync(HttpMethod.Post, "", HttpStatusCode.BadRequest, Json(body));

        Assert.Equal(pointer, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Theory]
    [InlineData("""{"lines":5}""")]
    [InlineData("""{"line":[]}""")]
    [InlineData("""{"lines":[{"sku":"a","quantity":"2"}]}""")]
    [InlineData("""{"lines":[{"sku":"a","quantity":1e99}]}""")]
    [InlineData("{")]
    public async Task A_body_that_cannot_be_read_is_refused(string body) =>
        await shop.CallAsync(HttpMethod.Post, "", HttpStatusCode.BadRequest, Json(body));

    [Fact]
    public async Task More_lines_than_a_basket_has_are_refused_at_once()
    {
        var lines = Enumerable.Range(0, Basket.MaximumLines + 1).Select(_ => new { sku = "a" }).ToArray();

        var problem = await shop.CallAsync(HttpMethod.Post, "", HttpStatusCode.BadRequest, new { lines });

        Assert.Equal("#/lines", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    private static JsonElement ProblemOf(JsonElement line) => line.GetProperty("problem");

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
