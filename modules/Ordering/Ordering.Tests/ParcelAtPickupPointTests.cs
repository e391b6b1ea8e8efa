using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Parcels that wait for the customer at a pickup point: what the order shows of them, and what the staff does when nobody comes.</summary>
public sealed class ParcelAtPickupPointTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task An_order_says_until_when_its_parcel_can_be_fetched_and_that_it_was()
    {
        var (order, shipment) = await ordering.SentAsync((Shop.Sell(), 1));
        var end = ordering.Host.Time.GetUtcNow().AddDays(7);
        await ordering.ArriveAsync(order, shipment, end);

        var ready = await ordering.GetOrderAsync(order);
        Assert.Equal(("shipped", "ready-for-pickup", "False"), (ready["status"], ready["fulfilmentStatus"], ready["needsAttention"]));
        Assert.Equal(end, ready.Json.GetProperty("shipments")[0].GetProperty("collectBy").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        await ordering.DeliverAsync(order, shipment);

        var completed = await ordering.UntilAsync(order, "completed");
        Assert.Equal(("delivered", System.Text.Json.JsonValueKind.Null), (completed["fulfilmentStatus"], completed.Json.GetProperty("shipments")[0].GetProperty("collectBy").ValueKind));
        var timeline = (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/timeline")).Text;
        Assert.Contains($"can be fetched there until {end:yyyy-MM-dd HH:mm} UTC", timeline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_waits_for_its_customer_when_all_that_is_not_delivered_is_at_the_point()
    {
        var (shirt, mug) = (Shop.Sell(), Shop.Sell());
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (shirt, 1), (mug, 1));
        var (first, second) = (await ordering.SendAsync(order, (shirt, 1)), await ordering.SendAsync(order, (mug, 1)));
        await ordering.ArriveAsync(order, first);
        Assert.Equal("shipped", (await ordering.GetOrderAsync(order))["fulfilmentStatus"]);

        await ordering.DeliverAsync(order, second);
        await ordering.UntilAsync(order, static answer => answer["fulfilmentStatus"] == "ready-for-pickup");

        // It is taken to another point, and is on its way until it is there.
        await ordering.Host.PublishAsync(new ShipmentLeftPickupPoint(order, first, ordering.Host.Time.GetUtcNow()));
        await ordering.UntilAsync(order, answer => answer["fulfilmentStatus"] == "partially-delivered" && OrderingHost.StateOf(answer, first) == "dispatched");
        await ordering.ArriveAsync(order, first);
        await ordering.DeliverAsync(order, first);
        Assert.Equal("delivered", (await ordering.UntilAsync(order, "completed"))["fulfilmentStatus"]);
    }

    [Fact]
    public async Task What_nobody_has_fetched_is_shown_to_the_staff_until_they_have_decided_and_it_is_back()
    {
        var shirt = Shop.Sell(999);
        var (order, shipment) = await ordering.SentAsync((shirt, 1));
        await ordering.NotCollectAsync(order, shipment);
        Assert.Equal("True", (await ordering.GetOrderAsync(order))["needsAttention"]);
        Assert.Contains(order.ToString(), (await ordering.GetAsync($"{OrderingHost.Orders}?needsAttention=true&limit=100")).Text, StringComparison.Ordinal);
        Assert.Empty((await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines);

        await ordering.ParcelDoneAsync(order, shipment, "refund");
        Assert.Equal("False", (await ordering.GetOrderAsync(order))["needsAttention"]);
        await ordering.BringBackAsync(order, shipment);
        Assert.Equal("True", (await ordering.GetOrderAsync(order))["needsAttention"]);
        await ordering.ParcelDoneAsync(order, shipment, "receive", new { lines = new[] { new { variantId = shirt.VariantId, quantity = 1, disposition = "restock" } } });

        Assert.Equal("False", (await ordering.GetOrderAsync(order))["needsAttention"]);
        Assert.Equal(999, Assert.Single(await ordering.PublishedAsync<RefundRequested>(asked => asked.PaymentId == ordering.PaymentOf(order))).Amount.Amount);
    }

    [Fact]
    public async Task Whoever_fetches_it_after_its_time_has_it()
    {
        var (order, shipment) = await ordering.SentAsync((Shop.Sell(), 1));
        await ordering.NotCollectAsync(order, shipment);

        await ordering.DeliverAsync(order, shipment);

        var completed = await ordering.UntilAsync(order, "completed");
        Assert.Equal(("delivered", "False"), (completed["fulfilmentStatus"], completed["needsAttention"]));
        Assert.Single((await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines);
    }

    [Fact]
    public async Task What_is_told_of_a_parcel_that_is_with_the_customer_changes_nothing()
    {
        var (order, shipment) = await ordering.SentAsync((Shop.Sell(), 1));
        await ordering.DeliverAsync(order, shipment);
        var before = await ordering.UntilAsync(order, "completed");

        await ordering.Host.PublishAsync(new ShipmentReadyForPickup(order, shipment, ordering.Host.Time.GetUtcNow(), null));
        await ordering.Host.PublishAsync(new ShipmentNotCollected(order, shipment, ordering.Host.Time.GetUtcNow()));
        await ordering.Host.PublishAsync(new ShipmentReadyForPickup(order, Guid.NewGuid(), ordering.Host.Time.GetUtcNow(), null));
        var (other, last) = await ordering.SentAsync((Shop.Sell(), 1));
        await ordering.ArriveAsync(other, last);

        Assert.Equal(before.Text, (await ordering.GetOrderAsync(order)).Text);
    }
}
