using System.Net;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Returns.Contracts;

namespace ModularMonolith.Returns.Tests;

public sealed class InspectionTests(ReturnsHost returns) : IClassFixture<ReturnsHost>
{
    [Fact]
    public async Task What_is_inspected_is_restocked_and_refunded_and_the_return_completes_with_its_money()
    {
        var order = returns.Delivered(3, 1);
        var id = await returns.ReceivedAsync(order, 3, 1);

        var inspected = await returns.DoAsync(id, "inspect", new
        {
            lines = new[] { ReturnsHost.Inspected(order, 0, 2), ReturnsHost.Inspected(order, 0, 1, "writeOff", false), ReturnsHost.Inspected(order, 1, 1, "writeOff") },
            deduction = new { amount = 150, currency = "EUR" },
            refundsShipping = true,
            location = "north",
        });

        Assert.Equal("inspected", inspected.Expect(HttpStatusCode.OK)["status"]);
        var restocked = Assert.Single(await returns.PublishedAsync<GoodsRestocked>(told => told.ReturnId == id));
        Assert.Equal((order.OrderId.ToString(), "north"), (restocked.Reference, restocked.Location));
        Assert.Equal([new StockLine("SKU-0", 2)], restocked.Lines);
        var returned = Assert.Single(await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id));
        Assert.Equal((order.OrderId, new Money(150, "EUR"), true), (returned.OrderId, returned.Deduction, returned.RefundsShipping));
        Assert.Equal([(order.Lines[0].VariantId, 2, true), (order.Lines[0].VariantId, 1, false), (order.Lines[1].VariantId, 1, true)], returned.Lines.Select(line => (line.VariantId, line.Quantity, line.IsRefunded)));

        await returns.Host.PublishAsync(new OrderRefunded(order.OrderId, Guid.NewGuid(), new Money(1, "EUR"), returns.Host.Time.GetUtcNow()));
        var refunded = new OrderRefunded(order.OrderId, id, new Money(2_850, "EUR"), returns.Host.Time.GetUtcNow());
        await returns.Host.PublishAsync(refunded);
        await returns.Host.PublishAsync(refunded);
        Assert.Equal(2_850, (await returns.StatusAsync(id, "completed")).Json.GetProperty("refunded").GetProperty("amount").GetInt64());
        Assert.Equal(order.OrderId, Assert.Single(await returns.PublishedAsync<ReturnCompleted>(told => told.ReturnId == id)).OrderId);
    }

    [Fact]
    public async Task A_return_is_inspected_once()
    {
        var order = returns.Delivered(1);
        var id = await returns.ReceivedAsync(order, 1);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1))));

        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.OK);
        Assert.Single(await returns.PublishedAsync<GoodsRestocked>(told => told.ReturnId == id));
        Assert.Single(await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id));
    }

    [Fact]
    public async Task What_goes_back_to_the_customer_is_neither_restocked_nor_refunded_nor_returned_again()
    {
        var order = returns.Delivered(1);
        var id = await returns.ReceivedAsync(order, 1);

        var answer = await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1, "sendBack", false));

        Assert.Equal("completed", answer.Expect(HttpStatusCode.OK)["status"]);
        Assert.Empty(await returns.PublishedAsync<GoodsRestocked>(told => told.ReturnId == id));
        Assert.Empty(await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id));
        Assert.Single(await returns.PublishedAsync<ReturnCompleted>(told => told.ReturnId == id));
        (await returns.RequestAsync(order, quantities: [1])).Problem(HttpStatusCode.Conflict, "return-not-returnable");
    }

    [Fact]
    public async Task What_did_not_come_can_be_returned_later()
    {
        var order = returns.Delivered(2);
        var id = await returns.ReceivedAsync(order, 2);

        (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1))).Expect(HttpStatusCode.OK);

        await returns.RequestedAsync(order, 1);
        (await returns.RequestAsync(order, quantities: [1])).Problem(HttpStatusCode.Conflict, "return-not-returnable");
    }

    [Fact]
    public async Task A_refund_that_failed_is_shown_and_tried_again()
    {
        var order = returns.Delivered(1);
        var id = await returns.ReceivedAsync(order, 1);
        (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1))).Expect(HttpStatusCode.OK);

        await returns.Host.PublishAsync(new OrderRefundFailed(order.OrderId, id, "The card was closed."));
        var failed = await returns.StatusAsync(id, "refundFailed");
        (await returns.DoAsync(id, "retry-refund")).Expect(HttpStatusCode.OK);
        await returns.Host.PublishAsync(new OrderRefunded(order.OrderId, id, new Money(1_000, "EUR"), returns.Host.Time.GetUtcNow()));

        Assert.Equal("The card was closed.", failed["reason"]);
        await returns.StatusAsync(id, "completed");
        var told = await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id);
        Assert.Equal(2, told.Count);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(told[0]), System.Text.Json.JsonSerializer.Serialize(told[1]));
        Assert.Single(await returns.PublishedAsync<GoodsRestocked>(told => told.ReturnId == id));
    }

    [Fact]
    public async Task An_inspection_that_makes_no_sense_is_refused()
    {
        var order = returns.Delivered(1);
        var id = await returns.ReceivedAsync(order, 1);

        (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 2))).Problem(HttpStatusCode.Conflict, "return-more-than-requested");
        (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1), ReturnsHost.Inspected(order, 0, 1, "writeOff"))).Problem(HttpStatusCode.Conflict, "return-more-than-requested");
        (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1, "sendBack", true))).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1, "restock", false))).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.InspectAsync(id)).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.DoAsync(id, "inspect", new { lines = new[] { ReturnsHost.Inspected(order, 0, 1) }, deduction = new { amount = -1, currency = "EUR" } })).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.DoAsync(id, "inspect", new { lines = new[] { ReturnsHost.Inspected(order, 0, 1) }, deduction = new { amount = 1, currency = "USD" } })).Problem(HttpStatusCode.BadRequest, "validation");

        Assert.Empty(await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id));
    }
}
