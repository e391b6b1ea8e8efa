using System.Net;
using System.Text.Json;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

public sealed class PaidOrderTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private Shop Shop => ordering.Shop;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_card_order_is_confirmed_when_it_has_stock_and_payment_in_either_order_and_is_then_packed(bool isPaidFirst)
    {
        Shop.Coupons["TEN"] = 10;
        var variant = Shop.Sell(1_000);
        var order = await ordering.CardOrderAsync(OrderingHost.In("DE"), "TEN", (variant, 2));
        var placed = await ordering.GetOrderAsync(order);
        Assert.Equal(("placed", "pending", "none"), (placed["status"], placed["paymentStatus"], placed["fulfilmentStatus"]));

        await (isPaidFirst ? ordering.AuthoriseAsync(order) : ordering.StockTakenAsync(order));
        await (isPaidFirst ? ordering.StockTakenAsync(order) : ordering.AuthoriseAsync(order));
        await ordering.AuthoriseAsync(order);

        var confirmed = await ordering.UntilAsync(order, "confirmed");
        Assert.Equal(("authorised", "waiting"), (confirmed["paymentStatus"], confirmed["fulfilmentStatus"]));
        Assert.Equal(2_000 - 200 + 490, confirmed.Amount("total"));
        var requested = Assert.Single(await ordering.PublishedAsync<PaymentRequested>(message => message.PaymentId == ordering.PaymentOf(order)));
        Assert.Equal((2_290, "tok"), (requested.Amount.Amount, Assert.Single(requested.Tenders).Token));
        var fulfilment = Assert.Single(await ordering.PublishedAsync<FulfilmentRequested>(message => message.OrderId == order));
        Assert.Equal(("standard", "DE"), (fulfilment.Method, fulfilment.Address!.Country));
        var line = Assert.Single(fulfilment.Lines);
        Assert.Equal((variant.VariantId, 2, 100, new FulfilmentSource("MAIN", 2)), (line.VariantId, line.Quantity, line.WeightGrams, Assert.Single(line.Sources)));
        Assert.Equal(order.ToString(), Assert.Single(await ordering.PublishedAsync<RedemptionsConsumed>(message => message.Reference == order.ToString())).Reference);
        Assert.DoesNotContain("tok", (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/history")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declined_payment_cancels_the_order_and_everything_comes_back()
    {
        Shop.Coupons["TEN"] = 10;
        var order = await ordering.CardOrderAsync(coupon: "TEN");
        await ordering.StockTakenAsync(order);

        await ordering.DeclineAsync(order);

        var cancelled = await ordering.UntilAsync(order, "cancelled");
        Assert.Equal(("declined", "card-declined", "The card was declined."), (cancelled["paymentStatus"], cancelled["declineCode"], cancelled["reason"]));
        Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
        Assert.Single(await ordering.PublishedAsync<RedemptionsReturned>(message => message.Reference == order.ToString()));
        Assert.Empty(await ordering.PublishedAsync<VoidRequested>(message => message.PaymentId == ordering.PaymentOf(order)));
        Assert.Single(await ordering.PublishedAsync<OrderCancelled>(message => message.OrderId == order));
    }

    [Fact]
    public async Task A_payment_that_needs_the_customer_says_where_and_goes_on_by_itself()
    {
        var order = await ordering.CardOrderAsync();
        await ordering.StockTakenAsync(order);

        await ordering.Host.PublishAsync(new PaymentActionRequired(ordering.PaymentOf(order), order.ToString(), "https://bank.example/3ds"));
        var waiting = await ordering.UntilAsync(order, static answer => answer["paymentStatus"] == "action-required");
        await ordering.AuthoriseAsync(order);
        var confirmed = await ordering.UntilAsync(order, "confirmed");

        Assert.Equal("https://bank.example/3ds", waiting["actionUrl"]);
        Assert.Equal((string.Empty, "authorised"), (confirmed["actionUrl"], confirmed["paymentStatus"]));
    }

    [Fact]
    public async Task A_cancelled_card_order_gives_its_payment_up_and_a_late_authorisation_too()
    {
        var order = await ordering.CardOrderAsync();
        await ordering.CancelOrderAsync(order);
        Assert.Single(await ordering.PublishedAsync<VoidRequested>(message => message.PaymentId == ordering.PaymentOf(order)));

        await ordering.AuthoriseAsync(order);

        await Eventually.Async(() => ordering.PublishedAsync<VoidRequested>(message => message.PaymentId == ordering.PaymentOf(order)), static found => found.Count == 2);
        Assert.Equal("cancelled", (await ordering.GetOrderAsync(order))["status"]);
        await ordering.Host.PublishAsync(new PaymentVoided(ordering.PaymentOf(order), order.ToString(), ordering.Host.Time.GetUtcNow()));
        await ordering.UntilAsync(order, static answer => answer["paymentStatus"] == "voided");
    }

    [Fact]
    public async Task A_confirmed_card_order_that_is_cancelled_undoes_every_step_once()
    {
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ordering.CancelOrderAsync(order)));

        Assert.All(answers, static answer => Assert.Equal("cancelled", answer["status"]));
        Assert.Single(await ordering.PublishedAsync<VoidRequested>(message => message.PaymentId == ordering.PaymentOf(order)));
        Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
        Assert.Equal(1, Assert.Single(Assert.Single(await ordering.PublishedAsync<FulfilmentReduced>(message => message.OrderId == order)).Lines).Quantity);
        Assert.Equal(ProcessStatus.Failed, (await ordering.ProcessAsync(order))!.Status);
    }

    [Fact]
    public async Task Stock_that_was_sold_meanwhile_gives_the_payment_up()
    {
        var order = await ordering.CardOrderAsync();
        await ordering.AuthoriseAsync(order);

        await ordering.Host.PublishAsync(new StockUnavailable(Guid.NewGuid(), order.ToString(), [new ShortLine("SKU-1", 1, 0)]));

        await ordering.UntilAsync(order, "rejected");
        Assert.Single(await ordering.PublishedAsync<VoidRequested>(message => message.PaymentId == ordering.PaymentOf(order)));
        Assert.Empty(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
    }

    [Fact]
    public async Task Backordered_goods_are_packed_when_they_have_arrived()
    {
        var variant = Shop.Sell();
        var order = await ordering.CardOrderAsync(OrderingHost.In("DE"), null, (variant, 3));
        await ordering.AuthoriseAsync(order);
        await ordering.StockTakenAsync(order, isBackordered: true);
        var confirmed = await ordering.UntilAsync(order, "confirmed");
        Assert.Empty(await ordering.PublishedAsync<FulfilmentRequested>(message => message.OrderId == order));

        var reservation = Guid.Parse(confirmed["checkoutId"]!);
        await ordering.Host.PublishAsync(new BackorderFilled(reservation, order.ToString(), [new SourcedLine(variant.Sku, "MAIN", 1)]));
        await ordering.Host.PublishAsync(new BackorderFilled(reservation, order.ToString(), [new SourcedLine(variant.Sku, "MAIN", 2)]));

        var told = await Eventually.Async(() => ordering.PublishedAsync<FulfilmentRequested>(message => message.OrderId == order), static found => found.Count > 0);
        Assert.Equal(3, Assert.Single(Assert.Single(told).Lines).Quantity);
    }

    [Fact]
    public async Task Backordered_goods_that_are_cancelled_are_not_waited_for_any_more()
    {
        var (here, late) = (Shop.Sell(), Shop.Sell());
        var order = await ordering.CardOrderAsync(OrderingHost.In("DE"), null, (here, 2), (late, 3));
        await ordering.AuthoriseAsync(order);
        var consumed = Assert.Single(await ordering.PublishedAsync<ReservationConsumed>(message => message.Reference == order.ToString()));
        (await CancelLinesAsync(order, late.VariantId, 1)).Problem(HttpStatusCode.Conflict, "stock-not-taken");
        await ordering.Host.PublishAsync(new StockCommitted(consumed.ReservationId, consumed.Reference,
            [new SourcedLine(here.Sku, "BERLIN", 1), new SourcedLine(here.Sku, "MUNICH", 1), new SourcedLine(late.Sku, "BERLIN", 1), new SourcedLine(late.Sku, "BERLIN", 2, true)]));
        await ordering.UntilAsync(order, "confirmed");

        var first = await CancelLinesAsync(order, late.VariantId, 1);
        Assert.True(first.Status == HttpStatusCode.OK, first.Text);
        Assert.Empty(await ordering.PublishedAsync<FulfilmentRequested>(message => message.OrderId == order));
        await CancelLinesAsync(order, here.VariantId, 1);
        var second = await CancelLinesAsync(order, late.VariantId, 1);

        Assert.True(second.Status == HttpStatusCode.OK, second.Text);
        var told = Assert.Single(await ordering.PublishedAsync<FulfilmentRequested>(message => message.OrderId == order));
        Assert.Equal([(here.Sku, 1, "BERLIN"), (late.Sku, 1, "BERLIN")], told.Lines.Select(static line => (line.Sku, line.Quantity, Assert.Single(line.Sources).Location)));
        Assert.Equal(3, (await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString())).Sum(static part => part.Lines.Sum(static line => line.Quantity)));
    }

    [Fact]
    public async Task Gift_cards_pay_what_is_on_them_and_the_card_pays_the_rest()
    {
        var gift = new GiftCardDetails(Guid.NewGuid(), "WXYZ", new Money(300, "EUR"), null);
        Shop.GiftCards["GIFT-WXYZ"] = gift;
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_000), 1)) });

        var order = await ordering.OrderAsync(checkout, new { tenders = new object[] { new { kind = "card", token = "tok" }, new { kind = "gift-card", code = "GIFT-WXYZ" } } });

        Assert.Equal(HttpStatusCode.Created, order.Status);
        var tenders = Assert.Single(await ordering.PublishedAsync<PaymentRequested>(message => message.PaymentId == ordering.PaymentOf(order.Id))).Tenders;
        Assert.Equal(
            [new PaymentTender("gift-card", gift.GiftCardId.ToString(), new Money(300, "EUR")), new PaymentTender("card", "tok", new Money(700, "EUR"))], tenders);
        Assert.DoesNotContain("GIFT-WXYZ", (await ordering.GetAsync($"{OrderingHost.Orders}/{order.Id}/history")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"kind":"card","token":"t","amount":{"amount":999,"currency":"EUR"}}]""", "tenders-mismatch")]
    [InlineData("""[{"kind":"card","token":"t","amount":{"amount":1000,"currency":"USD"}}]""", "tenders-mismatch")]
    [InlineData("""[{"kind":"gift-card","code":"UNKNOWN"},{"kind":"card","token":"t"}]""", "gift-card-unusable")]
    [InlineData("""[{"kind":"gift-card","code":"SMALL","amount":{"amount":51,"currency":"EUR"}},{"kind":"card","token":"t"}]""", "gift-card-unusable")]
    [InlineData("""[{"kind":"gift-card","code":"SMALL"}]""", "tenders-mismatch")]
    [InlineData("""[{"kind":"gift-card","code":"FOREIGN"},{"kind":"card","token":"t"}]""", "gift-card-unusable")]
    public async Task A_payment_that_does_not_make_up_the_total_is_refused_and_nothing_is_ordered(string tenders, string problem)
    {
        Shop.GiftCards["SMALL"] = new GiftCardDetails(Guid.NewGuid(), "MALL", new Money(50, "EUR"), null);
        Shop.GiftCards["FOREIGN"] = new GiftCardDetails(Guid.NewGuid(), "EIGN", new Money(5_000, "USD"), null);
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_000), 1)) });

        (await ordering.OrderAsync(checkout, new { tenders = JsonDocument.Parse(tenders).RootElement })).Problem(HttpStatusCode.Conflict, problem);

        Assert.Equal("open", (await ordering.GetAsync(checkout.Location!))["status"]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"kind":"cash","token":"t"}]""")]
    [InlineData("""[{"kind":"card"}]""")]
    [InlineData("""[{"kind":"card","token":"t"},{"kind":"card","token":"u"}]""")]
    [InlineData("""[{"kind":"card","token":"t","code":"c"}]""")]
    [InlineData("""[{"kind":"gift-card","token":"t","code":"c"}]""")]
    [InlineData("""[{"kind":"card","token":"t","amount":{"amount":0,"currency":"EUR"}}]""")]
    [InlineData("""[{"kind":"gift-card","code":"C"},{"kind":"gift-card","code":"c"}]""")]
    public async Task A_payment_of_nonsense_is_refused(string tenders)
    {
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_000), 1)) });

        (await ordering.OrderAsync(checkout, new { tenders = JsonDocument.Parse(tenders).RootElement })).Problem(HttpStatusCode.BadRequest, "validation");
    }

    [Fact]
    public async Task An_order_that_costs_nothing_is_confirmed_without_a_payment()
    {
        Shop.Coupons["ALL"] = 100;
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_000, tracksInventory: false), 1)), coupons = new[] { "ALL" } });

        var order = await ordering.OrderAsync(checkout, new { tenders = new[] { new { kind = "card", token = "tok" } } });

        Assert.Equal(("confirmed", "paid"), (order["status"], order["paymentStatus"]));
        Assert.Empty(await ordering.PublishedAsync<PaymentRequested>(message => message.PaymentId == ordering.PaymentOf(order.Id)));
        Assert.Single(await ordering.PublishedAsync<OrderConfirmed>(message => message.OrderId == order.Id));
        Assert.Equal(order.Text, (await ordering.GetOrderAsync(order.Id)).Text);
    }

    [Fact]
    public async Task A_coupon_that_is_gone_is_named_and_the_new_total_can_be_accepted()
    {
        var code = "GONE-" + Guid.NewGuid();
        Shop.Coupons[code] = 10;
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_000), 1)), coupons = new[] { code } });
        Shop.Coupons.TryRemove(code, out _);

        var problem = (await ordering.OrderAsync(checkout)).Problem(HttpStatusCode.Conflict, "discounts-unavailable");

        Assert.Equal(code, Assert.Single(problem.GetProperty("coupons").EnumerateArray()).GetProperty("coupon").GetString());
        Assert.Equal(1_000, problem.GetProperty("currentTotal").GetProperty("amount").GetInt64());
        Assert.Equal(HttpStatusCode.Created, (await ordering.PlaceOrderAsync(checkout.Id, 1_000)).Status);
    }

    [Fact]
    public async Task A_coupon_that_is_used_up_at_the_last_moment_orders_nothing()
    {
        var code = "USED-" + Guid.NewGuid();
        Shop.Coupons[code] = 10;
        Shop.UsedUp[code] = true;
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_000), 1)), coupons = new[] { code } });

        var problem = (await ordering.OrderAsync(checkout)).Problem(HttpStatusCode.Conflict, "discounts-unavailable");

        Assert.Equal(code, problem.GetProperty("coupons")[0].GetProperty("coupon").GetString());
        Assert.Equal("open", (await ordering.GetAsync(checkout.Location!))["status"]);
    }

    [Fact]
    public async Task Fifty_identical_orders_at_once_make_one_payment()
    {
        var checkout = await ordering.CheckoutAsync(new { basketId = Shop.Fill((Shop.Sell(1_000), 1)) });
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ordering.OrderAsync(checkout, new { tenders = new[] { new { kind = "card", token = "tok" } } }, key)));

        var order = Assert.Single(answers.Select(static answer => answer.Id).Distinct());
        Assert.Single(await ordering.PublishedAsync<PaymentRequested>(message => message.PaymentId == ordering.PaymentOf(order)));
    }

    [Fact]
    public async Task An_order_by_card_cannot_be_marked_as_paid()
    {
        var order = await ordering.CardOrderAsync();

        (await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-paid", string.Empty)).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    private Task<Answer> CancelLinesAsync(Guid order, Guid variant, int quantity) =>
        ordering.PostKeyedAsync($"{OrderingHost.Orders}/{order}/cancellations", new { lines = new[] { new { variantId = variant, quantity } }, reason = "Too many" });
}
