using System.Net;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class RefundTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task Everything_that_comes_back_piece_by_piece_is_refunded_with_what_was_paid_to_the_cent()
    {
        Shop.Coupons["TEN"] = 10;
        var (shirt, mug) = (Shop.Sell(999), Shop.Sell(333));
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), "TEN", (shirt, 3), (mug, 1));
        await ordering.DeliverAsync(order, (shirt, 2));
        await ordering.DeliverAsync(order, (shirt, 1), (mug, 1));
        var total = (await ordering.UntilAsync(order, "completed")).Amount("total");

        foreach (var (variant, withShipping) in new[] { (shirt, false), (mug, true), (shirt, true), (shirt, false) })
        {
            var id = await ReturnAsync(order, withShipping, new ReturnedLine(variant.VariantId, 1, true));
            await ordering.RefundAsync(order, id);
            await Eventually.Async(() => ordering.PublishedAsync<OrderRefunded>(message => message.RefundId == id), static found => found.Count == 1);
        }

        var credits = await ordering.PublishedAsync<OrderCredited>(credit => credit.OrderId == order);
        Assert.Equal(total, credits.Sum(static credit => credit.Total.Amount));
        Assert.All(credits, static credit => Assert.Equal(credit.Total, credit.Items + credit.Shipping + credit.Tax));
        Assert.Equal((await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order)).Sum(static invoice => invoice.Tax.Amount), credits.Sum(static credit => credit.Tax.Amount));
        Assert.Equal(total, (await ordering.PublishedAsync<RefundRequested>(refund => refund.PaymentId == ordering.PaymentOf(order))).Sum(static refund => refund.Amount.Amount));
        var shown = await ordering.GetOrderAsync(order);
        Assert.Equal(("refunded", "returned", total), (shown["paymentStatus"], shown["fulfilmentStatus"], shown.Amount("refundedTotal")));
    }

    [Fact]
    public async Task Returns_are_told_what_has_left_what_has_come_back_and_what_was_paid()
    {
        var variant = Shop.Sell(999);
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (variant, 3));
        Assert.Null(await ordering.Host.SendAsync(new GetReturnableOrder(Guid.NewGuid())));
        Assert.Empty((await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines);
        await ordering.DeliverAsync(order, (variant, 2));
        await ReturnAsync(order, false, new ReturnedLine(variant.VariantId, 1, true));

        var returnable = await Eventually.Async(() => ordering.Host.SendAsync(new GetReturnableOrder(order)), static found => found!.Lines[0].Returned == 1);

        var line = Assert.Single(returnable!.Lines);
        Assert.Equal((2, 1, 1_998), (line.Shipped, line.Returned, line.Paid.Amount));
        Assert.NotNull(line.DeliveredAt);
    }

    [Fact]
    public async Task What_is_exchanged_is_not_refunded_and_what_is_held_back_is_not_paid_out()
    {
        var variant = Shop.Sell(1_000);
        var order = await ShippedAsync((variant, 3));

        var exchanged = await ReturnAsync(order, false, new ReturnedLine(variant.VariantId, 1, false));
        var worn = await ReturnAsync(order, false, 250, new ReturnedLine(variant.VariantId, 1, true));

        Assert.Equal(0, Assert.Single(await Eventually.Async(() => ordering.PublishedAsync<OrderRefunded>(message => message.RefundId == exchanged), static found => found.Count == 1)).Amount.Amount);
        Assert.Equal(750, Assert.Single(await Eventually.Async(() => ordering.PublishedAsync<RefundRequested>(refund => refund.RefundId == worn), static found => found.Count == 1)).Amount.Amount);
    }

    [Fact]
    public async Task More_than_has_left_cannot_come_back()
    {
        var variant = Shop.Sell(1_000);
        var order = await ShippedAsync((variant, 1));
        var nowhere = await ReturnAsync(Guid.NewGuid(), false, new ReturnedLine(variant.VariantId, 1, true));

        var tooMany = await ReturnAsync(order, false, new ReturnedLine(variant.VariantId, 2, true));

        foreach (var id in new[] { nowhere, tooMany })
        {
            await Eventually.Async(() => ordering.PublishedAsync<OrderRefundFailed>(message => message.RefundId == id), static found => found.Count == 1);
        }

        Assert.Empty(await ordering.PublishedAsync<RefundRequested>(refund => refund.PaymentId == ordering.PaymentOf(order)));
    }

    [Fact]
    public async Task A_refund_that_fails_is_told_and_can_be_tried_again_by_the_staff_and_by_the_return()
    {
        var variant = Shop.Sell(1_000);
        var order = await ShippedAsync((variant, 1));
        var id = await ReturnAsync(order, false, new ReturnedLine(variant.VariantId, 1, true));
        await Eventually.Async(() => ordering.PublishedAsync<RefundRequested>(refund => refund.PaymentId == ordering.PaymentOf(order)), static found => found.Count == 1);

        await ordering.Host.PublishAsync(new RefundFailed(ordering.PaymentOf(order), order.ToString(), id, "account-closed", "The account is closed."));
        await ordering.UntilAsync(order, static answer => RefundOf(answer).GetProperty("status").GetString() == "failed");
        var retried = await ordering.SendAsync(HttpMethod.Post, $"{OrderingHost.Orders}/{order}/refunds/{id}/retry", null);
        await ordering.SendAsync(HttpMethod.Post, $"{OrderingHost.Orders}/{order}/refunds/{id}/retry", null);

        Assert.Equal("pending", RefundOf(retried).GetProperty("status").GetString());
        var second = (await ordering.PublishedAsync<RefundRequested>(refund => refund.PaymentId == ordering.PaymentOf(order)))[1];
        Assert.NotEqual(id, second.RefundId);
        await ordering.Host.PublishAsync(new RefundFailed(ordering.PaymentOf(order), order.ToString(), second.RefundId, "account-closed", "The account is closed."));
        await ordering.UntilAsync(order, static answer => RefundOf(answer).GetProperty("status").GetString() == "failed");
        await ordering.Host.PublishAsync(new GoodsReturned(id, order, [new ReturnedLine(variant.VariantId, 1, true)], null, false));
        var third = (await Eventually.Async(() => ordering.PublishedAsync<RefundRequested>(refund => refund.PaymentId == ordering.PaymentOf(order)), static found => found.Count == 3))[2];
        await ordering.RefundAsync(order, third.RefundId);
        Assert.Equal(id, Assert.Single(await Eventually.Async(() => ordering.PublishedAsync<OrderRefunded>(message => message.OrderId == order), static found => found.Count == 1)).RefundId);
        Assert.Single(await ordering.PublishedAsync<OrderCredited>(credit => credit.OrderId == order));
        Assert.Equal(2, (await ordering.PublishedAsync<OrderRefundFailed>(message => message.RefundId == id)).Count);
    }

    [Fact]
    public async Task A_refund_that_comes_back_after_it_had_arrived_is_shown_as_failed_and_can_be_tried_again()
    {
        var variant = Shop.Sell(1_000);
        var order = await ShippedAsync((variant, 1));
        var id = await ReturnAsync(order, false, new ReturnedLine(variant.VariantId, 1, true));
        await Eventually.Async(() => ordering.PublishedAsync<RefundRequested>(refund => refund.PaymentId == ordering.PaymentOf(order)), static found => found.Count == 1);
        await ordering.RefundAsync(order, id);
        await ordering.UntilAsync(order, static answer => RefundOf(answer).GetProperty("status").GetString() == "done");

        await ordering.Host.PublishAsync(new RefundFailed(ordering.PaymentOf(order), order.ToString(), id, "refund-refused", "The bank does not take the money back."));

        await ordering.UntilAsync(order, static answer => RefundOf(answer).GetProperty("status").GetString() == "failed");
        var retried = await ordering.SendAsync(HttpMethod.Post, $"{OrderingHost.Orders}/{order}/refunds/{id}/retry", null);
        Assert.Equal("pending", RefundOf(retried).GetProperty("status").GetString());
        Assert.NotEqual(id, (await ordering.PublishedAsync<RefundRequested>(refund => refund.PaymentId == ordering.PaymentOf(order)))[1].RefundId);
    }

    [Fact]
    public async Task Allowances_at_the_same_moment_never_give_back_more_than_was_paid()
    {
        var variant = Shop.Sell(1_000);
        var order = await ShippedAsync((variant, 1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AllowAsync(order, 300)));

        Assert.Equal(3, answers.Count(static answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(static answer => answer.Status != HttpStatusCode.OK), static answer =>
            Assert.True(answer.Status == HttpStatusCode.Conflict, answer.Text));
        (await AllowAsync(order, 101)).Problem(HttpStatusCode.Conflict, "refund-too-high");
        var back = await ReturnAsync(order, true, new ReturnedLine(variant.VariantId, 1, true));
        Assert.Equal(100, Assert.Single(await Eventually.Async(() => ordering.PublishedAsync<RefundRequested>(refund => refund.RefundId == back), static found => found.Count == 1)).Amount.Amount);
        var credits = await ordering.PublishedAsync<OrderCredited>(credit => credit.OrderId == order);
        Assert.Equal(1_000, credits.Sum(static credit => credit.Total.Amount));
        Assert.All(credits, static credit => Assert.Equal(credit.Total, credit.Items + credit.Shipping + credit.Tax));
    }

    [Fact]
    public async Task Nothing_is_given_back_before_anything_was_invoiced()
    {
        var order = await ordering.ConfirmedAsync();

        (await AllowAsync(order, 1)).Problem(HttpStatusCode.Conflict, "refund-too-high");
        (await AllowAsync(await ordering.CardOrderAsync(), 1)).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    private async Task<Guid> ShippedAsync(params (Catalog.Contracts.VariantDetails Variant, int Quantity)[] lines)
    {
        var order = await ordering.ConfirmedAsync(null, null, lines);
        await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-shipped", string.Empty);
        await ordering.CaptureAsync(order, (await ordering.PublishedAsync<CaptureRequested>(asked => asked.PaymentId == ordering.PaymentOf(order)))[0].CaptureId);
        await ordering.UntilAsync(order, "shipped");
        return order;
    }

    private Task<Guid> ReturnAsync(Guid order, bool withShipping, params ReturnedLine[] lines) => ReturnAsync(order, withShipping, 0, lines);

    private async Task<Guid> ReturnAsync(Guid order, bool withShipping, long deduction, params ReturnedLine[] lines)
    {
        var id = Guid.NewGuid();
        await ordering.Host.PublishAsync(new GoodsReturned(id, order, lines, deduction == 0 ? null : new Money(deduction, "EUR"), withShipping));
        return id;
    }

    private Task<Answer> AllowAsync(Guid order, long amount) =>
        ordering.PostKeyedAsync($"{OrderingHost.Orders}/{order}/refunds", new { amount = new { amount, currency = "EUR" }, reason = "A scratch" });

    private static System.Text.Json.JsonElement RefundOf(Answer answer) => answer.Json.GetProperty("refunds")[0];
}
