using System.Net;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

public sealed class ShipmentTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task Each_parcel_is_paid_before_it_leaves_and_all_of_them_come_to_the_total()
    {
        // Three pieces of 9.99 with 19 % tax do not divide evenly.
        var (shirt, mug) = (Shop.Sell(999), Shop.Sell(101));
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (shirt, 3), (mug, 1));

        var first = await ordering.PackAsync(order, (shirt, 1));
        await Eventually.Async(() => ordering.PublishedAsync<CaptureRequested>(asked => asked.CaptureId == first), static found => found.Count == 1);
        Assert.Empty(await ordering.PublishedAsync<ShipmentReleased>(released => released.OrderId == order));
        Assert.Equal(999 + 490, (await ordering.CaptureAsync(order, first)).Amount);
        await ordering.ReleasedAsync(first);
        await ordering.DispatchAsync(order, first);
        var partly = await ordering.UntilAsync(order, static answer => answer["fulfilmentStatus"] == "partially-shipped");
        Assert.Equal(("confirmed", "partially-captured"), (partly["status"], partly["paymentStatus"]));
        Assert.Equal("T-1", partly.Json.GetProperty("shipments")[0].GetProperty("trackingNumber").GetString());
        (await ordering.CancelOrderAsync(order)).Problem(HttpStatusCode.Conflict, "illegal-state");
        await ordering.DeliverAsync(order, (shirt, 2), (mug, 1));
        await ordering.DeliverAsync(order, first);

        var completed = await ordering.UntilAsync(order, "completed");
        Assert.Equal(("captured", "delivered"), (completed["paymentStatus"], completed["fulfilmentStatus"]));
        var captures = await ordering.PublishedAsync<CaptureRequested>(asked => asked.PaymentId == ordering.PaymentOf(order));
        Assert.Equal([false, true], captures.Select(static capture => capture.IsFinal));
        var invoices = await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order);
        Assert.Equal(captures.Select(static capture => (capture.CaptureId, capture.Amount)), invoices.Select(static invoice => (invoice.InvoiceId, invoice.Total)));
        Assert.Equal(completed.Amount("total"), invoices.Sum(static invoice => invoice.Total.Amount));
        Assert.All(invoices, static invoice => Assert.Equal(invoice.Total, invoice.Items + invoice.Shipping + invoice.Tax));
        Assert.Equal((412, 0), (invoices[0].Shipping.Amount, invoices[1].Shipping.Amount));
        Assert.Equal(ProcessStatus.Completed, (await ordering.ProcessAsync(order))!.Status);
    }

    [Fact]
    public async Task Answers_that_come_twice_have_one_effect()
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("AT"), null, (variant, 1));
        var shipment = await ordering.PackAsync(order, (variant, 1));
        await ordering.CaptureAsync(order, shipment);
        await ordering.ReleasedAsync(shipment);
        await ordering.CaptureAsync(order, shipment);
        await ordering.Host.PublishAsync(new ShipmentPacked(order, shipment, [new ShipmentLine(variant.VariantId, variant.Sku, 1)], ordering.Host.Time.GetUtcNow()));
        await ordering.DispatchAsync(order, shipment);
        await ordering.DispatchAsync(order, shipment);
        await ordering.UntilAsync(order, "shipped");
        await ordering.DeliverAsync(order, shipment);
        await ordering.UntilAsync(order, "completed");

        Assert.Single(await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order));
        Assert.Single(await ordering.PublishedAsync<ShipmentReleased>(released => released.OrderId == order));
        Assert.Equal(
            ["order_placed", "order_payment_authorised", "order_confirmed", "order_fulfilment_begun", "order_parcel_packed", "order_parcel_captured", "order_parcel_released",
             "order_parcel_dispatched", "order_shipped", "order_parcel_delivered", "order_completed"], await ordering.NamesAsync(order));
    }

    [Fact]
    public async Task A_parcel_that_cannot_be_paid_does_not_leave_and_can_be_packed_again()
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("AT"), null, (variant, 2));
        var refused = await ordering.PackAsync(order, (variant, 2));
        await Eventually.Async(() => ordering.PublishedAsync<CaptureRequested>(asked => asked.CaptureId == refused), static found => found.Count == 1);

        await ordering.Host.PublishAsync(new CaptureFailed(ordering.PaymentOf(order), order.ToString(), refused, "insufficient-funds", "There is not enough money."));

        await Eventually.Async(() => ordering.PublishedAsync<ShipmentRefused>(message => message.ShipmentId == refused), static found => found.Count == 1);
        var shown = await ordering.GetOrderAsync(order);
        Assert.Equal(("confirmed", "refused"), (shown["status"], OrderingHost.StateOf(shown, refused)));
        Assert.Contains("not enough money", shown.Json.GetProperty("shipments")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        await ordering.DeliverAsync(order, (variant, 2));
        var completed = await ordering.UntilAsync(order, "completed");
        Assert.Equal(completed.Amount("total"), Assert.Single(await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order)).Total.Amount);
    }

    [Fact]
    public async Task A_parcel_with_more_than_is_wanted_is_refused()
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("AT"), null, (variant, 2));
        var cancelled = await ordering.ConfirmedAsync(OrderingHost.In("AT"), null, (variant, 2));
        await ordering.CancelOrderAsync(cancelled);

        var refused = new[] { await ordering.PackAsync(order, (variant, 3)), await ordering.PackAsync(order, (Shop.Sell(), 1)), await ordering.PackAsync(cancelled, (variant, 1)) };

        foreach (var shipment in refused)
        {
            await Eventually.Async(() => ordering.PublishedAsync<ShipmentRefused>(message => message.ShipmentId == shipment), static found => found.Count == 1);
        }

        Assert.Empty(await ordering.PublishedAsync<CaptureRequested>(asked => asked.PaymentId == ordering.PaymentOf(order) || asked.PaymentId == ordering.PaymentOf(cancelled)));
    }

    [Fact]
    public async Task A_part_that_is_cancelled_is_neither_packed_nor_paid_and_the_rest_comes_to_the_rest()
    {
        var (shirt, mug) = (Shop.Sell(999), Shop.Sell(500));
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (shirt, 3), (mug, 1));

        var answer = await CancelLinesAsync(order, (shirt.VariantId, 1), (mug.VariantId, 1));

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Equal((answer.Text, answer.ETag), ((await ordering.GetOrderAsync(order)).Text, (await ordering.GetOrderAsync(order)).ETag));
        Assert.Equal(1_499, answer.Amount("cancelledTotal"));
        Assert.Equal(2, Assert.Single(await ordering.PublishedAsync<FulfilmentReduced>(message => message.OrderId == order)).Lines.Count);
        Assert.Equal([1, 1], Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString())).Lines.Select(static line => line.Quantity));
        var tooLate = await ordering.PackAsync(order, (shirt, 3));
        await Eventually.Async(() => ordering.PublishedAsync<ShipmentRefused>(message => message.ShipmentId == tooLate), static found => found.Count == 1);
        await ordering.DeliverAsync(order, (shirt, 2));
        await ordering.UntilAsync(order, "completed");
        Assert.Equal(answer.Amount("total") - 1_499, (await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order)).Sum(static invoice => invoice.Total.Amount));
        (await CancelLinesAsync(order, (shirt.VariantId, 1))).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    [Fact]
    public async Task When_the_rest_is_cancelled_after_a_parcel_the_order_has_shipped_and_the_rest_of_the_payment_is_given_up()
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("AT"), null, (variant, 3));
        await ordering.DeliverAsync(order, (variant, 1));
        (await CancelLinesAsync(order, (variant.VariantId, 3))).Problem(HttpStatusCode.Conflict, "lines-not-open");

        var answer = await CancelLinesAsync(order, (variant.VariantId, 2));

        Assert.Equal(("completed", "captured", "delivered"), (answer["status"], answer["paymentStatus"], answer["fulfilmentStatus"]));
        Assert.Single(await ordering.PublishedAsync<VoidRequested>(message => message.PaymentId == ordering.PaymentOf(order)));
        Assert.Equal(2, Assert.Single(Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString())).Lines).Quantity);
    }

    [Fact]
    public async Task Cancelling_all_lines_cancels_the_order()
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("AT"), null, (variant, 2));
        await CancelLinesAsync(order, (variant.VariantId, 1));

        var answer = await CancelLinesAsync(order, (variant.VariantId, 1));

        Assert.Equal("cancelled", answer["status"]);
        Assert.Equal([1, 1], (await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString())).Select(static part => Assert.Single(part.Lines).Quantity));
    }

    [Fact]
    public async Task Money_that_is_taken_while_the_order_is_cancelled_is_invoiced_and_given_back_at_once()
    {
        var variant = Shop.Sell(999);
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (variant, 1));
        var shipment = await ordering.PackAsync(order, (variant, 1));
        await Eventually.Async(() => ordering.PublishedAsync<CaptureRequested>(asked => asked.CaptureId == shipment), static found => found.Count == 1);

        Assert.Equal("cancelled", (await ordering.CancelOrderAsync(order))["status"]);
        Assert.Single(await ordering.PublishedAsync<ShipmentRefused>(message => message.ShipmentId == shipment));
        await ordering.CaptureAsync(order, shipment);

        var refund = Assert.Single(await Eventually.Async(() => ordering.PublishedAsync<RefundRequested>(asked => asked.PaymentId == ordering.PaymentOf(order)), static found => found.Count > 0));
        var (invoice, credit) = (Assert.Single(await ordering.PublishedAsync<OrderInvoiced>(each => each.OrderId == order)), Assert.Single(await ordering.PublishedAsync<OrderCredited>(each => each.OrderId == order)));
        Assert.Equal((999 + 490, 999 + 490, 999 + 490), (refund.Amount.Amount, invoice.Total.Amount, credit.Total.Amount));
        await ordering.RefundAsync(order, refund.RefundId);
        await ordering.UntilAsync(order, static answer => answer["paymentStatus"] == "refunded");
        Assert.Empty(await ordering.PublishedAsync<ShipmentReleased>(released => released.OrderId == order));
    }

    [Fact]
    public async Task A_card_order_without_a_shipping_method_is_shipped_by_the_staff_when_its_money_is_taken()
    {
        var order = await ordering.ConfirmedAsync();

        var waiting = await ShipAsync(order);
        var again = await ShipAsync(order);

        Assert.Equal(("confirmed", waiting.Text), (waiting["status"], again.Text));
        var capture = Assert.Single(await ordering.PublishedAsync<CaptureRequested>(asked => asked.PaymentId == ordering.PaymentOf(order)));
        await ordering.Host.PublishAsync(new CaptureFailed(ordering.PaymentOf(order), order.ToString(), capture.CaptureId, "expired", "It has expired."));
        await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, capture.CaptureId) == "refused");
        await ShipAsync(order);
        var second = (await ordering.PublishedAsync<CaptureRequested>(asked => asked.PaymentId == ordering.PaymentOf(order)))[^1];
        await ordering.CaptureAsync(order, second.CaptureId);
        var shipped = await ordering.UntilAsync(order, "shipped");
        Assert.Equal(("captured", "shipped"), (shipped["paymentStatus"], shipped["fulfilmentStatus"]));
        Assert.Equal(1_000, Assert.Single(await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order)).Total.Amount);
        Assert.Empty(await ordering.PublishedAsync<ShipmentReleased>(released => released.OrderId == order));
    }

    [Fact]
    public async Task An_order_that_was_paid_by_transfer_is_packed_and_leaves_without_a_capture()
    {
        var variant = Shop.Sell();
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((variant, 2)), shippingAddress = OrderingHost.In("AT"), shippingMethod = "pickup" });
        var order = (await ordering.OrderAsync(checkout)).Id;
        await ordering.StockTakenAsync(order);
        await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-paid", string.Empty);
        await ordering.UntilAsync(order, "confirmed");
        (await ShipAsync(order)).Problem(HttpStatusCode.Conflict, "illegal-state");

        var shipment = await ordering.PackAsync(order, (variant, 2));
        await ordering.ReleasedAsync(shipment);

        Assert.Null(Assert.Single(await ordering.PublishedAsync<FulfilmentRequested>(message => message.OrderId == order)).Address);
        Assert.Equal(2_000, Assert.Single(await ordering.PublishedAsync<OrderPaidManually>(message => message.OrderId == order)).Amount.Amount);
        Assert.Equal(2_000, Assert.Single(await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order)).Total.Amount);
        Assert.Equal("paid", (await ordering.GetOrderAsync(order))["paymentStatus"]);
    }

    [Fact]
    public async Task What_was_paid_by_transfer_is_given_back_by_hand_when_it_is_cancelled()
    {
        var variant = Shop.Sell();
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((variant, 3)) });
        var order = (await ordering.OrderAsync(checkout)).Id;
        await ordering.StockTakenAsync(order);
        await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-paid", string.Empty);
        await ordering.UntilAsync(order, "confirmed");

        var partly = await CancelLinesAsync(order, (variant.VariantId, 1));
        var whole = await ordering.CancelOrderAsync(order);

        Assert.Equal(("partially-refunded", "refunded"), (partly["paymentStatus"], whole["paymentStatus"]));
        Assert.Equal([1_000, 2_000], (await ordering.PublishedAsync<OrderRefundedManually>(message => message.OrderId == order)).Select(static refund => refund.Amount.Amount));
        Assert.Empty(await ordering.PublishedAsync<OrderCredited>(credit => credit.OrderId == order));
    }

    private Task<Answer> ShipAsync(Guid order) => ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-shipped", string.Empty);

    private Task<Answer> CancelLinesAsync(Guid order, params (Guid Variant, int Quantity)[] lines) => ordering.PostKeyedAsync(
        $"{OrderingHost.Orders}/{order}/cancellations", new { lines = lines.Select(static line => new { variantId = line.Variant, quantity = line.Quantity }), reason = "Too many" });
}
