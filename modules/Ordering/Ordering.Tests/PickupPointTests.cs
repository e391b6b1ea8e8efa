using System.Net;
using System.Text.Json;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Orders that the customer fetches from a pickup point, and what another destination does to the stock.</summary>
public sealed class PickupPointTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task A_method_that_brings_goods_to_a_point_refuses_an_order_without_one_and_the_point_goes_with_the_order()
    {
        var point = Open("kiosk", "DE", "10119");
        var variant = Shop.Sell(2_000);
        var checkout = await CheckoutAsync(variant, "point");
        var path = $"{OrderingHost.Checkouts}/{checkout.Id}";
        var refused = (await ordering.OrderAsync(checkout)).Problem(HttpStatusCode.Conflict, "pickup-point-required");
        Assert.Contains("'point'", refused.GetProperty("detail").GetString(), StringComparison.Ordinal);

        var points = await ordering.GetAsync(path + "/pickup-points");
        Assert.Contains("kiosk", points.Json.GetProperty("pickupPoints").EnumerateArray().Select(static found => found.GetProperty("code").GetString()));
        var chosen = await PatchAsync(path, new { pickupPoint = "kiosk" });
        var order = await ordering.OrderAsync(chosen, new { tenders = new[] { new { kind = "card", token = "tok" } } });

        Assert.Equal("kiosk", chosen["pickupPoint"]);
        Assert.Equal("Torstraße 1", chosen.Json.GetProperty("pickupPlace").GetProperty("address").GetProperty("line1").GetString());
        Assert.True(order.Status == HttpStatusCode.Created, order.Text);
        Assert.Equal("kiosk", order.Json.GetProperty("shipping").GetProperty("pickupPoint").GetProperty("code").GetString());
        await ordering.AuthoriseAsync(order.Id);
        await ordering.StockTakenAsync(order.Id);
        await ordering.UntilAsync(order.Id, "confirmed");
        var told = Assert.Single(await ordering.PublishedAsync<FulfilmentRequested>(message => message.OrderId == order.Id));
        Assert.Equal(point, told.PickupPoint);
        Assert.Equal(point.Address with { Name = OrderingHost.Nowhere.Name, Company = point.Title }, told.Address);
        await ordering.DeliverAsync(order.Id, (variant, 1));
        Assert.Equal("completed", (await ordering.UntilAsync(order.Id, "completed"))["status"]);
    }

    [Fact]
    public async Task Tax_is_due_and_stock_is_taken_where_the_customer_gets_the_goods()
    {
        // The address is in a country without tax, the point in one with 10 % on top.
        Open("embassy", "US", "20001");
        var checkout = await CheckoutAsync(Shop.Sell(2_000), "point", "CH");
        Assert.Equal(2_290, checkout.Amount("total"));

        var chosen = await PatchAsync($"{OrderingHost.Checkouts}/{checkout.Id}", new { pickupPoint = "embassy" });
        var started = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(), 1)), shippingAddress = OrderingHost.In("CH"), shippingMethod = "point", pickupPoint = "embassy" });

        Assert.Equal(2_200 + 319, chosen.Amount("total"));
        Assert.Equal(new StockDestination("US", null, "20001"), Assert.Single(Shop.Redirected, request => request.ReservationId == checkout.Id).To);
        Assert.Equal(new StockDestination("US", null, "20001"), Shop.Reserved[started.Id].Destination);
    }

    [Fact]
    public async Task A_point_belongs_to_its_method_and_goes_with_it()
    {
        Open("corner", "DE", "10115");
        var checkout = await CheckoutAsync(Shop.Sell(), "standard");
        var path = $"{OrderingHost.Checkouts}/{checkout.Id}";

        await RefusedAsync(path, new { pickupPoint = "corner" }, "pickup-point-unavailable");
        await PatchAsync(path, new { shippingMethod = "point", pickupPoint = "corner" });
        Assert.Equal("corner", (await PatchAsync(path, new { email = "ann@example.org" }))["pickupPoint"]);
        Assert.Equal("corner", (await PatchAsync(path, new { shippingMethod = "point" }))["pickupPoint"]);
        var without = await PatchAsync(path, new { shippingMethod = "standard" });

        Assert.Equal(JsonValueKind.Null, without.Json.GetProperty("pickupPoint").ValueKind);
        Assert.Equal(JsonValueKind.Null, without.Json.GetProperty("pickupPlace").ValueKind);
        await RefusedAsync(path, new { shippingMethod = "point", pickupPoint = "nowhere" }, "pickup-point-unavailable");
        await RefusedAsync(path, new Dictionary<string, object?> { ["shippingMethod"] = null, ["pickupPoint"] = "corner" }, "shipping-method-required");
    }

    [Fact]
    public async Task A_point_that_closes_before_the_order_is_refused_and_nothing_is_ordered()
    {
        Open("closing", "DE", "10115");
        var checkout = await PatchAsync($"{OrderingHost.Checkouts}/{(await CheckoutAsync(Shop.Sell(), "point")).Id}", new { pickupPoint = "closing" });
        Shop.Points.TryRemove("closing", out _);

        var refused = (await ordering.OrderAsync(checkout)).Problem(HttpStatusCode.Conflict, "pickup-point-unavailable");

        Assert.Equal("closing", refused.GetProperty("pickupPoint").GetString());
        Assert.Equal("open", (await ordering.GetAsync($"{OrderingHost.Checkouts}/{checkout.Id}"))["status"]);
    }

    [Fact]
    public async Task Points_are_near_an_address_and_not_more_than_asked_for()
    {
        Open("limit-a", "DE", "1");
        Open("limit-b", "DE", "2");
        var without = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(), 1)) });
        var path = $"{OrderingHost.Checkouts}/{(await CheckoutAsync(Shop.Sell(), "point")).Id}/pickup-points";

        (await ordering.GetAsync($"{OrderingHost.Checkouts}/{without.Id}/pickup-points")).Problem(HttpStatusCode.Conflict, "shipping-address-required");
        Assert.Equal(1, (await ordering.GetAsync(path + "?limit=1")).Json.GetProperty("pickupPoints").GetArrayLength());
        (await ordering.GetAsync(path + "?limit=101")).Problem(HttpStatusCode.BadRequest, "validation");
        (await ordering.GetAsync(path + "?limit=0")).Problem(HttpStatusCode.BadRequest, "validation");
    }

    [Fact]
    public async Task Stock_is_looked_for_anew_when_the_destination_changes_and_only_then()
    {
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(), 1)) });
        var untracked = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(tracksInventory: false), 1)) });
        var path = $"{OrderingHost.Checkouts}/{checkout.Id}";

        await PatchAsync(path, new { shippingAddress = OrderingHost.In("AT") });
        await PatchAsync(path, new { shippingAddress = OrderingHost.In("AT") with { Name = "Ben Example" }, email = "ann@example.org" });
        await PatchAsync(path, new { shippingMethod = "standard" });
        await PatchAsync(path, new { shippingAddress = OrderingHost.In("DE") });
        await PatchAsync($"{OrderingHost.Checkouts}/{untracked.Id}", new { shippingAddress = OrderingHost.In("DE") });
        await RefusedAsync(path, new { shippingAddress = OrderingHost.In("AQ") }, "shipping-unavailable");

        Assert.Equal(
            [new RedirectReservation(checkout.Id, null, new("AT", null, "1010")), new RedirectReservation(checkout.Id, new("AT", null, "1010"), new("DE", null, "1010"))],
            Shop.Redirected.Where(request => request.ReservationId == checkout.Id));
        Assert.DoesNotContain(Shop.Redirected, request => request.ReservationId == untracked.Id);
    }

    private ChosenPickupPoint Open(string code, string country, string postalCode) =>
        Shop.Points[code] = new ChosenPickupPoint(code, "The " + code, new PostalAddress("Kiosk", "Torstraße 1", "Town", country, postalCode), "24 hours", 7);

    private Task<Answer> CheckoutAsync(Catalog.Contracts.VariantDetails variant, string method, string country = "DE") =>
        ordering.CheckoutAsync(new { basketId = Shop.Fill((variant, 1)), shippingAddress = OrderingHost.In(country), shippingMethod = method });

    private async Task<Answer> PatchAsync(string path, object body)
    {
        var answer = await ordering.SendAsync(HttpMethod.Patch, path, body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    private async Task RefusedAsync(string path, object body, string problem) =>
        (await ordering.SendAsync(HttpMethod.Patch, path, body)).Problem(HttpStatusCode.Conflict, problem);
}
