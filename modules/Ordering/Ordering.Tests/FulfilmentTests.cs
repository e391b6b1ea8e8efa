using System.Net;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

/// <summary>On a host of its own, because the clock is set forward.</summary>
public sealed class FulfilmentTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_order_is_confirmed_once_when_it_has_both_stock_and_payment_in_either_order(bool isPaidFirst)
    {
        var order = await ordering.OrderedAsync();

        await (isPaidFirst ? (Task)PaidAsync(order) : StockLeftAsync(order));
        var waiting = await ordering.GetAsync($"{OrderingHost.Orders}/{order}");
        await (isPaidFirst ? StockLeftAsync(order) : PaidAsync(order));
        await StockLeftAsync(order);

        Assert.NotEqual("confirmed", waiting["status"]);
        await StatusAsync(order, "confirmed");
        await Eventually.Async(() => StateAsync(order), static state => state is { IsReady: true, Status: ProcessStatus.Running, Timeouts.Count: 0 });
        Assert.Single(await ordering.PublishedAsync<OrderConfirmed>(message => message.OrderId == order));
        Assert.Equal(["order_placed", "order_paid", "order_confirmed"], await NamesAsync(order));
    }

    [Fact]
    public async Task An_order_without_tracked_stock_waits_for_its_payment_only()
    {
        var checkout = await ordering.StartCheckoutAsync(ordering.Shop.Fill((ordering.Shop.Sell(700, stock: 0, tracksInventory: false), 1)));
        var order = (await ordering.PlaceOrderAsync(checkout.Id, 700)).Id;

        var paid = await PaidAsync(order);

        Assert.Equal("confirmed", paid["status"]);
        Assert.Equal((await ordering.GetAsync($"{OrderingHost.Orders}/{order}")).Text, paid.Text);
    }

    [Fact]
    public async Task An_order_that_is_not_paid_in_time_is_cancelled_and_its_stock_comes_back_once()
    {
        var late = await ordering.OrderedAsync(quantity: 2);
        await StockLeftAsync(late);
        var paid = await ordering.OrderedAsync();
        await PaidAsync(paid);

        ordering.Host.Time.Advance(TimeSpan.FromHours(73));

        var cancelled = await StatusAsync(late, "cancelled");
        Assert.Contains("not paid within 72 hours", cancelled["reason"], StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == late.ToString())).Lines).Quantity);
        Assert.Single(await ordering.PublishedAsync<OrderCancelled>(message => message.OrderId == late));
        Assert.Equal(ProcessStatus.Failed, (await StateAsync(late))!.Status);
        (await ordering.PostAsync($"{OrderingHost.Orders}/{late}/mark-paid", string.Empty)).Problem(HttpStatusCode.Conflict, "illegal-state");
        Assert.Equal("paid", (await ordering.GetAsync($"{OrderingHost.Orders}/{paid}"))["status"]);
    }

    [Fact]
    public async Task A_shipped_order_has_ended_and_what_comes_late_changes_nothing()
    {
        var order = await ordering.OrderedAsync();
        (await ShippedAsync(order)).Problem(HttpStatusCode.Conflict, "illegal-state");
        await PaidAsync(order);
        (await ShippedAsync(order)).Problem(HttpStatusCode.Conflict, "illegal-state");
        await StockLeftAsync(order);
        await StatusAsync(order, "confirmed");

        var shipped = await ShippedAsync(order);
        var again = await ShippedAsync(order);
        await ordering.Host.PublishAsync(new StockUnavailable(Guid.NewGuid(), order.ToString(), [new ShortLine("SKU-1", 1, 0)]));
        var last = await ordering.OrderedAsync();
        await ordering.Host.PublishAsync(new StockUnavailable(Guid.NewGuid(), last.ToString(), [new ShortLine("SKU-1", 1, 0)]));
        await StatusAsync(last, "rejected");

        Assert.Equal((HttpStatusCode.OK, shipped.Text, shipped.ETag), (again.Status, again.Text, again.ETag));
        Assert.Equal(shipped.Text, (await StatusAsync(order, "shipped")).Text);
        Assert.True(await StateAsync(order) is { Status: ProcessStatus.Completed, Compensations.Count: 0, EndedAt: not null });
    }

    [Fact]
    public async Task A_confirmed_order_that_is_cancelled_gives_its_stock_back()
    {
        var order = await ordering.OrderedAsync();
        await PaidAsync(order);
        await StockLeftAsync(order);
        await StatusAsync(order, "confirmed");

        await ordering.CancelOrderAsync(order, "Changed my mind");

        Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
        Assert.True(await StateAsync(order) is { Status: ProcessStatus.Failed, Reason: "Changed my mind" });
    }

    [Fact]
    public async Task Of_payment_cancellation_and_stock_at_the_same_moment_the_outcome_is_whole()
    {
        var orders = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ordering.OrderedAsync()));

        var left = orders.Select(StockLeftAsync).ToList();
        var answers = await Task.WhenAll(orders.SelectMany(order => new[] { PaidAsync(order), ordering.CancelOrderAsync(order) }));
        await Task.WhenAll(left);

        Assert.All(answers, static answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, answer.Text));
        foreach (var order in orders)
        {
            var names = await NamesAsync(order);
            var returned = await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString());
            Assert.Equal(names.Contains("order_cancelled") ? 1 : 0, returned.Count);
            Assert.Equal(names.Contains("order_cancelled") ? ProcessStatus.Failed : ProcessStatus.Running, (await StateAsync(order))!.Status);
        }
    }

    private async Task<OrderFulfilmentState?> StateAsync(Guid order)
    {
        await using var session = ordering.Store.QuerySession();
        return await session.LoadAsync<OrderFulfilmentState>(order);
    }

    private Task<Answer> StatusAsync(Guid order, string status) =>
        Eventually.Async(() => ordering.GetAsync($"{OrderingHost.Orders}/{order}"), answer => answer["status"] == status);

    private Task<Answer> PaidAsync(Guid order) => ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-paid", string.Empty);

    private Task<Answer> ShippedAsync(Guid order) => ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-shipped", string.Empty);

    private Task StockLeftAsync(Guid order) => ordering.Host.PublishAsync(new StockCommitted(Guid.NewGuid(), order.ToString(), []));

    private async Task<IReadOnlyList<string?>> NamesAsync(Guid order) =>
        [.. (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/history")).Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("name").GetString())];
}
