using System.Net;
using ModularMonolith.Ordering.Checkouts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>On a host of its own, because the clock is set forward.</summary>
public sealed class ExpiryTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task A_checkout_expires_by_the_clock_and_says_so()
    {
        var checkout = await ordering.CheckedOutAsync();
        var path = $"{OrderingHost.Checkouts}/{checkout}";
        var open = await ordering.GetAsync(path);

        ordering.Host.Time.Advance(TimeSpan.FromMinutes(10));

        var expired = await ordering.GetAsync(path, open.ETag);
        Assert.Equal(("open", "expired"), (open["status"], expired["status"]));
        (await ordering.PlaceOrderAsync(checkout, 1_000)).Problem(HttpStatusCode.Conflict, "checkout-expired");
    }

    [Fact]
    public async Task An_order_keeps_the_stock_of_a_checkout_that_is_about_to_expire()
    {
        var checkout = await ordering.CheckedOutAsync();
        ordering.Host.Time.Advance(TimeSpan.FromMinutes(9));

        var answer = await ordering.PlaceOrderAsync(checkout, 1_000);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.True(ordering.Shop.Extended[checkout] > ordering.Host.Time.GetUtcNow() + TimeSpan.FromMinutes(8));
    }

    [Fact]
    public async Task Checkouts_that_ended_a_week_ago_are_removed_and_their_orders_stay()
    {
        var ordered = await ordering.CheckedOutAsync();
        var order = (await ordering.PlaceOrderAsync(ordered, 1_000)).Id;
        var abandoned = await ordering.CheckedOutAsync();
        ordering.Host.Time.Advance(TimeSpan.FromDays(6.9));
        await ordering.Host.SendAsync(new RemoveOldCheckouts());
        Assert.Equal("expired", (await ordering.GetAsync($"{OrderingHost.Checkouts}/{abandoned}"))["status"]);

        ordering.Host.Time.Advance(TimeSpan.FromDays(0.2));
        var recent = await ordering.CheckedOutAsync();
        await ordering.Host.SendAsync(new RemoveOldCheckouts());

        Assert.Equal(HttpStatusCode.NotFound, (await ordering.GetAsync($"{OrderingHost.Checkouts}/{ordered}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ordering.GetAsync($"{OrderingHost.Checkouts}/{abandoned}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ordering.GetAsync($"{OrderingHost.Checkouts}/{recent}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ordering.GetAsync($"{OrderingHost.Orders}/{order}")).Status);
    }
}
