using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Tests;

public sealed class FulfilmentTests(ShippingHost shipping) : IClassFixture<ShippingHost>
{
    [Fact]
    public async Task An_order_goes_out_in_several_shipments_each_told_of_when_it_is_packed_dispatched_and_delivered()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 2, 1);

        var first = await shipping.ReadyAsync(order, (0, 1));
        (await shipping.DispatchAsync(first)).Expect(HttpStatusCode.OK);
        var half = await shipping.GetAsync($"fulfilments/{order.Id}");
        var second = await shipping.ReadyAsync(order, (0, 1), (1, 1));
        var packed = await shipping.GetAsync($"fulfilments/{order.Id}");
        (await shipping.DispatchAsync(second)).Expect(HttpStatusCode.OK);
        (await shipping.TrackAsync(first, "delivered")).Expect(HttpStatusCode.OK);
        var onItsWay = await shipping.GetAsync($"fulfilments/{order.Id}");
        (await shipping.TrackAsync(second, "delivered")).Expect(HttpStatusCode.OK);

        Assert.Equal(("open", "packed", "dispatched"), (half["status"], packed["status"], onItsWay["status"]));
        Assert.Equal("completed", (await shipping.GetAsync($"fulfilments/{order.Id}"))["status"]);
        Assert.Equal([first, second], (await shipping.GetAsync($"fulfilments/{order.Id}/shipments")).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
        var told = await shipping.PublishedAsync<ShipmentPacked>(packed => packed.OrderId == order.Id);
        Assert.Equal([(first, 1), (second, 2)], told.Select(packed => (packed.ShipmentId, packed.Lines.Sum(line => line.Quantity))));
        var left = await shipping.PublishedAsync<ShipmentDispatched>(dispatched => dispatched.OrderId == order.Id);
        Assert.Equal([first, second], left.Select(dispatched => dispatched.ShipmentId));
        Assert.All(left, static dispatched => Assert.True(dispatched is { Carrier: "own-delivery", TrackingNumber.Length: 18, TrackingToken.Length: 22 }));
        Assert.Equal([first, second], (await shipping.PublishedAsync<ShipmentDelivered>(delivered => delivered.OrderId == order.Id)).Select(delivered => delivered.ShipmentId));
    }

    [Fact]
    public async Task Many_orders_at_once_are_opened_once_each_whatever_is_told_twice_or_early()
    {
        var orders = Enumerable.Range(0, 40).Select(_ => new Order(Guid.CreateVersion7(shipping.Host.Time.GetUtcNow()), [Guid.NewGuid()])).ToList();
        FulfilmentRequested Requested(Order order) =>
            new(order.Id, "standard", ShippingHost.Berlin, [new FulfilmentLine(order.Variants[0], "SKU", "Shirt", 2, 0, []), new FulfilmentLine(order.Variants[0], "SKU", "Shirt", 1, 0, [])]);
        Task ReducedAsync(Order order) => shipping.Host.PublishAsync(new FulfilmentReduced(order.Id, order.Id, [new ShipmentLine(order.Variants[0], "SKU", 1)]));

        await Task.WhenAll(orders.Take(10).Select(ReducedAsync).Concat(orders.Concat(orders.Take(20)).Select(order => shipping.Host.PublishAsync(Requested(order)))).Concat(orders.Skip(10).Select(ReducedAsync)));

        foreach (var order in orders)
        {
            var opened = await Eventually.Async(
                () => shipping.GetAsync($"fulfilments/{order.Id}"), static answer => answer["status"] == "open" && answer.Json.GetProperty("lines")[0].GetProperty("reduced").GetInt32() == 1);
            Assert.Equal([2], Numbers(opened, "left"));
        }
    }

    [Fact]
    public async Task Of_many_fulfilments_that_are_opened_at_once_each_belongs_to_its_own_request()
    {
        var asked = Enumerable.Range(0, 20).Select(number => (Id: Guid.CreateVersion7(), Origin: new EventHeaders { Actor = "customer " + number, CorrelationId = Guid.NewGuid().ToString("N") })).ToList();

        await shipping.Host.PublishAsync([.. asked.Select(one => (
            (IIntegrationEvent)new FulfilmentRequested(one.Id, "standard", ShippingHost.Berlin, [new FulfilmentLine(Guid.NewGuid(), "SKU", "Shirt", 1, 0, [])]), one.Origin))]);

        await using var session = shipping.Host.Services.GetRequiredService<IShippingStore>().QuerySession();
        foreach (var (id, origin) in asked)
        {
            var opened = Assert.Single(await Eventually.Async(() => session.Events.FetchStreamAsync(id), static found => found.Count > 0));
            Assert.Equal((origin.Actor, origin.CorrelationId), (opened.UserName, opened.CorrelationId));
        }
    }

    [Fact]
    public async Task Goods_that_the_customer_fetches_need_no_label_and_are_collected_when_they_are_handed_over()
    {
        var order = await shipping.RequestedAsync(null, 1);
        var shipment = (await shipping.PostAsync($"fulfilments/{order.Id}/shipments", new { lines = new[] { new { variantId = order.Variants[0], quantity = 1 } } })).Expect(HttpStatusCode.Created).Id;
        (await shipping.DispatchAsync(shipment)).Problem(HttpStatusCode.Conflict, "illegal-state");
        await shipping.ReleaseAsync(order, shipment);
        await shipping.StatusAsync(shipment, "ready");

        (await shipping.TrackAsync(shipment, "inTransit")).Problem(HttpStatusCode.Conflict, "illegal-state");
        var fetched = await shipping.DispatchAsync(shipment);
        var again = await shipping.DispatchAsync(shipment);

        Assert.Equal(("collected", fetched.Text), (fetched["status"], again.Text));
        Assert.Null(Assert.Single(await shipping.PublishedAsync<ShipmentDispatched>(dispatched => dispatched.OrderId == order.Id)).Carrier);
        Assert.Single(await shipping.PublishedAsync<ShipmentDelivered>(delivered => delivered.OrderId == order.Id));
        Assert.DoesNotContain(shipping.Labels.Asked, asked => asked.ShipmentId == shipment);
    }

    [Fact]
    public async Task Two_packers_at_once_never_pack_more_than_was_ordered()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 5, 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shipping.PackAsync(order, (0, 1), (1, 1))));

        Assert.Equal(3, answers.Count(static answer => answer.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(static answer => answer.Status != HttpStatusCode.Created), static answer =>
            Assert.True(answer["type"] is "/problems/shipping-more-than-left" or "/problems/concurrent-change", answer.Text));
        Assert.Equal(3, (await shipping.PublishedAsync<ShipmentPacked>(packed => packed.OrderId == order.Id)).Count);
        Assert.Equal([2, 0], Numbers(await shipping.GetAsync($"fulfilments/{order.Id}"), "left"));
        var refused = (await shipping.PackAsync(order, (0, 3))).Problem(HttpStatusCode.Conflict, "shipping-more-than-left").GetProperty("lines")[0];
        Assert.Equal((3, 2), (refused.GetProperty("requested").GetInt32(), refused.GetProperty("left").GetInt32()));
    }

    [Fact]
    public async Task Packing_under_one_key_packs_once()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 5);
        var body = new { lines = new[] { new { variantId = order.Variants[0], quantity = 1 } }, parcels = new[] { new { weightGrams = 100 } } };
        var key = Guid.NewGuid().ToString();

        var first = await shipping.PostAsync($"fulfilments/{order.Id}/shipments", body, key);
        var again = await shipping.PostAsync($"fulfilments/{order.Id}/shipments", body, key);

        Assert.Equal((first.Text, first.Location), (again.Text, again.Location));
        Assert.Single(await shipping.PublishedAsync<ShipmentPacked>(packed => packed.OrderId == order.Id));
    }

    [Fact]
    public async Task A_dry_run_packs_nothing()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1);
        var body = new { lines = new[] { new { variantId = order.Variants[0], quantity = 1 } }, parcels = new[] { new { weightGrams = 100 } } };

        (await shipping.PostAsync($"fulfilments/{order.Id}/shipments?dryRun=true", body)).Expect(HttpStatusCode.OK);

        Assert.Equal([1], Numbers(await shipping.GetAsync($"fulfilments/{order.Id}"), "left"));
        Assert.Empty(await shipping.PublishedAsync<ShipmentPacked>(packed => packed.OrderId == order.Id));
    }

    [Fact]
    public async Task What_cannot_be_packed_is_refused()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1);
        object Body(Guid variant, int quantity, object? parcels) => new { lines = new[] { new { variantId = variant, quantity } }, parcels };

        (await shipping.PostAsync($"fulfilments/{Guid.NewGuid()}/shipments", Body(order.Variants[0], 1, null))).Problem(HttpStatusCode.NotFound, "not-found");
        (await shipping.PostAsync($"fulfilments/{order.Id}/shipments", Body(order.Variants[0], 1, null))).Problem(HttpStatusCode.BadRequest, "validation");
        (await shipping.PostAsync($"fulfilments/{order.Id}/shipments", Body(order.Variants[0], 0, null))).Problem(HttpStatusCode.BadRequest, "validation");
        (await shipping.PostAsync($"fulfilments/{order.Id}/shipments", Body(order.Variants[0], 1, new[] { new { weightGrams = -1 } }))).Problem(HttpStatusCode.BadRequest, "validation");
        (await shipping.PostAsync($"fulfilments/{order.Id}/shipments", Body(Guid.NewGuid(), 1, new[] { new { weightGrams = 1 } }))).Problem(HttpStatusCode.Conflict, "shipping-more-than-left");
    }

    [Fact]
    public async Task A_shipment_that_is_released_twice_is_released_once()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1);
        var shipment = await shipping.PackedAsync(order, (0, 1));

        await Task.WhenAll(shipping.ReleaseAsync(order, shipment), shipping.ReleaseAsync(order, shipment));
        await shipping.StatusAsync(shipment, "ready");
        await shipping.ReleaseAsync(order, shipment);
        (await shipping.DispatchAsync(shipment)).Expect(HttpStatusCode.OK);
        await shipping.DispatchAsync(shipment);

        Assert.Single(shipping.Labels.Asked, asked => asked.ShipmentId == shipment);
        Assert.Single(await shipping.PublishedAsync<ShipmentDispatched>(dispatched => dispatched.OrderId == order.Id));
    }

    [Fact]
    public async Task A_shipment_does_not_leave_before_it_is_released()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1);
        var shipment = await shipping.PackedAsync(order, (0, 1));

        (await shipping.DispatchAsync(shipment)).Problem(HttpStatusCode.Conflict, "illegal-state");
        (await shipping.TrackAsync(shipment, "inTransit")).Problem(HttpStatusCode.Conflict, "illegal-state");

        Assert.Empty(await shipping.PublishedAsync<ShipmentDispatched>(dispatched => dispatched.OrderId == order.Id));
    }

    [Fact]
    public async Task The_goods_of_a_refused_shipment_are_packed_again()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 2);
        var shipment = await shipping.PackedAsync(order, (0, 2));

        await shipping.Host.PublishAsync(new ShipmentRefused(order.Id, shipment, "The payment was declined."));

        Assert.Equal("The payment was declined.", (await shipping.StatusAsync(shipment, "unpacked"))["reason"]);
        Assert.Equal([2], Numbers(await shipping.GetAsync($"fulfilments/{order.Id}"), "left"));
        await shipping.PackedAsync(order, (0, 2));
    }

    [Fact]
    public async Task What_is_not_wanted_any_more_is_not_packed_once_for_each_change()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 3, 2);
        var change = new FulfilmentReduced(order.Id, Guid.NewGuid(), [new ShipmentLine(order.Variants[0], "SKU", 2)]);

        await shipping.Host.PublishAsync(change);
        await shipping.Host.PublishAsync(change);
        await shipping.Host.PublishAsync(new FulfilmentReduced(order.Id, Guid.NewGuid(), [new ShipmentLine(order.Variants[1], "SKU", 9), new ShipmentLine(Guid.NewGuid(), "SKU", 1)]));

        Assert.Equal([1, 0], Numbers(await shipping.FulfilmentAsync(order, static view => view.GetProperty("lines")[1].GetProperty("left").GetInt32() == 0), "left"));
        await shipping.Host.PublishAsync(new FulfilmentReduced(order.Id, Guid.NewGuid(), [new ShipmentLine(order.Variants[0], "SKU", 1)]));
        await shipping.FulfilmentAsync(order, static view => view.GetProperty("status").GetString() == "cancelled");
    }

    [Fact]
    public async Task A_change_that_comes_before_the_goods_are_known_counts()
    {
        var order = new Order(Guid.CreateVersion7(shipping.Host.Time.GetUtcNow()), [Guid.NewGuid()]);
        var elsewhere = ShippingHost.Berlin with { Line1 = "Nebenstraße 2" };

        await shipping.Host.PublishAsync(new FulfilmentReduced(order.Id, Guid.NewGuid(), [new ShipmentLine(order.Variants[0], "SKU", 1)]));
        await Eventually.TrueAsync(async () => (await shipping.GetAsync($"fulfilments/{order.Id}"))["status"] == "expected");
        await shipping.Host.PublishAsync(new FulfilmentReaddressed(order.Id, elsewhere));
        await shipping.FulfilmentAsync(order, static view => view.GetProperty("address").ValueKind == JsonValueKind.Object);
        (await shipping.PackAsync(order, (0, 1))).Problem(HttpStatusCode.NotFound, "not-found");
        await shipping.Host.PublishAsync(new FulfilmentRequested(order.Id, "standard", ShippingHost.Berlin, [new FulfilmentLine(order.Variants[0], "SKU", "Shirt", 3, 0, [])]));

        var opened = await shipping.FulfilmentAsync(order, static view => view.GetProperty("status").GetString() == "open");
        Assert.Equal([2], Numbers(opened, "left"));
        Assert.Equal("Nebenstraße 2", opened.Json.GetProperty("address").GetProperty("line1").GetString());
    }

    [Fact]
    public async Task A_packed_shipment_of_goods_that_are_not_wanted_waits_for_its_refusal()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 2);
        var shipment = await shipping.PackedAsync(order, (0, 2));

        await shipping.Host.PublishAsync(new FulfilmentReduced(order.Id, Guid.NewGuid(), [new ShipmentLine(order.Variants[0], "SKU", 1)]));
        var waiting = await shipping.FulfilmentAsync(order, static view => view.GetProperty("lines")[0].GetProperty("reduced").GetInt32() == 1);
        await shipping.Host.PublishAsync(new ShipmentRefused(order.Id, shipment, "Less is wanted."));

        Assert.Equal("False", waiting["hasDiscrepancy"]);
        Assert.Equal([1], Numbers(await shipping.FulfilmentAsync(order, static view => view.GetProperty("status").GetString() == "open"), "left"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_wanted_and_was_released_is_a_discrepancy_that_can_be_found(bool isReleasedFirst)
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 3);
        var shipment = await shipping.PackedAsync(order, (0, 2));
        var reduced = new FulfilmentReduced(order.Id, Guid.NewGuid(), [new ShipmentLine(order.Variants[0], "SKU", 2)]);

        await (isReleasedFirst ? shipping.ReleaseAsync(order, shipment) : shipping.Host.PublishAsync(reduced));
        await shipping.FulfilmentAsync(order, view => isReleasedFirst ? view.GetProperty("shipments")[0].GetProperty("status").GetString() == "ready" : view.GetProperty("lines")[0].GetProperty("reduced").GetInt32() == 2);
        await (isReleasedFirst ? shipping.Host.PublishAsync(reduced) : shipping.ReleaseAsync(order, shipment));

        var found = await shipping.FulfilmentAsync(order, static view => view.GetProperty("hasDiscrepancy").GetBoolean());
        Assert.Equal([1], Numbers(found, "discrepancy"));
        Assert.Contains(order.Id.ToString(), (await shipping.GetAsync("fulfilments?hasDiscrepancy=true&limit=100")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(order.Id.ToString(), (await shipping.GetAsync("fulfilments?hasDiscrepancy=false&limit=100")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_has_what_is_to_be_done_oldest_first_page_by_page()
    {
        var orders = new List<Order>();
        for (var made = 0; made < 3; made++)
        {
            orders.Add(await shipping.RequestedAsync(ShippingHost.Berlin, 1));
            shipping.Host.Time.Advance(TimeSpan.FromMilliseconds(5));
        }

        var done = orders[1];
        await shipping.PackedAsync(done, (0, 1));
        var seen = new List<Guid>();
        for (var cursor = string.Empty; cursor is not null;)
        {
            var page = (await shipping.GetAsync("fulfilments?status=open&limit=1" + (cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : string.Empty))).Expect(HttpStatusCode.OK).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("orderId").GetGuid()));
            cursor = page.GetProperty("next").GetString();
        }

        Assert.Equal([orders[0].Id, orders[2].Id], seen.Where(id => orders.Any(order => order.Id == id)));
        (await shipping.GetAsync("fulfilments?status=Open")).Problem(HttpStatusCode.BadRequest, "malformed-request");
        (await shipping.GetAsync("fulfilments?status=1")).Problem(HttpStatusCode.BadRequest, "malformed-request");
    }

    [Fact]
    public async Task Only_the_staff_sees_and_changes_fulfilments()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1);

        (await shipping.GetAsync($"fulfilments/{order.Id}", TestCredentials.Of("ann"))).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await shipping.GetAsync($"fulfilments/{order.Id}", TestCredentials.Of("clerk", "shipping:read"))).Expect(HttpStatusCode.OK);
    }

    private static IEnumerable<int> Numbers(Answer fulfilment, string member) =>
        fulfilment.Json.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty(member).GetInt32());
}
