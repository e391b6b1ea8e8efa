using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Goods that came back, for which others are sent.</summary>
public sealed class ExchangeTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task What_is_exchanged_takes_stock_and_leaves_without_being_paid_again()
    {
        var shirt = Shop.Sell(999);
        var order = await ordering.DeliveredAsync((shirt, 2));

        var id = await ordering.BackAsync(order, OrderingHost.Exchange(shirt, 1));
        var asked = Assert.Single(await ordering.AskedAgainAsync(order, 1));
        Assert.Equal([new StockLine(shirt.Sku, 1)], asked.Lines);
        Assert.Equal(("completed", "partially-delivered"), Statuses(await ordering.GetOrderAsync(order)));
        Assert.Empty(await ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order));
        await ordering.RestockedAsync(order);
        await ordering.RestockedAsync(order);

        Assert.Equal(0, (await ordering.RefundOfAsync(id)).Amount);
        var extended = Assert.Single(await ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order));
        Assert.Equal((asked.ReservationId, "MAIN"), (extended.ExtensionId, extended.Lines[0].Sources[0].Location));
        Assert.Equal(asked.ReservationId, Assert.Single(await ordering.PublishedAsync<GoodsExchanged>(told => told.ReturnId == id && told.VariantId == shirt.VariantId)).ReplacementId);
        var shipment = await ordering.DeliverUnpaidAsync(order, (shirt, 1));
        var tooMany = await ordering.PackAsync(order, (shirt, 1));
        await Eventually.Async(() => ordering.PublishedAsync<ShipmentRefused>(told => told.ShipmentId == tooMany), static found => found.Count == 1);

        Assert.Empty(await ordering.PublishedAsync<CaptureRequested>(capture => capture.CaptureId == shipment));
        Assert.Single(await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order));
        var shown = await ordering.GetOrderAsync(order);
        Assert.Equal(("completed", "delivered"), Statuses(shown));
        Assert.Equal(("sent", "exchange", id.ToString()), Replacement(shown));
        var timeline = (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/timeline")).Text;
        Assert.Contains("1 piece is to be sent in exchange.", timeline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_in_exchange_can_be_returned_for_what_was_paid_and_nothing_twice()
    {
        var (shirt, other) = (Shop.Sell(999), Shop.Sell(999));
        var order = await ordering.DeliveredAsync((shirt, 1));
        await ordering.BackAsync(order, OrderingHost.Exchange(shirt, 1, other));
        await ordering.RestockedAsync(order);
        await ordering.UntilAsync(order, static answer => Replacement(answer).Status == "ready");
        await ordering.DeliverUnpaidAsync(order, (other, 1));

        var returnable = await ordering.Host.SendAsync(new GetReturnableOrder(order));
        Assert.Equal([(shirt.VariantId, 1, 1), (other.VariantId, 1, 0)], returnable!.Lines.Select(static line => (line.VariantId, line.Shipped, line.Returned)));
        Assert.Equal(999, returnable.Lines[1].Paid.Amount);
        var back = await ordering.BackAsync(order, new ReturnedLine(other.VariantId, 1, true));
        Assert.Equal(999, (await ordering.RefundOfAsync(back)).Amount);
        foreach (var variant in new[] { shirt, other })
        {
            var again = await ordering.BackAsync(order, new ReturnedLine(variant.VariantId, 1, true));
            await Eventually.Async(() => ordering.PublishedAsync<OrderRefundFailed>(told => told.RefundId == again), static found => found.Count == 1);
        }

        Assert.Equal(999, (await ordering.PublishedAsync<OrderCredited>(credit => credit.OrderId == order)).Sum(static credit => credit.Total.Amount));
    }

    [Fact]
    public async Task What_is_not_there_any_more_is_refunded_with_the_rest_of_the_return_once()
    {
        var (shirt, mug, cap) = (Shop.Sell(999), Shop.Sell(500), Shop.Sell(250));
        var order = await ordering.DeliveredAsync((shirt, 2), (mug, 1), (cap, 1));

        var id = await ordering.BackAsync(order, OrderingHost.Exchange(shirt, 2), OrderingHost.Exchange(mug, 1), new ReturnedLine(cap.VariantId, 1, true));
        var asked = await ordering.AskedAgainAsync(order, 2);
        Assert.Empty(await ordering.PublishedAsync<RefundRequested>(refund => refund.RefundId == id));
        await ordering.SoldOutAsync(order, 2);
        await Eventually.Async(() => ordering.PublishedAsync<ExchangeRefused>(told => told.ReturnId == id), static found => found.Count == 1);
        Assert.Empty(await ordering.PublishedAsync<RefundRequested>(refund => refund.RefundId == id));
        await ordering.Host.PublishAsync(new StockCommitted(asked[0].ReservationId, asked[0].Reference, [new SourcedLine(shirt.Sku, "MAIN", 2)]));

        // The cap, which was to be refunded, and the mug, which is not there.
        Assert.Equal(750, (await ordering.RefundOfAsync(id)).Amount);
        await ordering.SoldOutAsync(order, 2);
        await ordering.RefundAsync(order, id);
        await Eventually.Async(() => ordering.PublishedAsync<OrderRefunded>(told => told.RefundId == id), static found => found.Count == 1);
        Assert.Equal(mug.VariantId, Assert.Single(await ordering.PublishedAsync<ExchangeRefused>(told => told.ReturnId == id)).VariantId);
        Assert.Equal(shirt.VariantId, Assert.Single(await ordering.PublishedAsync<GoodsExchanged>(told => told.ReturnId == id)).VariantId);
        var shown = await ordering.GetOrderAsync(order);
        Assert.Equal(["ready", "unavailable"], shown.Json.GetProperty("replacements").EnumerateArray().Select(static each => each.GetProperty("status").GetString()).Order());
        Assert.Equal(750, shown.Amount("refundedTotal"));
    }

    [Fact]
    public async Task What_is_there_of_an_exchange_is_sent_and_the_rest_is_refunded_to_the_cent()
    {
        var shirt = Shop.Sell(999);
        var order = await ordering.DeliveredAsync((shirt, 3));
        var id = await ordering.BackAsync(order, OrderingHost.Exchange(shirt, 3));

        // Of three two are there, and when these are taken only one is.
        await ShortAsync(order, 1, 2);
        Assert.Equal(2, (await ordering.AskedAgainAsync(order, 2))[1].Lines.Single().Quantity);
        await ShortAsync(order, 2, 1);
        Assert.Equal(1, (await ordering.AskedAgainAsync(order, 3))[2].Lines.Single().Quantity);
        Assert.Empty(await ordering.PublishedAsync<RefundRequested>(refund => refund.RefundId == id));
        await ordering.RestockedAsync(order, 3);

        Assert.Equal(1_998, (await ordering.RefundOfAsync(id)).Amount);
        Assert.Equal([1, 1], (await ordering.PublishedAsync<ExchangeReduced>(told => told.ReturnId == id)).Select(static told => told.Quantity));
        Assert.Empty(await ordering.PublishedAsync<ExchangeRefused>(told => told.ReturnId == id));
        Assert.Single(await ordering.PublishedAsync<GoodsExchanged>(told => told.ReturnId == id));
        Assert.Equal(1, Assert.Single(await ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order)).Lines.Single().Quantity);
        await ordering.DeliverUnpaidAsync(order, (shirt, 1));
        var shown = await ordering.GetOrderAsync(order);
        Assert.Equal([("unavailable", 1), ("unavailable", 1), ("sent", 1)], shown.Json.GetProperty("replacements").EnumerateArray()
            .Select(static each => (each.GetProperty("status").GetString(), each.GetProperty("lines")[0].GetProperty("quantity").GetInt32())));

        // The one that was sent is worth what was paid for it.
        var back = await ordering.BackAsync(order, new ReturnedLine(shirt.VariantId, 1, true));
        Assert.Equal(999, (await ordering.RefundOfAsync(back)).Amount);
    }

    [Fact]
    public async Task What_has_to_arrive_first_is_packed_when_it_has()
    {
        var shirt = Shop.Sell();
        var order = await ordering.DeliveredAsync((shirt, 1));
        var id = await ordering.BackAsync(order, OrderingHost.Exchange(shirt, 1));
        await ordering.RestockedAsync(order, isBackordered: true);
        await ordering.RefundOfAsync(id);
        Assert.Empty(await ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order));
        Assert.Equal("waiting", Replacement(await ordering.GetOrderAsync(order)).Status);

        var asked = Assert.Single(await ordering.AskedAgainAsync(order, 1));
        await ordering.Host.PublishAsync(new BackorderFilled(asked.ReservationId, asked.Reference, [new SourcedLine(shirt.Sku, "MAIN", 1)]));

        await Eventually.Async(() => ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order), static found => found.Count == 1);
        await ordering.DeliverUnpaidAsync(order, (shirt, 1));
    }

    [Fact]
    public async Task A_parcel_with_open_goods_and_an_exchange_is_paid_for_what_is_owed()
    {
        var shirt = Shop.Sell(1_000);
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (shirt, 3));
        await ordering.DeliverAsync(order, (shirt, 1));
        await ordering.BackAsync(order, OrderingHost.Exchange(shirt, 1));
        await ordering.RestockedAsync(order);
        await ordering.UntilAsync(order, static answer => Replacement(answer).Status == "ready");

        var shipment = await ordering.PackAsync(order, (shirt, 3));

        Assert.Equal(2_000, (await ordering.CaptureAsync(order, shipment)).Amount);
        await ordering.ReleasedAsync(shipment);
        await ordering.DispatchAsync(order, shipment);
        await ordering.DeliverAsync(order, shipment);
        var completed = await ordering.UntilAsync(order, "completed");
        Assert.Equal(completed.Amount("total"), (await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order)).Sum(static invoice => invoice.Total.Amount));
        Assert.True((await ordering.PublishedAsync<CaptureRequested>(capture => capture.CaptureId == shipment))[0].IsFinal);
    }

    [Fact]
    public async Task The_staff_hands_over_what_is_exchanged_of_an_order_without_a_shipping_method()
    {
        var service = Shop.Sell(tracksInventory: false);
        var order = await ordering.PaidOrderAsync((service, 1));
        await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-shipped", string.Empty);

        var id = await ordering.BackAsync(order, OrderingHost.Exchange(service, 1));

        Assert.Equal(0, Assert.Single(await Eventually.Async(() => ordering.PublishedAsync<OrderRefunded>(told => told.RefundId == id), static found => found.Count == 1)).Amount.Amount);
        Assert.Equal("sent", Replacement(await ordering.GetOrderAsync(order)).Status);
        Assert.Equal(2, (await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines[0].Shipped);
        Assert.Empty(await ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order));
    }

    [Fact]
    public async Task Something_is_exchanged_for_the_same_or_for_what_costs_the_same_and_for_nothing_else()
    {
        var (shirt, same, dearer, cheaper, gone, foreign) = (Shop.Sell(999), Shop.Sell(999), Shop.Sell(1_000), Shop.Sell(998), Shop.Sell(999), Shop.Sell(999));
        var order = await ordering.DeliveredAsync((shirt, 2));
        Shop.Reprice(shirt, 2_000);
        Shop.Unpublish(gone);
        Shop.Reprice(foreign, 999, "USD");

        async Task<ExchangeOffer> AskAsync(Guid variant, Guid wanted) => Assert.Single(await ordering.Host.SendAsync(new GetExchangeGoods(order, [new ExchangeWish(variant, wanted, 1)])));

        Assert.Equal(new ExchangeGoods(shirt.VariantId, shirt.Sku, shirt.ProductTitle, 100, true), (await AskAsync(shirt.VariantId, shirt.VariantId)).Goods);
        Assert.Equal(new ExchangeGoods(same.VariantId, same.Sku, same.ProductTitle, 100, true), (await AskAsync(shirt.VariantId, same.VariantId)).Goods);
        foreach (var (wanted, why) in new[] { (dearer.VariantId, "10.00"), (cheaper.VariantId, "9.98"), (gone.VariantId, "not sold"), (foreign.VariantId, "not sold in EUR"), (Guid.NewGuid(), "not sold") })
        {
            var refused = await AskAsync(shirt.VariantId, wanted);
            Assert.Null(refused.Goods);
            Assert.Contains(why, refused.Refusal, StringComparison.Ordinal);
        }

        Assert.NotNull((await AskAsync(same.VariantId, same.VariantId)).Refusal);
        Assert.Empty(await ordering.Host.SendAsync(new GetExchangeGoods(Guid.NewGuid(), [new ExchangeWish(shirt.VariantId, shirt.VariantId, 1)])));
    }

    private async Task ShortAsync(Guid order, int asked, int available)
    {
        var consumed = (await ordering.AskedAgainAsync(order, asked))[^1];
        await ordering.Host.PublishAsync(new StockUnavailable(consumed.ReservationId, consumed.Reference, [.. consumed.Lines.Select(line => new ShortLine(line.Sku, line.Quantity, available))]));
    }

    private static (string? Status, string? FulfilmentStatus) Statuses(Answer order) => (order["status"], order["fulfilmentStatus"]);

    private static (string? Status, string? Cause, string? CauseId) Replacement(Answer order)
    {
        var replacement = order.Json.GetProperty("replacements")[0];
        return (replacement.GetProperty("status").GetString(), replacement.GetProperty("cause").GetString(), replacement.GetProperty("causeId").GetString());
    }
}
