using System.Net;
using System.Text.Json;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Tests;

public sealed class TrackingTests(ShippingHost shipping) : IClassFixture<ShippingHost>
{
    [Fact]
    public async Task Reports_that_come_twice_or_late_are_history_and_a_delivery_is_told_once()
    {
        var (order, shipment, number) = await ReadyAsync();

        await ReportAsync(number, "e3", "outForDelivery", 10);
        await ReportAsync(number, "e1", "inTransit", 30);
        await ReportAsync(number, "e3", "outForDelivery", 10);
        var outForDelivery = await shipping.GetAsync($"shipments/{shipment}");
        await ReportAsync(number, "e4", "delivered", 5);
        await ReportAsync(number, "e4", "delivered", 5);
        await ReportAsync(number, "e5", "delivered", 4);
        await ReportAsync(number, "e2", "attemptFailed", 1);

        Assert.Equal("outForDelivery", outForDelivery["status"]);
        var delivered = await shipping.GetAsync($"shipments/{shipment}");
        Assert.Equal("delivered", delivered["status"]);
        Assert.Equal(["e3", "e1", "e4", "e5", "e2"], delivered.Json.GetProperty("tracking").EnumerateArray().Select(entry => entry.GetProperty("eventId").GetString()));
        Assert.Single(await shipping.PublishedAsync<ShipmentDelivered>(told => told.OrderId == order.Id));
        Assert.Single(await shipping.PublishedAsync<ShipmentDispatched>(told => told.OrderId == order.Id));
    }

    [Fact]
    public async Task A_delivery_counts_also_when_it_comes_after_a_later_report()
    {
        var (order, _, number) = await ReadyAsync();

        await ReportAsync(number, "a", "attemptFailed", 1);
        await ReportAsync(number, "b", "delivered", 2);

        Assert.Single(await shipping.PublishedAsync<ShipmentDelivered>(told => told.OrderId == order.Id));
    }

    [Fact]
    public async Task One_report_many_times_at_once_has_one_effect()
    {
        var (order, shipment, number) = await ReadyAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shipping.ReportAsync(Report(number, "same", "delivered", 1))));

        Assert.All(answers, static answer => Assert.True(answer.Status is HttpStatusCode.NoContent or HttpStatusCode.Conflict, answer.Text));
        Assert.Single(await shipping.PublishedAsync<ShipmentDelivered>(told => told.OrderId == order.Id));
        Assert.Single((await shipping.GetAsync($"shipments/{shipment}")).Json.GetProperty("tracking").EnumerateArray());
    }

    [Fact]
    public async Task What_is_lost_can_be_found_again()
    {
        var (order, shipment, number) = await ReadyAsync();

        await ReportAsync(number, "a", "lost", 10);
        var lost = await shipping.GetAsync($"shipments/{shipment}");
        await ReportAsync(number, "b", "delivered", 5);

        Assert.Equal(("lost", "delivered"), (lost["status"], (await shipping.GetAsync($"shipments/{shipment}"))["status"]));
        Assert.Single(await shipping.PublishedAsync<ShipmentLost>(told => told.OrderId == order.Id));
        Assert.Empty(await shipping.PublishedAsync<ShipmentFound>(told => told.OrderId == order.Id));
    }

    [Fact]
    public async Task Whoever_has_sold_it_is_told_once_each_time_that_a_shipment_is_lost_found_and_brought_back()
    {
        var (order, shipment, number) = await ReadyAsync();

        await ReportAsync(number, "a", "lost", 50);
        await ReportAsync(number, "a", "lost", 50);
        await ReportAsync(number, "b", "lost", 49);
        await ReportAsync(number, "c", "inTransit", 40);
        await ReportAsync(number, "d", "lost", 45);
        await ReportAsync(number, "e", "lost", 30);
        await ReportAsync(number, "f", "returnedToSender", 20);
        await ReportAsync(number, "g", "returnedToSender", 19);
        await ReportAsync(number, "h", "lost", 1);

        Assert.Equal("returnedToSender", (await shipping.GetAsync($"shipments/{shipment}"))["status"]);
        Assert.Equal([shipment, shipment], (await shipping.PublishedAsync<ShipmentLost>(told => told.OrderId == order.Id)).Select(static told => told.ShipmentId));
        Assert.Equal(shipment, Assert.Single(await shipping.PublishedAsync<ShipmentFound>(told => told.OrderId == order.Id)).ShipmentId);
        Assert.Equal(shipment, Assert.Single(await shipping.PublishedAsync<ShipmentReturnedToSender>(told => told.OrderId == order.Id)).ShipmentId);
    }

    [Fact]
    public async Task Only_the_carrier_can_report()
    {
        var (_, shipment, number) = await ReadyAsync();
        var report = Report(number, "x", "delivered", 1);

        (await shipping.ReportAsync(report, secret: "what somebody else has guessed, long enough")).Problem(HttpStatusCode.BadRequest, "shipping-carrier-signature");
        (await shipping.ReportAsync(report, secondsAgo: 301)).Problem(HttpStatusCode.BadRequest, "shipping-carrier-signature");
        (await shipping.ReportAsync(report, secondsAgo: -302)).Problem(HttpStatusCode.BadRequest, "shipping-carrier-signature");
        (await shipping.PostAsync("carrier-events", report)).Problem(HttpStatusCode.BadRequest, "shipping-carrier-signature");
        (await shipping.ReportAsync(new { nonsense = true })).Problem(HttpStatusCode.BadRequest, "malformed-request");
        (await shipping.ReportAsync(Report(number, "x", "delivered", -10))).Problem(HttpStatusCode.BadRequest, "validation");
        (await shipping.ReportAsync(Report("000000000000000000", "x", "delivered", 1))).Problem(HttpStatusCode.NotFound, "not-found");

        Assert.Equal("ready", (await shipping.GetAsync($"shipments/{shipment}"))["status"]);
    }

    [Fact]
    public async Task Whoever_has_the_token_sees_where_the_shipment_is_and_not_whose()
    {
        var (_, shipment, number) = await ReadyAsync();
        await ReportAsync(number, "a", "outForDelivery", 1);
        await ReportAsync(number, "b", "inTransit", 9);
        var token = (await shipping.GetAsync($"shipments/{shipment}"))["trackingToken"];

        var followed = await shipping.GetAsync("tracking/" + token, Platform.Testing.TestCredentials.Of("anybody"));

        Assert.Equal("outForDelivery", followed.Expect(HttpStatusCode.OK)["status"]);
        Assert.Equal(["inTransit", "outForDelivery"], followed.Json.GetProperty("tracking").EnumerateArray().Select(entry => entry.GetProperty("status").GetString()));
        Assert.DoesNotContain("Lovelace", followed.Text, StringComparison.Ordinal);
        (await shipping.GetAsync("tracking/" + new string('A', 22))).Problem(HttpStatusCode.NotFound, "not-found");
        (await shipping.GetAsync("tracking/x'y")).Problem(HttpStatusCode.NotFound, "not-found");
    }

    private async Task<(Order Order, Guid Shipment, string Number)> ReadyAsync()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1);
        var shipment = await shipping.ReadyAsync(order, (0, 1));
        return (order, shipment, (await shipping.GetAsync($"shipments/{shipment}"))["trackingNumber"]!);
    }

    private async Task ReportAsync(string number, string id, string status, int minutesAgo) =>
        (await shipping.ReportAsync(Report(number, id, status, minutesAgo))).Expect(HttpStatusCode.NoContent);

    private static DateTimeOffset WholeMinute(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private Dictionary<string, JsonElement> Report(string number, string id, string status, int minutesAgo) => new()
    {
        ["eventId"] = JsonSerializer.SerializeToElement(id),
        ["trackingNumber"] = JsonSerializer.SerializeToElement(number),
        ["status"] = JsonSerializer.SerializeToElement(status),
        ["occurredAt"] = JsonSerializer.SerializeToElement(WholeMinute(shipping.Host.Time.GetUtcNow()).AddMinutes(-minutesAgo)),
        ["carriersOwn"] = JsonSerializer.SerializeToElement(true),
    };
}
