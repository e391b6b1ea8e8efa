using System.Globalization;
using System.Net;

namespace ModularMonolith.Ordering.Tests;

/// <summary>On a host of its own, because the clock is set forward.</summary>
public sealed class TimeTravelTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task An_order_is_shown_as_it_stood_at_a_time()
    {
        var order = await ordering.CardOrderAsync();
        var placed = await ordering.GetOrderAsync(order);
        var atPlacing = ordering.Host.Time.GetUtcNow();
        await ordering.AuthoriseAsync(order);
        await ordering.StockTakenAsync(order);
        var confirmed = await ordering.UntilAsync(order, "confirmed");
        var atConfirming = ordering.Host.Time.GetUtcNow();
        await ordering.CancelOrderAsync(order);

        var (first, second, now) = (await AsOfAsync(order, atPlacing), await AsOfAsync(order, atConfirming), await AsOfAsync(order, ordering.Host.Time.GetUtcNow()));

        Assert.Equal((placed.Text, placed.ETag), (first.Text, first.ETag));
        Assert.Equal((confirmed.Text, confirmed.ETag), (second.Text, second.ETag));
        Assert.Equal((await ordering.GetOrderAsync(order)).Text, now.Text);
        (await AsOfAsync(order, atPlacing.AddHours(-1))).Problem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.BadRequest, (await ordering.GetAsync($"{OrderingHost.Orders}/{order}?asOf=yesterday")).Status);
    }

    [Fact]
    public async Task A_payment_that_never_answers_is_given_up_with_the_order()
    {
        var order = await ordering.CardOrderAsync();
        await ordering.StockTakenAsync(order);

        ordering.Host.Time.Advance(TimeSpan.FromMinutes(71));

        var cancelled = await ordering.UntilAsync(order, "cancelled");
        Assert.Contains("not made in time", cancelled["reason"], StringComparison.Ordinal);
        Assert.Single(await ordering.PublishedAsync<ModularMonolith.Payments.Contracts.VoidRequested>(message => message.PaymentId == ordering.PaymentOf(order)));
    }

    private Task<Answer> AsOfAsync(Guid order, DateTimeOffset time) =>
        ordering.GetAsync($"{OrderingHost.Orders}/{order}?asOf={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}");
}
