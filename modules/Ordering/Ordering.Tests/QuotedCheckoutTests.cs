using System.Net;
using System.Text.Json;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class QuotedCheckoutTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task A_checkout_without_anything_else_costs_what_its_lines_cost_and_says_how_that_came()
    {
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_999), 2)) });

        Assert.Equal(3_998, checkout.Amount("total"));
        var quote = checkout.Json.GetProperty("quote");
        Assert.Equal((3_998, 0), (quote.GetProperty("itemsTotal").GetProperty("amount").GetInt64(), quote.GetProperty("tax").GetProperty("amount").GetInt64()));
        Assert.Equal(JsonValueKind.Null, quote.GetProperty("shipping").ValueKind);
        Assert.False(quote.TryGetProperty("evidence", out _));
    }

    [Fact]
    public async Task Address_method_and_coupon_make_up_the_total_and_the_stock_is_reserved_for_the_country()
    {
        Shop.Coupons["TEN"] = 10;

        var checkout = await ordering.CheckoutAsync(new
        {
            basketId = Shop.Fill((Shop.Sell(2_000), 1)),
            email = "ann@example.org",
            shippingAddress = OrderingHost.In("DE"),
            shippingMethod = "standard",
            coupons = new[] { "TEN", "NEVER" },
        });

        Assert.Equal(2_000 - 200 + 490, checkout.Amount("total"));
        var line = checkout.Json.GetProperty("lines")[0];
        Assert.Equal((2_000, 200, 1_800), (Amount(line, "lineTotal"), Amount(line, "discount"), Amount(line, "total")));
        var quote = checkout.Json.GetProperty("quote");
        Assert.Equal(287 + 78, Amount(quote, "tax"));
        Assert.Equal([("TEN", true), ("NEVER", false)], quote.GetProperty("decisions").EnumerateArray().Select(each => (each.GetProperty("rule").GetString(), each.GetProperty("isApplied").GetBoolean())));
        Assert.Equal(new StockDestination("DE", null, "1010"), Shop.Reserved[checkout.Id].Destination);
    }

    [Fact]
    public async Task A_checkout_is_changed_as_it_is_filled_in_and_what_is_left_out_stays()
    {
        Shop.Coupons["HALF"] = 50;
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(2_000), 1)) });
        var path = $"{OrderingHost.Checkouts}/{checkout.Id}";

        var addressed = await PatchAsync(path, new { shippingAddress = OrderingHost.In("US"), email = "ann@example.org" });
        var options = await ordering.GetAsync(path + "/shipping-options");
        var delivered = await PatchAsync(path, new { shippingMethod = "standard" });
        var cheaper = await PatchAsync(path, new { coupons = new[] { "HALF" } });
        var dearer = await PatchAsync(path, new Dictionary<string, object?> { ["coupons"] = null });

        Assert.Equal(2_200, addressed.Amount("total"));
        Assert.Equal(["standard", "pickup", "point"], options.Json.GetProperty("options").EnumerateArray().Select(static option => option.GetProperty("method").GetString()));
        Assert.Equal(2_200 + 539, delivered.Amount("total"));
        Assert.Equal(1_100 + 539, cheaper.Amount("total"));
        Assert.Equal(2_200 + 539, dearer.Amount("total"));
        Assert.Equal("ann@example.org", dearer["email"]);
        var read = await ordering.GetAsync(path);
        Assert.Equal((dearer.Text, dearer.ETag), (read.Text, read.ETag));
        (await ordering.SendAsync(HttpMethod.Patch, path, new { email = "b@example.org" }, ifMatch: addressed.ETag)).Problem(HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal(HttpStatusCode.OK, (await ordering.SendAsync(HttpMethod.Patch, path, new { email = "b@example.org" }, ifMatch: read.ETag)).Status);
    }

    [Fact]
    public async Task Shipping_is_refused_without_an_address_and_where_nothing_is_delivered()
    {
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(), 1)) });
        var path = $"{OrderingHost.Checkouts}/{checkout.Id}";

        (await ordering.GetAsync(path + "/shipping-options")).Problem(HttpStatusCode.Conflict, "shipping-address-required");
        (await ordering.SendAsync(HttpMethod.Patch, path, new { shippingMethod = "standard" })).Problem(HttpStatusCode.Conflict, "shipping-address-required");
        var refused = (await ordering.SendAsync(HttpMethod.Patch, path, new { shippingAddress = OrderingHost.In("AQ"), shippingMethod = "standard" })).Problem(HttpStatusCode.Conflict, "shipping-unavailable");
        Assert.Equal(0, refused.GetProperty("shippingMethods").GetArrayLength());
        Assert.Equal(checkout.Text, (await ordering.GetAsync(path)).Text);
        await PatchAsync(path, new { shippingAddress = OrderingHost.In("DE") });
        (await ordering.PlaceOrderAsync(checkout.Id, 1_000)).Problem(HttpStatusCode.Conflict, "shipping-method-required");
    }

    [Fact]
    public async Task A_dry_run_of_a_checkout_answers_the_whole_quote_and_saves_nothing()
    {
        var body = new { basketId = Shop.Fill((Shop.Sell(2_000), 1)), shippingAddress = OrderingHost.In("DE"), shippingMethod = "standard" };

        var answer = await ordering.SendAsync(HttpMethod.Post, OrderingHost.Checkouts + "?dryRun=true", body);

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal(2_490, answer.Amount("total"));
        (await ordering.GetAsync($"{OrderingHost.Checkouts}/{answer.Id}")).Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_oldest_checkout_of_a_customer_makes_room_for_one_more_than_there_may_be()
    {
        await using var host = await ModuleHost.StartAsync(typeof(OrderingModule).Assembly, Shop.Script, new Dictionary<string, string?> { ["ordering:OpenCheckouts"] = "3" });
        var last = Shop.Sell(stock: 4);
        var started = new List<Guid>();
        for (var number = 0; number < 4; number++)
        {
            started.Add((await host.SendAsync(new Checkouts.StartCheckout(Shop.Fill((last, 1))))).Id);
            host.Time.Advance(TimeSpan.FromMilliseconds(5));
        }

        var statuses = await Task.WhenAll(started.Select(async id => (await host.SendAsync(new Checkouts.GetCheckout(id))).View.Status));

        Assert.Equal([Checkouts.CheckoutStatus.Cancelled, Checkouts.CheckoutStatus.Open, Checkouts.CheckoutStatus.Open, Checkouts.CheckoutStatus.Open], statuses);
        Assert.Equal(1, Shop.Available(last));
    }

    [Theory]
    [InlineData("""{"email":"nobody"}""", "#/email")]
    [InlineData("""{"currency":"euro"}""", "#/currency")]
    [InlineData("""{"shippingAddress":{"name":"","line1":"1","city":"C","country":"DE"}}""", "#/shippingAddress/name")]
    [InlineData("""{"billingAddress":{"name":"N","line1":"1","city":"C","country":"de"}}""", "#/billingAddress/country")]
    [InlineData("""{"coupons":["1","2","3","4","5","6","7","8","9","10","11"]}""", "#/coupons")]
    public async Task What_cannot_be_is_refused_naming_the_field(string body, string pointer)
    {
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(), 1)) });

        var changed = await ordering.SendAsync(HttpMethod.Patch, $"{OrderingHost.Checkouts}/{checkout.Id}", JsonDocument.Parse(body).RootElement);

        Assert.Equal(pointer, changed.Problem(HttpStatusCode.BadRequest, "validation").GetProperty("errors")[0].GetProperty("pointer").GetString());
        var started = await ordering.PostAsync(OrderingHost.Checkouts, $"{body[..^1]},\"basketId\":\"{Shop.Fill((Shop.Sell(), 1))}\"}}");
        Assert.Equal(pointer, started.Problem(HttpStatusCode.BadRequest, "validation").GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    private async Task<Answer> PatchAsync(string path, object body)
    {
        var answer = await ordering.SendAsync(HttpMethod.Patch, path, body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    private static long Amount(JsonElement element, string member) => element.GetProperty(member).GetProperty("amount").GetInt64();
}
