using System.Net;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Parcels that get lost or come back, and what the customer gets for them.</summary>
public sealed class MissingParcelTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    // yes: done; "=": answers what is already so; "-": refused by the state; settled: refused by what was decided before.
    private static readonly TransitionTable Table = new("""
                               resend   refund   receive
        packed                 -        -        -
        released               -        -        -
        dispatched             -        -        -
        delivered              -        -        -
        ready                  -        -        -
        lost                   yes      yes      -
        lost-resent            =        settled  -
        lost-refunded          settled  =        -
        uncollected            yes      yes      -
        uncollected-resent     =        settled  -
        uncollected-refunded   settled  =        -
        returned               yes      yes      yes
        returned-received      yes      yes      =
        returned-resent        =        settled  yes
        returned-refunded      settled  =        yes
        found                  -        -        -
        refunded-found         settled  =        -
        """);

    private Shop Shop => ordering.Shop;

    public static IEnumerable<object[]> Cells => Table.Cells;

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_parcel_answers_each_command_as_the_table_says(string state, string command, string outcome)
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (variant, 1));
        var shipment = await LeadToAsync(order, variant, state);
        var before = await ordering.GetOrderAsync(order);

        var answer = await ordering.ParcelAsync(order, shipment, command, command == "receive" ? Received(variant.VariantId, 1) : null);

        var after = await ordering.GetOrderAsync(order);
        switch (outcome)
        {
            case "-":
                answer.Problem(HttpStatusCode.Conflict, "illegal-state");
                Assert.Equal(before.Text, after.Text);
                break;
            case "settled":
                answer.Problem(HttpStatusCode.Conflict, "parcel-settled");
                Assert.Equal(before.Text, after.Text);
                break;
            case "=":
                Assert.Equal((HttpStatusCode.OK, before.Text, before.Text), (answer.Status, answer.Text, after.Text));
                break;
            default:
                Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
                Assert.Equal((answer.Text, answer.ETag), (after.Text, after.ETag));
                Assert.NotEqual(before.ETag, after.ETag);
                break;
        }
    }

    [Fact]
    public async Task A_parcel_that_is_lost_is_shown_to_the_staff_until_it_is_sent_again()
    {
        var shirt = Shop.Sell(999);
        var (order, shipment) = await ordering.SentAsync((shirt, 2));
        await ordering.UntilAsync(order, "shipped");
        Assert.DoesNotContain(order.ToString(), (await ordering.GetAsync($"{OrderingHost.Orders}?needsAttention=true&limit=100")).Text, StringComparison.Ordinal);

        await ordering.LoseAsync(order, shipment);
        await ordering.Host.PublishAsync(new ShipmentLost(order, shipment, ordering.Host.Time.GetUtcNow()));
        Assert.Contains(order.ToString(), (await ordering.GetAsync($"{OrderingHost.Orders}?needsAttention=true&limit=100")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(order.ToString(), (await ordering.GetAsync($"{OrderingHost.Orders}?needsAttention=false&limit=100")).Text, StringComparison.Ordinal);
        Assert.Equal("True", (await ordering.GetOrderAsync(order))["needsAttention"]);
        Assert.Empty((await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines);

        var resent = await ordering.ParcelDoneAsync(order, shipment, "resend");
        Assert.Equal("False", resent["needsAttention"]);
        await ordering.RestockedAsync(order);
        await Eventually.Async(() => ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order), static found => found.Count == 1);
        var again = await ordering.DeliverUnpaidAsync(order, (shirt, 2));

        var completed = await ordering.UntilAsync(order, "completed");
        Assert.Equal("delivered", completed["fulfilmentStatus"]);
        Assert.Single(await ordering.PublishedAsync<CaptureRequested>(capture => capture.PaymentId == ordering.PaymentOf(order)));
        Assert.Single(await ordering.PublishedAsync<OrderInvoiced>(invoice => invoice.OrderId == order));
        Assert.Contains("A parcel was lost.", (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/timeline")).Text, StringComparison.Ordinal);

        // The first one arrives too; the customer has paid for one of them.
        await ordering.DeliverAsync(order, shipment);
        await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, shipment) == "delivered");
        Assert.Equal((2, 1_998L), (await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines.Select(static line => (line.Shipped, line.Paid.Amount)).Single());
        Assert.NotEqual(shipment, again);
    }

    [Fact]
    public async Task What_is_refunded_and_found_later_is_not_refunded_again()
    {
        var (shirt, mug) = (Shop.Sell(999), Shop.Sell(501));
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (shirt, 2), (mug, 1));
        await ordering.DeliverAsync(order, (mug, 1));
        var shipment = await ordering.SendAsync(order, (shirt, 2));
        await ordering.LoseAsync(order, shipment);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ordering.ParcelAsync(order, shipment, "refund", new { refundsShipping = true })));
        Assert.All(answers, static answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, answer.Text));
        var refund = Assert.Single(await ordering.PublishedAsync<RefundRequested>(asked => asked.PaymentId == ordering.PaymentOf(order)));
        Assert.Equal(1_998 + 490, refund.Amount.Amount);
        await ordering.RefundAsync(order, refund.RefundId);
        var completed = await ordering.UntilAsync(order, answer => answer.Amount("refundedTotal") == 2_488);
        Assert.Equal(("completed", "delivered", "partially-refunded"), (completed["status"], completed["fulfilmentStatus"], completed["paymentStatus"]));

        await ordering.FindAsync(order, shipment);
        await ordering.DeliverAsync(order, shipment);
        await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, shipment) == "delivered");
        Assert.Equal(mug.VariantId, Assert.Single((await ordering.Host.SendAsync(new GetReturnableOrder(order)))!.Lines).VariantId);
        var back = await ordering.BackAsync(order, new ReturnedLine(shirt.VariantId, 1, true));
        await Eventually.Async(() => ordering.PublishedAsync<OrderRefundFailed>(told => told.RefundId == back), static found => found.Count == 1);
        Assert.Single(await ordering.PublishedAsync<OrderCredited>(credit => credit.OrderId == order));
    }

    [Fact]
    public async Task What_comes_back_and_is_here_is_restocked_or_written_off_and_refunded_once()
    {
        var shirt = Shop.Sell(999);
        var (order, shipment) = await ordering.SentAsync((shirt, 3));
        await ordering.BringBackAsync(order, shipment);

        (await ordering.ParcelAsync(order, shipment, "receive", Received(shirt.VariantId, 4))).Problem(HttpStatusCode.Conflict, "more-than-sent");
        (await ordering.ParcelAsync(order, shipment, "receive", new { lines = Array.Empty<object>() })).Problem(HttpStatusCode.BadRequest, "validation");
        await ordering.ParcelDoneAsync(order, shipment, "refund");
        Assert.Equal("True", (await ordering.GetOrderAsync(order))["needsAttention"]);
        await ordering.ParcelDoneAsync(order, shipment, "receive", new
        {
            lines = new[] { new { variantId = shirt.VariantId, quantity = 2, disposition = "restock" }, new { variantId = shirt.VariantId, quantity = 1, disposition = "writeOff" } },
            location = "north",
        });
        await ordering.ParcelDoneAsync(order, shipment, "receive", Received(shirt.VariantId, 3));

        var restocked = Assert.Single(await ordering.PublishedAsync<GoodsRestocked>(told => told.Reference == order.ToString()));
        Assert.Equal(("north", new StockLine(shirt.Sku, 2)), (restocked.Location, restocked.Lines.Single()));
        Assert.Equal(2_997, Assert.Single(await ordering.PublishedAsync<RefundRequested>(asked => asked.PaymentId == ordering.PaymentOf(order))).Amount.Amount);
        var shown = await ordering.UntilAsync(order, "completed");
        Assert.Equal(("returned", "False"), (shown["fulfilmentStatus"], shown["needsAttention"]));
    }

    [Fact]
    public async Task What_cannot_be_sent_again_for_want_of_stock_waits_for_another_decision()
    {
        var shirt = Shop.Sell();
        var (order, shipment) = await ordering.SentAsync((shirt, 1));
        await ordering.LoseAsync(order, shipment);
        await ordering.ParcelDoneAsync(order, shipment, "resend");
        await ordering.SoldOutAsync(order);
        var waiting = await ordering.UntilAsync(order, static answer => answer["needsAttention"] == "True");
        Assert.Contains("not enough stock", waiting.Json.GetProperty("replacements")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);

        await ordering.ParcelDoneAsync(order, shipment, "resend");
        await ordering.SoldOutAsync(order, 2);
        await ordering.UntilAsync(order, static answer => answer["needsAttention"] == "True");
        var refunded = await ordering.ParcelDoneAsync(order, shipment, "refund");

        Assert.Equal("lost", refunded["fulfilmentStatus"]);
        Assert.Equal(2, (await ordering.AskedAgainAsync(order, 2)).Select(static asked => asked.ReservationId).Distinct().Count());
    }

    [Fact]
    public async Task A_parcel_is_sent_again_to_a_corrected_address_and_a_second_loss_is_settled_like_the_first()
    {
        var shirt = Shop.Sell(999);
        var (order, shipment) = await ordering.SentAsync((shirt, 1));
        await ordering.BringBackAsync(order, shipment);
        (await ordering.ParcelAsync(order, shipment, "resend", new { address = OrderingHost.In("AT") })).Problem(HttpStatusCode.Conflict, "address-changes-price");

        await ordering.ParcelDoneAsync(order, shipment, "resend", new { address = OrderingHost.In("DE") with { Line1 = "Nebenstraße 2" } });
        await ordering.RestockedAsync(order);
        var extended = Assert.Single(await Eventually.Async(() => ordering.PublishedAsync<FulfilmentExtended>(told => told.OrderId == order), static found => found.Count == 1));
        Assert.Equal("Nebenstraße 2", extended.Address!.Line1);
        var second = await ordering.PackAsync(order, (shirt, 1));
        await ordering.ReleasedAsync(second);
        await ordering.DispatchAsync(order, second);
        await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, second) == "dispatched");
        await ordering.LoseAsync(order, second);
        await ordering.ParcelDoneAsync(order, second, "refund");

        Assert.Equal(999, Assert.Single(await ordering.PublishedAsync<RefundRequested>(asked => asked.PaymentId == ordering.PaymentOf(order))).Amount.Amount);
        (await ordering.ParcelAsync(order, shipment, "refund")).Problem(HttpStatusCode.Conflict, "parcel-settled");
    }

    private static object Received(Guid variantId, int quantity) => new { lines = new[] { new { variantId, quantity, disposition = "restock" } } };

    private async Task<Guid> LeadToAsync(Guid order, Catalog.Contracts.VariantDetails variant, string state)
    {
        if (state is "packed" or "released")
        {
            var packed = await ordering.PackAsync(order, (variant, 1));
            await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, packed) == "packed");
            if (state == "released")
            {
                await ordering.CaptureAsync(order, packed);
                await ordering.ReleasedAsync(packed);
            }

            return packed;
        }

        var shipment = await ordering.SendAsync(order, (variant, 1));
        var steps = state.Split('-');
        foreach (var step in state == "refunded-found" ? ["lost", "refunded", "found"] : state == "found" ? ["lost", "found"] : steps)
        {
            await (step switch
            {
                "delivered" => DeliverAsync(order, shipment),
                "lost" => ordering.LoseAsync(order, shipment),
                "found" => ordering.FindAsync(order, shipment),
                "returned" => ordering.BringBackAsync(order, shipment),
                "ready" => ordering.ArriveAsync(order, shipment),
                "uncollected" => ordering.NotCollectAsync(order, shipment),
                "resent" => ordering.ParcelDoneAsync(order, shipment, "resend"),
                "refunded" => ordering.ParcelDoneAsync(order, shipment, "refund"),
                "received" => ordering.ParcelDoneAsync(order, shipment, "receive", Received(variant.VariantId, 1)),
                _ => Task.CompletedTask,
            });
        }

        return shipment;
    }

    private async Task DeliverAsync(Guid order, Guid shipment)
    {
        await ordering.DeliverAsync(order, shipment);
        await ordering.UntilAsync(order, "completed");
    }
}
