using System.Net;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class WaitingTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private static readonly object Payment = new { tenders = new[] { new { kind = "card", token = "tok" } } };

    [Fact]
    public async Task Whoever_waits_is_answered_with_the_confirmed_order()
    {
        var (checkout, basket) = await CheckoutAsync();

        var asked = ordering.OrderAsync(checkout, Payment, prefer: "respond-async;x=1, wait=30");
        var order = await PlacedAsync(basket, checkout);
        Assert.False(asked.IsCompleted);
        await ordering.AuthoriseAsync(order);
        await ordering.StockTakenAsync(order);

        var answer = await asked;
        Assert.Equal((HttpStatusCode.Created, "confirmed", "wait=30"), (answer.Status, answer["status"], answer.Applied));
        var read = await ordering.GetOrderAsync(order);
        Assert.Equal((read.Text, read.ETag), (answer.Text, answer.ETag));
    }

    [Theory]
    [InlineData(true, "cancelled", "declined")]
    [InlineData(false, "placed", "action-required")]
    public async Task A_declined_payment_and_one_that_waits_for_the_customer_answer_too(bool isDeclined, string status, string paymentStatus)
    {
        var (checkout, basket) = await CheckoutAsync();
        var asked = ordering.OrderAsync(checkout, Payment, prefer: "wait=30");
        var order = await PlacedAsync(basket, checkout);

        await (isDeclined ? ordering.DeclineAsync(order) : ordering.Host.PublishAsync(new PaymentActionRequired(ordering.PaymentOf(order), order.ToString(), "https://bank.example")));

        var answer = await asked;
        Assert.Equal((status, paymentStatus), (answer["status"], answer["paymentStatus"]));
    }

    [Fact]
    public async Task When_the_time_is_over_the_order_is_answered_as_it_is_and_a_repeated_request_waits_likewise()
    {
        var (checkout, _) = await CheckoutAsync();
        var key = Guid.NewGuid().ToString();

        var first = await ordering.OrderAsync(checkout, Payment, key, "wait=0");
        Assert.Equal(("placed", "wait=0"), (first["status"], first.Applied));
        var repeated = ordering.OrderAsync(checkout, Payment, key, "wait=20");
        var plain = await ordering.OrderAsync(checkout, Payment, key);
        await ordering.AuthoriseAsync(first.Id);
        await ordering.StockTakenAsync(first.Id);

        Assert.Equal(("placed", null), (plain["status"], plain.Applied));
        Assert.Equal(("confirmed", true), ((await repeated)["status"], (await repeated).IsReplayed));
    }

    [Theory]
    [InlineData("wait=soon")]
    [InlineData("wait=-1")]
    [InlineData("wait")]
    [InlineData("handling=strict")]
    public async Task A_preference_that_is_not_understood_is_ignored(string prefer)
    {
        var (checkout, _) = await CheckoutAsync();

        var answer = await ordering.OrderAsync(checkout, Payment, prefer: prefer);

        Assert.Equal((HttpStatusCode.Created, "placed", null), (answer.Status, answer["status"], answer.Applied));
    }

    private async Task<(Answer Checkout, string Basket)> CheckoutAsync()
    {
        var basket = ordering.Shop.Fill((ordering.Shop.Sell(), 1));
        return (await ordering.CheckoutAsync(new { basketId = basket }), basket);
    }

    private async Task<Guid> PlacedAsync(string basket, Answer checkout)
    {
        var ordered = await Eventually.Async(() => ordering.PublishedAsync<Baskets.Contracts.BasketOrdered>(message => message.BasketId == basket), static found => found.Count == 1);
        ordering.Remember(ordered[0].OrderId, checkout.Id);
        return ordered[0].OrderId;
    }
}
