using System.Net;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Rates;
using ModularMonolith.Shipping.Tracking;

namespace ModularMonolith.Shipping.Tests;

/// <summary>Where customers fetch what was brought there: the choice, and the way of a parcel.</summary>
public sealed class PickupPointTests(ShippingHost shipping) : IClassFixture<ShippingHost>
{
    private static readonly ShippingRates Table = new(
        [new Zone { Id = "germany", Title = "Germany", Areas = [new Area("DE"), new Area("AT")] }],
        [Method("to-point", needsPoint: true), Method("to-locker", needsPoint: true), Method("in-shop", needsPoint: false), Method("given-up", needsPoint: true, isActive: false)],
        [
            Point("munich", "80331", "BY"), Point("next-door", "10117"), Point("same-code", "10115"), Point("far-berlin", "12043"), Point("bavaria", "9", "BY"), Point("no-code", null),
            Point("closed", "10115") with { IsActive = false }, Point("small", "10115") with { MaximumWeightGrams = 1_000 }, Point("locker", "10115") with { Methods = ["to-locker"] },
            Point("vienna", "1010", country: "AT"),
        ]);

    [Fact]
    public void The_points_of_the_country_that_take_the_goods_come_nearest_first_and_no_more_than_asked_for()
    {
        Assert.Equal(["same-code", "next-door", "far-berlin", "bavaria", "munich", "no-code"], Codes("to-point", "10 115", "BY"));
        Assert.Equal(["locker", "same-code", "small", "next-door", "far-berlin"], Codes("to-locker", "10115", weight: 900, limit: 5));
        Assert.Equal(["vienna"], Codes("to-point", "1010", country: "AT"));
        Assert.Equal(["to-locker", "to-point"], Found(null, "10115")[0].Methods.Concat(Found(null, "10115")[1].Methods).Distinct().Order());
        Assert.Empty(Codes("in-shop", "10115"));
        Assert.Empty(Codes("given-up", "10115"));
        Assert.Empty(Codes("to-point", "10115", country: "FR"));
    }

    [Theory]
    [InlineData("same-code", "to-point", "DE", 9_000, null)]
    [InlineData("nowhere", "to-point", "DE", 0, "There is no pickup point 'nowhere'.")]
    [InlineData("same-code", "in-shop", "DE", 0, "'in-shop' does not bring goods to pickup points.")]
    [InlineData("same-code", "given-up", "DE", 0, "'given-up' does not bring goods to pickup points.")]
    [InlineData("same-code", "unheard-of", "DE", 0, "'unheard-of' does not bring goods to pickup points.")]
    [InlineData("closed", "to-point", "DE", 0, "The pickup point 'closed' takes no goods at the moment.")]
    [InlineData("locker", "to-point", "DE", 0, "'to-point' does not bring goods to the pickup point 'locker'.")]
    [InlineData("vienna", "to-point", "DE", 0, "The pickup point 'vienna' is in AT, and the address is in DE.")]
    [InlineData("small", "to-point", "DE", 1_001, "The goods weigh 1001 g, and the pickup point 'small' takes 1000 g at most.")]
    public void What_cannot_be_chosen_is_refused_with_the_reason(string code, string method, string country, int weight, string? problem)
    {
        var choice = Table.Choose(new ChoosePickupPoint(code, method, country, weight));

        Assert.Equal(problem, choice.Problem);
        Assert.Equal(problem is null ? code : null, choice.Point?.Code);
    }

    [Theory]
    [InlineData("pickup-points", """{"code":"x1","title":"x","address":{"name":"x","line1":"x","city":"x","country":"DE"},"keptDays":0}""")]
    [InlineData("pickup-points", """{"code":"x1","title":"x","address":{"name":"x","line1":"x","city":"x","country":"DE"},"maximumWeightGrams":0}""")]
    [InlineData("pickup-points", """{"code":"x1","title":"x","address":{"name":"x","line1":"x","city":"x","country":"DE"},"methods":["No Code"]}""")]
    [InlineData("methods", """{"code":"x1","title":"x","kind":"delivery","zone":"z","needsPickupPoint":true,"rates":[{"kind":"flat","price":{"amount":1,"currency":"EUR"}}]}""")]
    public async Task A_point_or_a_method_that_makes_no_sense_is_refused(string kind, string body) =>
        (await shipping.PostAsync(kind, System.Text.Json.JsonDocument.Parse(body).RootElement)).Problem(HttpStatusCode.BadRequest, "validation");

    [Fact]
    public async Task What_is_set_up_over_HTTP_is_offered_and_closes_at_once()
    {
        (await shipping.PostAsync("zones", new { code = "iceland", title = "Iceland", areas = new[] { new { country = "IS" } } })).Expect(HttpStatusCode.Created);
        (await shipping.PostAsync("methods", new
        {
            code = "iceland-point",
            title = "To a point",
            kind = "pickup",
            zone = "iceland",
            needsPickupPoint = true,
            rates = new[] { new { kind = "flat", price = new { amount = 100, currency = "EUR" } } },
        })).Expect(HttpStatusCode.Created);
        var address = new { name = "H", line1 = "1", city = "R", country = "IS", postalCode = "101" };
        var methods = new[] { "iceland-point" };
        var created = (await shipping.PostAsync("pickup-points", new { code = "reykjavik", title = "Harbour", address, keptDays = 5, methods })).Expect(HttpStatusCode.Created);
        Task<IReadOnlyList<PickupPointOption>> FoundAsync() => shipping.Host.SendAsync(new FindPickupPoints("IS", null, "101", new Money(0, "EUR"), 0, null, 10));

        var found = Assert.Single(await FoundAsync());
        Assert.Equal(("reykjavik", 5, "iceland-point"), (found.Code, found.KeptDays, Assert.Single(found.Methods)));
        Assert.True((await shipping.GetAsync("options?country=IS")).Json.GetProperty("items")[0].GetProperty("needsPickupPoint").GetBoolean());
        (await shipping.PutAsync("pickup-points/reykjavik", new { title = "Harbour", address, isActive = false, methods }, created.ETag)).Expect(HttpStatusCode.OK);
        Assert.Empty(await FoundAsync());
    }

    [Fact]
    public async Task A_parcel_for_a_pickup_point_is_labelled_for_it_waits_there_and_is_delivered_when_it_is_collected()
    {
        var (order, shipment, token) = await DispatchedAsync();
        var asked = Assert.Single(shipping.Labels.Asked, asked => asked.ShipmentId == shipment);
        Assert.Equal((ShippingHost.Kiosk, "Torstraße 1"), (asked.PickupPoint, asked.Address.Line1));

        var ready = (await shipping.TrackAsync(shipment, "readyForPickup", 5)).Expect(HttpStatusCode.OK);
        var page = (await shipping.GetAsync("tracking/" + token, TestCredentials.Of("anybody"))).Expect(HttpStatusCode.OK);
        var told = Assert.Single(await shipping.PublishedAsync<ShipmentReadyForPickup>(told => told.OrderId == order.Id));
        Assert.Empty(await shipping.PublishedAsync<ShipmentDelivered>(told => told.OrderId == order.Id));
        var collected = (await shipping.TrackAsync(shipment, "collected", 1)).Expect(HttpStatusCode.OK);

        Assert.Equal(("readyForPickup", "readyForPickup", "collected"), (ready["status"], page["status"], collected["status"]));
        Assert.Equal("The kiosk", page.Json.GetProperty("pickupPoint").GetProperty("title").GetString());
        Assert.Equal(told.ReadyAt.AddDays(1), page.Json.GetProperty("collectBy").GetDateTimeOffset());
        Assert.DoesNotContain("Lovelace", page.Text, StringComparison.Ordinal);
        Assert.Single(await shipping.PublishedAsync<ShipmentDelivered>(told => told.OrderId == order.Id));
        Assert.Equal("completed", (await shipping.GetAsync($"fulfilments/{order.Id}"))["status"]);
        await shipping.Host.SendAsync(new EndPickup(order.Id, shipment));
        Assert.Equal("collected", (await shipping.GetAsync($"shipments/{shipment}"))["status"]);
    }

    [Fact]
    public async Task A_parcel_that_nobody_fetches_in_time_goes_back_and_is_told_once()
    {
        var (order, shipment, token) = await DispatchedAsync();

        (await shipping.TrackAsync(shipment, "readyForPickup", 24 * 60)).Expect(HttpStatusCode.OK);

        await shipping.StatusAsync(shipment, "notCollected");
        await shipping.Host.SendAsync(new EndPickup(order.Id, shipment));
        Assert.Equal(shipment, Assert.Single(await shipping.PublishedAsync<ShipmentNotCollected>(told => told.OrderId == order.Id)).ShipmentId);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await shipping.GetAsync("tracking/" + token)).Json.GetProperty("collectBy").ValueKind);
        (await shipping.TrackAsync(shipment, "returnedToSender")).Expect(HttpStatusCode.OK);
        Assert.Equal("completed", (await shipping.GetAsync($"fulfilments/{order.Id}"))["status"]);
        Assert.Empty(await shipping.PublishedAsync<ShipmentDelivered>(told => told.OrderId == order.Id));
    }

    [Fact]
    public async Task A_parcel_that_leaves_the_point_without_having_been_fetched_is_told_to_be_on_its_way_again()
    {
        var (order, shipment, _) = await DispatchedAsync();
        (await shipping.TrackAsync(shipment, "readyForPickup", 30)).Expect(HttpStatusCode.OK);
        (await shipping.TrackAsync(shipment, "inTransit", 20)).Expect(HttpStatusCode.OK);
        (await shipping.TrackAsync(shipment, "outForDelivery", 10)).Expect(HttpStatusCode.OK);

        Assert.Equal(shipment, Assert.Single(await shipping.PublishedAsync<ShipmentLeftPickupPoint>(told => told.OrderId == order.Id)).ShipmentId);
        Assert.Empty(await shipping.PublishedAsync<ShipmentFound>(told => told.OrderId == order.Id));

        // What goes back because nobody has fetched it is not on its way to anybody.
        var (other, second, _) = await DispatchedAsync();
        (await shipping.TrackAsync(second, "readyForPickup", 24 * 60)).Expect(HttpStatusCode.OK);
        await shipping.StatusAsync(second, "notCollected");
        (await shipping.TrackAsync(second, "inTransit")).Expect(HttpStatusCode.OK);
        Assert.Empty(await shipping.PublishedAsync<ShipmentLeftPickupPoint>(told => told.OrderId == other.Id));
    }

    [Fact]
    public async Task As_long_as_its_time_is_not_over_a_parcel_waits_whatever_the_timer_says()
    {
        var (order, shipment, _) = await DispatchedAsync();
        (await shipping.TrackAsync(shipment, "readyForPickup", (24 * 60) - 10)).Expect(HttpStatusCode.OK);

        await shipping.Host.SendAsync(new EndPickup(order.Id, shipment));

        Assert.Equal("readyForPickup", (await shipping.GetAsync($"shipments/{shipment}"))["status"]);
    }

    [Fact]
    public async Task Who_fetches_it_while_its_time_ends_has_it()
    {
        var (order, shipment, _) = await DispatchedAsync();
        (await shipping.TrackAsync(shipment, "readyForPickup", 24 * 60)).Expect(HttpStatusCode.OK);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shipping.TrackAsync(shipment, "collected")).Append(Ended()));

        Assert.Contains(answers, static answer => answer.Status == HttpStatusCode.OK);
        await shipping.StatusAsync(shipment, "collected");
        Assert.Single(await shipping.PublishedAsync<ShipmentDelivered>(told => told.OrderId == order.Id));

        async Task<Answer> Ended()
        {
            await shipping.Host.SendAsync(new EndPickup(order.Id, shipment));
            return await shipping.GetAsync($"shipments/{shipment}");
        }
    }

    [Fact]
    public async Task Another_address_of_the_customers_does_not_move_what_is_brought_to_a_point()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Kiosk.Address, ShippingHost.Kiosk, 2);
        await shipping.Host.PublishAsync(new FulfilmentReaddressed(order.Id, ShippingHost.Berlin));
        var marker = await shipping.RequestedAsync(ShippingHost.Kiosk.Address, 1);
        await shipping.Host.PublishAsync(new FulfilmentReaddressed(marker.Id, ShippingHost.Berlin));
        await shipping.FulfilmentAsync(marker, static fulfilment => fulfilment.GetProperty("address").GetProperty("line1").GetString() == "Hauptstraße 1");

        await shipping.Host.PublishAsync(new FulfilmentExtended(order.Id, Guid.NewGuid(), ShippingHost.Berlin, [new FulfilmentLine(order.Variants[0], "SKU", "Shirt", 1, 250, [])]));
        await shipping.FulfilmentAsync(order, static fulfilment => fulfilment.GetProperty("lines")[0].GetProperty("requested").GetInt32() == 3);

        var shipment = await shipping.ReadyAsync(order, (0, 1));

        Assert.Equal("Torstraße 1", (await shipping.GetAsync($"fulfilments/{order.Id}")).Json.GetProperty("address").GetProperty("line1").GetString());
        Assert.Equal(ShippingHost.Kiosk.Address, Assert.Single(shipping.Labels.Asked, asked => asked.ShipmentId == shipment).Address);
    }

    private async Task<(Order Order, Guid Shipment, string Token)> DispatchedAsync()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Kiosk.Address with { Name = "Ada Lovelace" }, ShippingHost.Kiosk, 1);
        var shipment = await shipping.ReadyAsync(order, (0, 1));
        var dispatched = (await shipping.DispatchAsync(shipment)).Expect(HttpStatusCode.OK);
        return (order, shipment, dispatched["trackingToken"]!);
    }

    private static IReadOnlyList<PickupPointOption> Found(string? method, string postalCode, string? region = null, string country = "DE", int weight = 5_000, int limit = 100) =>
        Table.PointsFor(new FindPickupPoints(country, region, postalCode, new Money(1_000, "EUR"), weight, method, limit));

    private static IEnumerable<string> Codes(string method, string postalCode, string? region = null, string country = "DE", int weight = 5_000, int limit = 100) =>
        Found(method, postalCode, region, country, weight, limit).Select(static point => point.Code);

    private static ShippingMethod Method(string code, bool needsPoint, bool isActive = true) => new()
    {
        Id = code,
        Content = new MethodContent(code, MethodKind.Pickup, "germany", [new Rate(RateKind.Flat, new Money(0, "EUR"))], isActive, NeedsPickupPoint: needsPoint),
    };

    private static PointDraft Point(string code, string? postalCode, string? region = null, string country = "DE") => new(code, postalCode, region, country);

    private sealed record PointDraft(string Code, string? PostalCode, string? Region, string Country)
    {
        public bool IsActive { get; init; } = true;

        public int? MaximumWeightGrams { get; init; }

        public IReadOnlyList<string>? Methods { get; init; }

        public static implicit operator PickupPoint(PointDraft draft) => new()
        {
            Id = draft.Code,
            Content = new PickupPointContent(
                draft.Code, new PostalAddress("P", "1", "C", draft.Country, draft.PostalCode, draft.Region), null, draft.IsActive, draft.Methods, draft.MaximumWeightGrams),
        };
    }
}
