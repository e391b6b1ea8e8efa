using System.Net;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Returns.Tests;

/// <summary>Returns for which other goods are wanted and not the money.</summary>
public sealed class ExchangeTests(ReturnsHost returns) : IClassFixture<ReturnsHost>
{
    [Fact]
    public async Task What_is_exchanged_is_told_with_what_is_wanted_and_shown_when_it_is_sent()
    {
        var order = returns.Delivered(3, 1);
        var wanted = Guid.NewGuid();
        var id = await ReceivedAsync(order, wanted);

        (await returns.InspectAsync(id, Exchanged(order, 0, 2), Exchanged(order, 0, 1, "writeOff"), ReturnsHost.Inspected(order, 1, 1))).Expect(HttpStatusCode.OK);

        var told = Assert.Single(await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id));
        Assert.Equal([new ReturnedLine(order.Lines[0].VariantId, 3, false, new ExchangeGoods(wanted, "SKU-X", "Another shirt", 200, true)), new ReturnedLine(order.Lines[1].VariantId, 1, true)], told.Lines);
        Assert.Equal([new StockLine("SKU-0", 2), new StockLine("SKU-1", 1)], Assert.Single(await returns.PublishedAsync<GoodsRestocked>(told => told.ReturnId == id)).Lines);
        Assert.Equal("pending", ExchangeOf(await returns.GetAsync($"returns/{id}")).Status);

        var replacement = Guid.NewGuid();
        await returns.Host.PublishAsync(new GoodsExchanged(order.OrderId, id, order.Lines[0].VariantId, replacement, returns.Host.Time.GetUtcNow()));
        await returns.Host.PublishAsync(new OrderRefunded(order.OrderId, id, new Money(1_000, "EUR"), returns.Host.Time.GetUtcNow()));

        var completed = await returns.StatusAsync(id, "completed");
        Assert.Equal(1_000, completed.Json.GetProperty("refunded").GetProperty("amount").GetInt64());
        await Eventually.Async(() => returns.GetAsync($"returns/{id}"), answer => ExchangeOf(answer) == ("sent", replacement.ToString(), string.Empty));
        await returns.Host.PublishAsync(new GoodsExchanged(order.OrderId, id, order.Lines[0].VariantId, Guid.NewGuid(), returns.Host.Time.GetUtcNow()));
        Assert.Equal(replacement.ToString(), ExchangeOf(await returns.GetAsync($"returns/{id}")).ReplacementId);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_shown_as_refunded_also_when_it_is_told_after_the_refund()
    {
        var order = returns.Delivered(1);
        var id = await ReceivedAsync(order, order.Lines[0].VariantId);
        (await returns.InspectAsync(id, Exchanged(order, 0, 1))).Expect(HttpStatusCode.OK);
        await returns.Host.PublishAsync(new OrderRefunded(order.OrderId, id, new Money(1_000, "EUR"), returns.Host.Time.GetUtcNow()));
        await returns.StatusAsync(id, "completed");

        await returns.Host.PublishAsync(new ExchangeRefused(order.OrderId, id, order.Lines[0].VariantId, "Sold out.", returns.Host.Time.GetUtcNow()));

        var shown = await Eventually.Async(() => returns.GetAsync($"returns/{id}"), static answer => ExchangeOf(answer).Status == "refunded");
        Assert.Equal(("refunded", string.Empty, "Sold out."), ExchangeOf(shown));
        Assert.Equal("completed", shown["status"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_there_of_an_exchange_is_shown_as_sent_and_the_rest_as_refunded_whichever_is_told_first(bool isReducedFirst)
    {
        var order = returns.Delivered(3);
        var (id, variant, replacement) = (await ReceivedAsync(order, order.Lines[0].VariantId), order.Lines[0].VariantId, Guid.NewGuid());
        (await returns.InspectAsync(id, Exchanged(order, 0, 3))).Expect(HttpStatusCode.OK);
        Func<Task>[] told =
        [
            () => returns.Host.PublishAsync(new ExchangeReduced(order.OrderId, id, variant, 2, "Only one is left.", returns.Host.Time.GetUtcNow())),
            () => returns.Host.PublishAsync(new GoodsExchanged(order.OrderId, id, variant, replacement, returns.Host.Time.GetUtcNow())),
        ];

        await told[isReducedFirst ? 0 : 1]();
        await Eventually.Async(() => returns.GetAsync($"returns/{id}"), answer => ExchangesOf(answer).Any(exchange => exchange.Status == (isReducedFirst ? "refunded" : "sent")));
        await told[isReducedFirst ? 1 : 0]();

        await Eventually.Async(() => returns.GetAsync($"returns/{id}"), answer => ExchangesOf(answer).SequenceEqual([(1, "sent", replacement.ToString(), string.Empty), (2, "refunded", string.Empty, "Only one is left.")]));
        await returns.Host.PublishAsync(new OrderRefunded(order.OrderId, id, new Money(2_000, "EUR"), returns.Host.Time.GetUtcNow()));
        await returns.StatusAsync(id, "completed");
        await returns.Host.PublishAsync(new ExchangeReduced(order.OrderId, id, variant, 2, "Told twice.", returns.Host.Time.GetUtcNow()));
        await returns.Host.PublishAsync(new GoodsExchanged(order.OrderId, id, variant, Guid.NewGuid(), returns.Host.Time.GetUtcNow()));
        Assert.Equal([1, 2], ExchangesOf(await returns.GetAsync($"returns/{id}")).Select(static exchange => exchange.Quantity));
    }

    [Fact]
    public async Task An_exchange_that_ordering_does_not_offer_is_refused_with_the_reason_and_claims_nothing()
    {
        var order = returns.Delivered(1);
        var dearer = Guid.NewGuid();
        returns.Refusals[dearer] = "It costs more.";

        var refused = (await RequestAsync(order, dearer)).Problem(HttpStatusCode.Conflict, "return-exchange-not-possible").GetProperty("lines")[0];

        Assert.Equal((order.Lines[0].VariantId, "It costs more."), (refused.GetProperty("variantId").GetGuid(), refused.GetProperty("reason").GetString()));
        (await RequestAsync(order, order.Lines[0].VariantId)).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_inspector_may_refund_refuse_or_exchange_what_was_wanted_in_exchange_and_exchange_nothing_else()
    {
        var order = returns.Delivered(3);
        var id = await ReceivedAsync(order, order.Lines[0].VariantId);
        var plain = returns.Delivered(1);
        var other = await returns.ReceivedAsync(plain, 1);

        (await returns.InspectAsync(other, Exchanged(plain, 0, 1))).Problem(HttpStatusCode.Conflict, "return-exchange-not-possible");
        (await returns.InspectAsync(id, Exchanged(order, 0, 1, "sendBack"))).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.DoAsync(id, "inspect", new
        {
            lines = new[] { new { variantId = order.Lines[0].VariantId, quantity = 1, condition = "asNew", disposition = "restock", isRefunded = true, isExchanged = true } },
        })).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.InspectAsync(id, Exchanged(order, 0, 1), ReturnsHost.Inspected(order, 0, 1), ReturnsHost.Inspected(order, 0, 1, "writeOff", false))).Expect(HttpStatusCode.OK);

        var told = Assert.Single(await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id));
        Assert.Equal([(false, true), (true, false), (false, false)], told.Lines.Select(static line => (line.IsRefunded, line.Exchange is not null)));
    }

    [Fact]
    public async Task What_goes_back_to_the_customer_is_neither_exchanged_nor_refunded()
    {
        var order = returns.Delivered(1);
        var id = await ReceivedAsync(order, order.Lines[0].VariantId);

        var answer = await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 1, "sendBack", false));

        Assert.Equal("completed", answer.Expect(HttpStatusCode.OK)["status"]);
        Assert.Equal(0, answer.Json.GetProperty("exchanges").GetArrayLength());
        Assert.Empty(await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id));
    }

    [Fact]
    public async Task A_refund_that_failed_is_tried_again_with_the_same_words_after_an_exchange()
    {
        var order = returns.Delivered(1, 1);
        var id = await ReceivedAsync(order, order.Lines[0].VariantId);
        (await returns.InspectAsync(id, Exchanged(order, 0, 1), ReturnsHost.Inspected(order, 1, 1))).Expect(HttpStatusCode.OK);
        await returns.Host.PublishAsync(new OrderRefundFailed(order.OrderId, id, "The card was closed."));
        await returns.StatusAsync(id, "refundFailed");
        await returns.Host.PublishAsync(new GoodsExchanged(order.OrderId, id, order.Lines[0].VariantId, Guid.NewGuid(), returns.Host.Time.GetUtcNow()));
        await Eventually.Async(() => returns.GetAsync($"returns/{id}"), static answer => ExchangeOf(answer).Status == "sent");

        (await returns.DoAsync(id, "retry-refund")).Expect(HttpStatusCode.OK);

        var told = await returns.PublishedAsync<GoodsReturned>(told => told.ReturnId == id);
        Assert.Equal(2, told.Count);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(told[0]), System.Text.Json.JsonSerializer.Serialize(told[1]));
    }

    private static object Exchanged(ReturnableOrder order, int line, int quantity, string disposition = "restock") =>
        new { variantId = order.Lines[line].VariantId, quantity, condition = "opened", disposition, isRefunded = false, isExchanged = true };

    // The first line is to be exchanged, the others are for their money.
    private Task<Answer> RequestAsync(ReturnableOrder order, Guid wanted) => returns.SendAsync(
        HttpMethod.Post, "returns",
        new { orderId = order.OrderId, lines = order.Lines.Select((line, index) => new { variantId = line.VariantId, quantity = line.Shipped, reason = "doesNotFit", exchangeFor = index == 0 ? wanted : (Guid?)null }) },
        ReturnsHost.Ann);

    private async Task<Guid> ReceivedAsync(ReturnableOrder order, Guid wanted)
    {
        var id = (await RequestAsync(order, wanted)).Expect(HttpStatusCode.Created).Id;
        (await returns.DoAsync(id, "approve")).Expect(HttpStatusCode.OK);
        (await returns.DoAsync(id, "receive")).Expect(HttpStatusCode.OK);
        return id;
    }

    private static List<(int Quantity, string? Status, string ReplacementId, string Reason)> ExchangesOf(Answer found) =>
    [
        .. found.Json.GetProperty("exchanges").EnumerateArray().Select(static exchange => (
            exchange.GetProperty("quantity").GetInt32(), exchange.GetProperty("status").GetString(), exchange.GetProperty("replacementId").ToString(), exchange.GetProperty("reason").ToString())),
    ];

    private static (string? Status, string? ReplacementId, string? Reason) ExchangeOf(Answer found)
    {
        var exchange = found.Json.GetProperty("exchanges")[0];
        return (exchange.GetProperty("status").GetString(), exchange.GetProperty("replacementId").ToString(), exchange.GetProperty("reason").ToString());
    }
}
