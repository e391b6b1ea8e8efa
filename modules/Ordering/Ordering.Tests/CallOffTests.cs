using System.Net;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Goods that are to be sent again, and then are not: the first parcel has turned up.</summary>
public sealed class CallOffTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task What_turns_up_before_the_second_parcel_is_packed_is_not_sent_twice()
    {
        var shirt = Shop.Sell(999);
        var (order, shipment, replacement) = await ResentAsync(shirt, 2);
        await ordering.RestockedAsync(order);
        await Eventually.Async(() => ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order), static found => found.Count == 1);
        await ordering.DeliverAsync(order, shipment);
        await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, shipment) == "delivered");

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CallOffAsync(order, replacement)));

        Assert.All(answers, static answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, answer.Text));
        var back = Assert.Single(await ordering.PublishedAsync<ReservationReturned>(told => told.Reference == order.ToString()));
        Assert.Equal((replacement, new StockLine(shirt.Sku, 2)), (back.ReservationId, back.Lines.Single()));
        Assert.Equal(new ShipmentLine(shirt.VariantId, shirt.Sku, 2), Assert.Single(await ordering.PublishedAsync<FulfilmentReduced>(told => told.OrderId == order)).Lines.Single());
        var shown = await ordering.UntilAsync(order, "completed");
        Assert.Equal(("delivered", "False", "calledOff"), (shown["fulfilmentStatus"], shown["needsAttention"], StatusOf(shown)));
        Assert.Equal((2, 1_998L), (await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines.Select(static line => (line.Shipped, line.Paid.Amount)).Single());
        Assert.Contains("Nothing is sent again after all: It has turned up.", (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/timeline")).Text, StringComparison.Ordinal);

        // Who packs it at the same moment unpacks it.
        var late = await ordering.PackAsync(order, (shirt, 2));
        await Eventually.Async(() => ordering.PublishedAsync<ShipmentRefused>(told => told.ShipmentId == late), static found => found.Count == 1);
    }

    [Fact]
    public async Task What_is_called_off_before_its_stock_is_certain_comes_back_and_is_never_packed()
    {
        var (order, shipment, replacement) = await ResentAsync(Shop.Sell(), 1);
        await CallOffAsync(order, replacement);
        Assert.Single(await ordering.PublishedAsync<ReservationReturned>(told => told.ReservationId == replacement));
        Assert.Equal("True", (await ordering.GetOrderAsync(order))["needsAttention"]);

        await ordering.RestockedAsync(order);
        await ordering.FindAsync(order, shipment);

        var shown = await ordering.GetOrderAsync(order);
        Assert.Equal(("calledOff", "False", "shipped"), (StatusOf(shown), shown["needsAttention"], shown["fulfilmentStatus"]));
        Assert.Empty(await ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order));
        Assert.Empty(await ordering.PublishedAsync<FulfilmentReduced>(told => told.OrderId == order));
    }

    [Fact]
    public async Task What_waits_for_its_goods_can_be_called_off_and_what_comes_later_changes_nothing()
    {
        var shirt = Shop.Sell();
        var (order, shipment, replacement) = await ResentAsync(shirt, 1);
        await ordering.RestockedAsync(order, isBackordered: true);
        await ordering.UntilAsync(order, answer => StatusOf(answer) == "waiting");
        await CallOffAsync(order, replacement);

        await ordering.Host.PublishAsync(new BackorderFilled(replacement, order.ToString(), [new SourcedLine(shirt.Sku, "MAIN", 1)]));
        await ordering.FindAsync(order, shipment);

        Assert.Equal("calledOff", StatusOf(await ordering.GetOrderAsync(order)));
        Assert.Empty(await ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order));
    }

    [Fact]
    public async Task What_is_still_lost_waits_for_another_decision_and_can_be_sent_again_or_refunded()
    {
        var (order, shipment, first) = await ResentAsync(Shop.Sell(999), 1);
        await CallOffAsync(order, first);

        await ordering.ParcelDoneAsync(order, shipment, "resend");
        var second = (await ordering.AskedAgainAsync(order, 2))[^1].ReservationId;
        Assert.NotEqual(first, second);
        await CallOffAsync(order, second);
        var refunded = await ordering.ParcelDoneAsync(order, shipment, "refund");

        Assert.Equal("lost", refunded["fulfilmentStatus"]);
        Assert.Equal(999, Assert.Single(await ordering.PublishedAsync<RefundRequested>(asked => asked.PaymentId == ordering.PaymentOf(order))).Amount.Amount);
    }

    [Fact]
    public async Task What_is_packed_sent_in_exchange_or_refused_is_not_called_off()
    {
        var shirt = Shop.Sell(999);
        var (order, _, replacement) = await ResentAsync(shirt, 1);
        await ordering.RestockedAsync(order);
        await ordering.UntilAsync(order, static answer => StatusOf(answer) == "ready");
        (await CallOffAsync(order, Guid.NewGuid())).Problem(HttpStatusCode.NotFound, "not-found");
        var packed = await ordering.PackAsync(order, (shirt, 1));
        await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, packed) is not null);
        (await CallOffAsync(order, replacement)).Problem(HttpStatusCode.Conflict, "replacement-packed");

        var (other, _, refused) = await ResentAsync(Shop.Sell(), 1);
        await ordering.SoldOutAsync(other);
        await ordering.UntilAsync(other, static answer => StatusOf(answer) == "unavailable");
        (await CallOffAsync(other, refused)).Problem(HttpStatusCode.Conflict, "illegal-state");

        var exchanged = await ordering.DeliveredAsync((shirt, 1));
        await ordering.BackAsync(exchanged, OrderingHost.Exchange(shirt, 1));
        (await CallOffAsync(exchanged, (await ordering.AskedAgainAsync(exchanged, 1))[0].ReservationId)).Problem(HttpStatusCode.Conflict, "illegal-state");
        Assert.Empty(await ordering.PublishedAsync<ReservationReturned>(told => told.Reference == order.ToString() || told.Reference == other.ToString() || told.Reference == exchanged.ToString()));
    }

    private async Task<(Guid Order, Guid Shipment, Guid Replacement)> ResentAsync(Catalog.Contracts.VariantDetails variant, int quantity)
    {
        var (order, shipment) = await ordering.SentAsync((variant, quantity));
        await ordering.LoseAsync(order, shipment);
        await ordering.ParcelDoneAsync(order, shipment, "resend");
        return (order, shipment, (await ordering.AskedAgainAsync(order, 1))[0].ReservationId);
    }

    private Task<Answer> CallOffAsync(Guid order, Guid replacement) =>
        ordering.SendAsync(HttpMethod.Post, $"{OrderingHost.Orders}/{order}/replacements/{replacement}/call-off", new { reason = "It has turned up." });

    private static string? StatusOf(Answer order) => order.Json.GetProperty("replacements")[0].GetProperty("status").GetString();
}
