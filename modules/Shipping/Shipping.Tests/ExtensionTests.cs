using System.Net;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Tests;

/// <summary>Goods that are sent again, or in exchange, for an order that was fulfilled before.</summary>
public sealed class ExtensionTests(ShippingHost shipping) : IClassFixture<ShippingHost>
{
    [Fact]
    public async Task What_is_sent_again_opens_the_fulfilment_once_and_leaves_as_a_further_shipment()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1);
        await DeliveredAsync(order, 0);
        var more = Extended(order, null, (order.Variants[0], 2), (Guid.NewGuid(), 1));

        await shipping.Host.PublishAsync(more);
        await shipping.Host.PublishAsync(more);

        await shipping.FulfilmentAsync(order, static view => view.GetProperty("status").GetString() == "open");
        var other = order with { Variants = [order.Variants[0], more.Lines[1].VariantId] };
        (await shipping.PackAsync(other, (0, 3))).Problem(HttpStatusCode.Conflict, "shipping-more-than-left");
        var second = await shipping.ReadyAsync(other, (0, 2), (1, 1));
        (await shipping.PackAsync(other, (0, 1))).Problem(HttpStatusCode.Conflict, "shipping-more-than-left");
        (await shipping.DispatchAsync(second)).Expect(HttpStatusCode.OK);
        (await shipping.TrackAsync(second, "delivered")).Expect(HttpStatusCode.OK);

        Assert.Equal("completed", (await shipping.GetAsync($"fulfilments/{order.Id}"))["status"]);
        Assert.Equal([1, 3], (await shipping.PublishedAsync<ShipmentPacked>(packed => packed.OrderId == order.Id)).Select(static packed => packed.Lines.Sum(static line => line.Quantity)));
    }

    [Fact]
    public async Task With_another_address_all_goes_there_that_has_not_left()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 1, 1);
        await DeliveredAsync(order, 0);
        var waiting = await shipping.ReadyAsync(order, (1, 1));
        var before = (await shipping.GetAsync($"shipments/{waiting}"))["trackingNumber"];

        await shipping.Host.PublishAsync(Extended(order, ShippingHost.Berlin with { Line1 = "Nebenstraße 2" }, (order.Variants[0], 1)));

        await shipping.FulfilmentAsync(order, static view => view.GetProperty("address").GetProperty("line1").GetString() == "Nebenstraße 2");
        await Eventually.Async(() => shipping.GetAsync($"shipments/{waiting}"), answer => answer["status"] == "ready" && answer["trackingNumber"] != before);
    }

    [Fact]
    public async Task What_is_told_before_the_goods_are_known_is_added_to_them()
    {
        var order = new Order(Guid.CreateVersion7(shipping.Host.Time.GetUtcNow()), [Guid.NewGuid()]);
        await shipping.Host.PublishAsync(Extended(order, null, (order.Variants[0], 1)));
        await Eventually.Async(() => shipping.GetAsync($"fulfilments/{order.Id}"), static answer => answer.Status == HttpStatusCode.OK);

        await shipping.Host.PublishAsync(new FulfilmentRequested(order.Id, "standard", ShippingHost.Berlin, [new FulfilmentLine(order.Variants[0], "SKU", "Shirt", 2, 0, [])]));

        var opened = await shipping.FulfilmentAsync(order, static view => view.GetProperty("status").GetString() == "open");
        Assert.Equal(3, opened.Json.GetProperty("lines")[0].GetProperty("left").GetInt32());
    }

    private async Task DeliveredAsync(Order order, int line)
    {
        var shipment = await shipping.ReadyAsync(order, (line, 1));
        (await shipping.DispatchAsync(shipment)).Expect(HttpStatusCode.OK);
        (await shipping.TrackAsync(shipment, "delivered")).Expect(HttpStatusCode.OK);
    }

    private static FulfilmentExtended Extended(Order order, PostalAddress? address, params (Guid Variant, int Quantity)[] lines) =>
        new(order.Id, Guid.NewGuid(), address, [.. lines.Select(static line => new FulfilmentLine(line.Variant, "SKU-" + line.Variant, "Shirt", line.Quantity, 250, []))]);
}
