using System.Net;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Contracts;

namespace ModularMonolith.Ordering.Tests;

public sealed class PlaceOrderTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task An_order_of_a_checkout_keeps_its_lines_and_tells_the_other_modules_once()
    {
        var shirt = Shop.Sell(1_999);
        var download = Shop.Sell(500, stock: 0, tracksInventory: false);
        var basket = Shop.Fill((shirt, 2), (download, 1));
        var checkout = (await ordering.StartCheckoutAsync(basket)).Id;

        var answer = await ordering.PlaceOrderAsync(checkout, 4_498, email: "ann@example.org");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal($"/api/ordering/orders/{answer.Id}", answer.Location);
        Assert.Equal("placed", answer["status"]);
        Assert.Equal("ann@example.org", answer["email"]);
        Assert.Equal("""{"amount":4498,"currency":"EUR"}""", answer["total"]);
        var read = await ordering.GetAsync(answer.Location!);
        Assert.Equal((answer.Text, answer.ETag), (read.Text, read.ETag));
        var reread = await ordering.GetAsync($"{OrderingHost.Checkouts}/{checkout}");
        Assert.Equal(("ordered", answer.Id.ToString()), (reread["status"], reread["orderId"]));

        var consumed = Assert.Single(await ordering.PublishedAsync<ReservationConsumed>(message => message.ReservationId == checkout));
        Assert.Equal(answer.Id.ToString(), consumed.Reference);
        Assert.Equal([new StockLine(shirt.Sku, 2)], consumed.Lines);
        Assert.Equal(answer.Id, Assert.Single(await ordering.PublishedAsync<BasketOrdered>(message => message.BasketId == basket)).OrderId);
        var placed = Assert.Single(await ordering.PublishedAsync<OrderPlaced>(message => message.OrderId == answer.Id));
        Assert.Equal((4_498, 2), (placed.Total.Amount, placed.Lines.Count));
        // Most of the reservation's time is left, so Inventory is not asked to prolong it.
        Assert.False(Shop.Extended.ContainsKey(checkout));
    }

    [Fact]
    public async Task The_same_key_and_body_answer_the_same_order_byte_for_byte()
    {
        var checkout = await ordering.CheckedOutAsync();
        var key = Guid.NewGuid().ToString();

        var first = await ordering.PlaceOrderAsync(checkout, 1_000, key);
        var again = await ordering.PlaceOrderAsync(checkout, 1_000, key);

        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal((first.Text, first.Location, first.ETag), (again.Text, again.Location, again.ETag));
        Assert.Equal((false, true), (first.IsReplayed, again.IsReplayed));
    }

    [Fact]
    public async Task Checkouts_of_one_basket_that_start_at_the_same_moment_make_one_order()
    {
        for (var round = 0; round < 5; round++)
        {
            var basket = Shop.Fill((Shop.Sell(1_000), 1));
            var checkouts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ordering.StartCheckoutAsync(basket)));
            var started = checkouts.Where(static answer => answer.Status == HttpStatusCode.Created).ToList();

            var answers = await Task.WhenAll(started.Select(answer => ordering.PlaceOrderAsync(answer.Id, 1_000)));

            Assert.True(answers.Count(static answer => answer.Status == HttpStatusCode.Created) <= 1);
            Assert.All(answers, static answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
            Assert.True((await ordering.PublishedAsync<BasketOrdered>(message => message.BasketId == basket)).Count <= 1);
        }
    }

    [Fact]
    public async Task A_checkout_that_another_host_has_cancelled_meanwhile_is_not_ordered()
    {
        var checkout = await ordering.CheckedOutAsync();
        await using (var session = ordering.Store.LightweightSession())
        {
            var stored = (await session.LoadAsync<Checkout>(checkout))!;
            stored.Status = CheckoutStatus.Cancelled;
            session.UpdateRevision(stored, stored.Version + 1);
            await session.SaveChangesAsync();
        }

        var answer = await ordering.PlaceOrderAsync(checkout, 1_000);

        answer.Problem(HttpStatusCode.Conflict, "illegal-state");
        Assert.Empty(await ordering.PublishedAsync<ReservationConsumed>(message => message.ReservationId == checkout));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var checkout = await ordering.CheckedOutAsync();
        var key = Guid.NewGuid().ToString();
        await ordering.PlaceOrderAsync(checkout, 1_000, key);

        var answer = await ordering.PlaceOrderAsync(checkout, 1_001, key);

        answer.Problem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Fact]
    public async Task Fifty_parallel_requests_with_one_key_make_one_order()
    {
        var checkout = await ordering.CheckedOutAsync();
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ordering.PlaceOrderAsync(checkout, 1_000, key)));

        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.Created, answer.Text));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Single(await ordering.PublishedAsync<ReservationConsumed>(message => message.ReservationId == checkout));
    }

    [Fact]
    public async Task Of_many_parallel_requests_with_different_keys_one_orders_and_the_others_are_told_which_order_it_is()
    {
        var checkout = await ordering.CheckedOutAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ordering.PlaceOrderAsync(checkout, 1_000)));

        var order = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created).Id;
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer =>
            Assert.Equal(order, answer.Problem(HttpStatusCode.Conflict, "checkout-ordered").GetProperty("orderId").GetGuid()));
        Assert.Single(await ordering.PublishedAsync<ReservationConsumed>(message => message.ReservationId == checkout));
    }

    [Fact]
    public async Task Of_an_order_and_a_cancellation_at_the_same_moment_one_wins_and_the_stock_follows_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var checkout = await ordering.CheckedOutAsync();

            var order = ordering.PlaceOrderAsync(checkout, 1_000);
            var cancellation = ordering.DeleteAsync($"{OrderingHost.Checkouts}/{checkout}");

            var isOrdered = (await order).Status == HttpStatusCode.Created;
            Assert.Equal(isOrdered ? HttpStatusCode.Conflict : HttpStatusCode.NoContent, (await cancellation).Status);
            Assert.Equal(!isOrdered, Shop.Released.Contains(checkout));
        }
    }

    [Fact]
    public async Task A_changed_price_is_refused_with_both_totals_and_the_changed_lines()
    {
        var changed = Shop.Sell(1_000);
        var same = Shop.Sell(300);
        var checkout = (await ordering.StartCheckoutAsync(Shop.Fill((changed, 2), (same, 1)))).Id;
        Shop.Reprice(changed, 1_100);

        var problem = (await ordering.PlaceOrderAsync(checkout, 2_300)).Problem(HttpStatusCode.Conflict, "price-changed");

        Assert.Equal(2_300, problem.GetProperty("expectedTotal").GetProperty("amount").GetInt64());
        Assert.Equal(2_500, problem.GetProperty("currentTotal").GetProperty("amount").GetInt64());
        var line = Assert.Single(problem.GetProperty("lines").EnumerateArray());
        Assert.Equal(changed.Sku, line.GetProperty("sku").GetString());
        Assert.Equal(1_000, line.GetProperty("checkoutPrice").GetProperty("amount").GetInt64());
        Assert.Equal(1_100, line.GetProperty("currentPrice").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task After_a_price_change_the_current_total_is_accepted()
    {
        var variant = Shop.Sell(1_000);
        var checkout = (await ordering.StartCheckoutAsync(Shop.Fill((variant, 1)))).Id;
        Shop.Reprice(variant, 900);
        var key = Guid.NewGuid().ToString();
        (await ordering.PlaceOrderAsync(checkout, 1_000, key)).Problem(HttpStatusCode.Conflict, "price-changed");

        var answer = await ordering.PlaceOrderAsync(checkout, 900, key);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(900, answer.Json.GetProperty("lines")[0].GetProperty("unitPrice").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task Lines_that_went_out_of_sale_are_named()
    {
        var variant = Shop.Sell(1_000);
        var checkout = (await ordering.StartCheckoutAsync(Shop.Fill((variant, 1)))).Id;
        Shop.Unpublish(variant);

        var problem = (await ordering.PlaceOrderAsync(checkout, 1_000)).Problem(HttpStatusCode.Conflict, "lines-unavailable");

        Assert.Equal(variant.Sku, Assert.Single(problem.GetProperty("lines").EnumerateArray()).GetProperty("sku").GetString());
    }

    [Fact]
    public async Task Lines_that_are_priced_in_another_currency_now_are_named()
    {
        var variant = Shop.Sell(1_000);
        var checkout = (await ordering.StartCheckoutAsync(Shop.Fill((variant, 1), (Shop.Sell(500), 1)))).Id;
        Shop.Reprice(variant, 1_000, "USD");

        var problem = (await ordering.PlaceOrderAsync(checkout, 1_500)).Problem(HttpStatusCode.Conflict, "lines-unavailable");

        Assert.Equal(variant.Sku, Assert.Single(problem.GetProperty("lines").EnumerateArray()).GetProperty("sku").GetString());
    }

    [Fact]
    public async Task A_checkout_whose_stock_is_not_reserved_any_more_has_expired()
    {
        var checkout = await ordering.CheckedOutAsync();
        Shop.Expire(checkout);
        ordering.Host.Time.Advance(TimeSpan.FromMinutes(6));

        (await ordering.PlaceOrderAsync(checkout, 1_000)).Problem(HttpStatusCode.Conflict, "checkout-expired");

        Assert.Empty(await ordering.PublishedAsync<ReservationConsumed>(message => message.ReservationId == checkout));
    }

    [Fact]
    public async Task An_order_without_a_checkout_is_not_found() =>
        (await ordering.PlaceOrderAsync(Guid.NewGuid(), 1_000)).Problem(HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task An_order_needs_an_idempotency_key() =>
        (await ordering.PostAsync(OrderingHost.Orders, OrderingHost.OrderBody(Guid.NewGuid(), 1))).Problem(HttpStatusCode.BadRequest, "idempotency-key-required");

    [Theory]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":-1,"currency":"EUR"}}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":1000,"currency":"euro"}}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":1000,"currency":null}}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":10.5,"currency":"EUR"}}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":99999999999999999999,"currency":"EUR"}}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":1000}}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":null}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":1000}""")]
    [InlineData("""{"checkoutId":"ID"}""")]
    [InlineData("""{"checkoutId":"00000000-0000-0000-0000-000000000000","expectedTotal":{"amount":1000,"currency":"EUR"}}""")]
    [InlineData("""{"checkoutId":"seven","expectedTotal":{"amount":1000,"currency":"EUR"}}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":1000,"currency":"EUR"},"email":"nobody"}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":1000,"currency":"EUR"},"email":"a@b\u0000"}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":1000,"currency":"EUR"},"email":"a@b\r\nBcc: c@d"}""")]
    [InlineData("""{"checkoutId":"ID","expectedTotal":{"amount":1000,"currency":"EUR"},"gift":true}""")]
    [InlineData("null")]
    public async Task An_order_of_nonsense_is_refused(string body)
    {
        var checkout = await ordering.CheckedOutAsync();

        var answer = await ordering.PostAsync(OrderingHost.Orders, body.Replace("ID", checkout.ToString(), StringComparison.Ordinal), Guid.NewGuid().ToString());

        Assert.True(answer.Status == HttpStatusCode.BadRequest, answer.Text);
        Assert.False(string.IsNullOrEmpty(answer["detail"]));
    }
}
