using System.Net;
using System.Text.Json;

namespace ModularMonolith.Ordering.Tests;

public sealed class CheckoutTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task A_checkout_has_the_basket_s_lines_and_prices_and_reserves_their_stock()
    {
        var shirt = Shop.Sell(1_999, stock: 5);
        var mug = Shop.Sell(750, stock: 9);
        var basket = Shop.Fill((shirt, 2), (mug, 1));

        var answer = await ordering.StartCheckoutAsync(basket);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal($"/api/ordering/checkouts/{answer.Id}", answer.Location);
        Assert.Equal(basket, answer["basketId"]);
        Assert.Equal("open", answer["status"]);
        Assert.Equal("""{"amount":4748,"currency":"EUR"}""", answer["total"]);
        var lines = answer.Json.GetProperty("lines").EnumerateArray().ToList();
        Assert.Equal([shirt.Sku, mug.Sku], lines.Select(line => line.GetProperty("sku").GetString()));
        Assert.Equal(3_998, lines[0].GetProperty("lineTotal").GetProperty("amount").GetInt64());
        var keptFor = answer.Json.GetProperty("expiresAt").GetDateTimeOffset() - ordering.Host.Time.GetUtcNow();
        Assert.InRange(keptFor, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.Equal((3, 8), (Shop.Available(shirt), Shop.Available(mug)));
        Assert.Equal(answer.Text, (await ordering.GetAsync(answer.Location!)).Text);
    }

    [Fact]
    public async Task Missing_stock_is_refused_naming_the_short_lines_and_reserves_nothing()
    {
        var plenty = Shop.Sell(stock: 10);
        var rare = Shop.Sell(stock: 1);

        var answer = await ordering.StartCheckoutAsync(Shop.Fill((plenty, 2), (rare, 3)));

        var line = Assert.Single(answer.Problem(HttpStatusCode.Conflict, "stock-short").GetProperty("lines").EnumerateArray());
        Assert.Equal($$"""{"sku":"{{rare.Sku}}","title":"{{rare.ProductTitle}}","requested":3,"available":1}""", JsonSerializer.Serialize(line));
        Assert.Equal((10, 1), (Shop.Available(plenty), Shop.Available(rare)));
    }

    [Fact]
    public async Task Two_hundred_buyers_of_the_last_unit_get_one_checkout()
    {
        var last = Shop.Sell(stock: 1);
        var baskets = Enumerable.Range(0, 200).Select(_ => Shop.Fill((last, 1))).ToList();

        var answers = await Task.WhenAll(baskets.Select(ordering.StartCheckoutAsync));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(199, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Variants_that_do_not_track_stock_are_not_reserved()
    {
        var download = Shop.Sell(stock: 0, tracksInventory: false);

        var answer = await ordering.StartCheckoutAsync(Shop.Fill((download, 7)));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(0, Shop.Available(download));
    }

    [Fact]
    public async Task An_unknown_basket_is_not_found()
    {
        var answer = await ordering.StartCheckoutAsync("no-such-basket");

        answer.Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task An_empty_basket_cannot_be_checked_out()
    {
        var answer = await ordering.StartCheckoutAsync(Shop.Fill());

        answer.Problem(HttpStatusCode.Conflict, "basket-not-orderable");
    }

    [Fact]
    public async Task Lines_that_are_not_sold_any_more_are_named_with_the_reason()
    {
        var sold = Shop.Sell();
        var gone = Shop.Sell();
        var basket = Shop.Fill((sold, 1), (gone, 1));
        Shop.Unpublish(gone);

        var answer = await ordering.StartCheckoutAsync(basket);

        var line = Assert.Single(answer.Problem(HttpStatusCode.Conflict, "basket-not-orderable").GetProperty("lines").EnumerateArray());
        Assert.Equal(gone.Sku, line.GetProperty("sku").GetString());
        Assert.Equal("It is not published.", line.GetProperty("problem").GetString());
        Assert.Equal(100, Shop.Available(sold));
    }

    [Fact]
    public async Task A_checkout_that_cannot_be_saved_gives_its_stock_back()
    {
        var variant = Shop.Sell(stock: 4);
        Guid reserved = default;
        Shop.WhenReserved[variant.Sku] = async id =>
        {
            reserved = id;

            // The same id in the way of the save, as the plainest way to make it fail.
            await using var session = ordering.Store.LightweightSession();
            session.Insert(new Checkouts.Checkout { Id = id, BasketId = "in the way", Lines = [], ExpiresAt = DateTimeOffset.UnixEpoch });
            await session.SaveChangesAsync();
        };

        var answer = await ordering.StartCheckoutAsync(Shop.Fill((variant, 3)));

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains(reserved, Shop.Released);
        Assert.Equal(4, Shop.Available(variant));
    }

    [Fact]
    public async Task A_new_checkout_of_a_basket_takes_the_place_of_the_one_before()
    {
        var last = Shop.Sell(stock: 1);
        var basket = Shop.Fill((last, 1));
        var first = await ordering.StartCheckoutAsync(basket);

        var second = await ordering.StartCheckoutAsync(basket);

        Assert.Equal(HttpStatusCode.Created, second.Status);
        Assert.Equal("cancelled", (await ordering.GetAsync(first.Location!))["status"]);
        Assert.Equal(0, Shop.Available(last));
    }

    [Fact]
    public async Task A_basket_that_was_ordered_cannot_be_checked_out_again()
    {
        var basket = Shop.Fill((Shop.Sell(500), 1));
        var order = await ordering.PlaceOrderAsync((await ordering.StartCheckoutAsync(basket)).Id, 500);

        var answer = await ordering.StartCheckoutAsync(basket);

        Assert.Equal(order.Id, answer.Problem(HttpStatusCode.Conflict, "basket-ordered").GetProperty("orderId").GetGuid());
    }

    [Fact]
    public async Task A_cancelled_checkout_gives_its_stock_back_and_cancelling_again_changes_nothing()
    {
        var variant = Shop.Sell(stock: 3);
        var checkout = await ordering.StartCheckoutAsync(Shop.Fill((variant, 3)));

        var first = await ordering.DeleteAsync(checkout.Location!);
        var again = await ordering.DeleteAsync(checkout.Location!);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (first.Status, again.Status));
        Assert.Equal(3, Shop.Available(variant));
        Assert.Equal("cancelled", (await ordering.GetAsync(checkout.Location!))["status"]);
        (await ordering.PlaceOrderAsync(checkout.Id, 3_000)).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    [Fact]
    public async Task An_ordered_checkout_cannot_be_cancelled()
    {
        var checkout = await ordering.CheckedOutAsync(500);
        var order = await ordering.PlaceOrderAsync(checkout, 500);

        var answer = await ordering.DeleteAsync($"{OrderingHost.Checkouts}/{checkout}");

        Assert.Equal(order.Id, answer.Problem(HttpStatusCode.Conflict, "illegal-state").GetProperty("orderId").GetGuid());
        Assert.DoesNotContain(checkout, Shop.Released);
    }

    [Fact]
    public async Task An_unchanged_checkout_is_not_sent_twice()
    {
        var path = $"{OrderingHost.Checkouts}/{await ordering.CheckedOutAsync()}";
        var first = await ordering.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotModified, (await ordering.GetAsync(path, first.ETag)).Status);
        await ordering.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.OK, (await ordering.GetAsync(path, first.ETag)).Status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task An_unknown_checkout_is_not_found(string method)
    {
        var path = $"{OrderingHost.Checkouts}/{Guid.NewGuid()}";

        var answer = method == "GET" ? await ordering.GetAsync(path) : await ordering.DeleteAsync(path);

        answer.Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"basketId":""}""")]
    [InlineData("""{"basketId":null}""")]
    [InlineData("""{"basketId":7}""")]
    [InlineData("""{"basketId":"a\u0000b"}""")]
    [InlineData("""{"basketId":"\ud800"}""")]
    [InlineData("""{"basketId":"x","coupon":"y"}""")]
    [InlineData("[]")]
    public async Task A_checkout_of_nonsense_is_refused(string body)
    {
        var answer = await ordering.PostAsync(OrderingHost.Checkouts, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(string.IsNullOrEmpty(answer["detail"]));
    }
}
