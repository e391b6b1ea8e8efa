using System.Net;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class OrderTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task A_cancelled_order_says_why_and_its_stock_comes_back()
    {
        var order = await ordering.OrderedAsync(quantity: 3);

        var answer = await ordering.CancelOrderAsync(order, "Too late");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(("cancelled", "Too late"), (answer["status"], answer["reason"]));
        var read = await ordering.GetAsync($"{OrderingHost.Orders}/{order}");
        Assert.Equal((answer.Text, answer.ETag), (read.Text, read.ETag));
        var returned = Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
        Assert.Equal(answer["checkoutId"], returned.ReservationId.ToString());
        Assert.Equal(3, Assert.Single(returned.Lines).Quantity);
        Assert.Equal("Too late", Assert.Single(await ordering.PublishedAsync<OrderCancelled>(message => message.OrderId == order)).Reason);
    }

    [Fact]
    public async Task Cancelling_again_answers_the_same_order_and_has_no_second_effect()
    {
        var order = await ordering.OrderedAsync();
        var first = await ordering.CancelOrderAsync(order, "Once");

        var again = await ordering.CancelOrderAsync(order, "Twice");

        Assert.Equal((first.Status, first.Text, first.ETag), (again.Status, again.Text, again.ETag));
        Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
    }

    [Fact]
    public async Task Parallel_cancellations_have_one_effect()
    {
        var order = await ordering.OrderedAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ordering.CancelOrderAsync(order)));

        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer.Text));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Single(await ordering.PublishedAsync<OrderCancelled>(message => message.OrderId == order));
        Assert.Single(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
    }

    [Fact]
    public async Task A_paid_order_can_be_cancelled()
    {
        var order = await ordering.OrderedAsync();
        await HappenedAsync(order, new Paid(ordering.Host.Time.GetUtcNow()));

        Assert.Equal("cancelled", (await ordering.CancelOrderAsync(order))["status"]);
    }

    [Fact]
    public async Task A_shipped_order_cannot_be_cancelled()
    {
        var order = await ordering.OrderedAsync();
        await HappenedAsync(order, new Paid(ordering.Host.Time.GetUtcNow()), new Confirmed(ordering.Host.Time.GetUtcNow()), new Shipped(ordering.Host.Time.GetUtcNow()));

        var problem = (await ordering.CancelOrderAsync(order)).Problem(HttpStatusCode.Conflict, "illegal-state");

        Assert.Equal("shipped", problem.GetProperty("state").GetString());
        Assert.DoesNotContain("cancel", problem.GetProperty("allowed").EnumerateArray().Select(static action => action.GetString()));
        Assert.Empty(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
    }

    [Fact]
    public async Task An_order_of_untracked_lines_returns_no_stock_when_it_is_cancelled()
    {
        var checkout = await ordering.StartCheckoutAsync(ordering.Shop.Fill((ordering.Shop.Sell(700, stock: 0, tracksInventory: false), 1)));
        var order = (await ordering.PlaceOrderAsync(checkout.Id, 700)).Id;

        await ordering.CancelOrderAsync(order);

        Assert.Empty(await ordering.PublishedAsync<ReservationConsumed>(message => message.Reference == order.ToString()));
        Assert.Empty(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
    }

    [Fact]
    public async Task An_order_whose_stock_was_sold_meanwhile_is_rejected_once()
    {
        var order = await ordering.OrderedAsync();
        var unavailable = new StockUnavailable(Guid.NewGuid(), order.ToString(), [new ShortLine("SKU-9", 2, 1)]);

        await ordering.Host.PublishAsync(unavailable);
        await ordering.Host.PublishAsync(unavailable);

        var rejected = await Eventually.Async(() => ordering.GetAsync($"{OrderingHost.Orders}/{order}"), answer => answer["status"] == "rejected");
        Assert.Contains("SKU-9 (1 of 2)", rejected["reason"], StringComparison.Ordinal);
        await HandledAsync();
        Assert.Single(await ordering.PublishedAsync<OrderCancelled>(message => message.OrderId == order));
        Assert.Empty(await ordering.PublishedAsync<ReservationReturned>(message => message.Reference == order.ToString()));
        (await ordering.CancelOrderAsync(order)).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    [Fact]
    public async Task Missing_stock_of_a_cancelled_order_or_of_no_order_changes_nothing()
    {
        var order = await ordering.OrderedAsync();
        var cancelled = await ordering.CancelOrderAsync(order);

        foreach (var reference in new[] { order.ToString(), Guid.NewGuid().ToString(), "transfer 7" })
        {
            await ordering.Host.PublishAsync(new StockUnavailable(Guid.NewGuid(), reference, [new ShortLine("SKU-9", 2, 1)]));
        }

        await HandledAsync();
        Assert.Equal(cancelled.Text, (await ordering.GetAsync($"{OrderingHost.Orders}/{order}")).Text);
    }

    [Fact]
    public async Task The_history_has_what_happened_and_when_and_why()
    {
        var order = await ordering.OrderedAsync(price: 1_250, quantity: 2);
        await ordering.CancelOrderAsync(order, "Wrong size");

        var answer = await ordering.GetAsync($"{OrderingHost.Orders}/{order}/history");

        var entries = answer.Json.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(["order_placed", "order_cancelled"], entries.Select(entry => entry.GetProperty("name").GetString()));
        Assert.Equal([1, 2], entries.Select(entry => entry.GetProperty("version").GetInt32()));
        Assert.Equal(2_500, entries[0].GetProperty("data").GetProperty("total").GetProperty("amount").GetInt32());
        Assert.Equal("Wrong size", entries[1].GetProperty("data").GetProperty("reason").GetString());
        Assert.All(entries, entry => Assert.InRange(ordering.Host.Time.GetUtcNow() - entry.GetProperty("at").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task The_events_are_stored_under_their_stable_names()
    {
        var order = await ordering.OrderedAsync();
        var now = ordering.Host.Time.GetUtcNow();
        await HappenedAsync(order, new Paid(now), new Confirmed(now), new Shipped(now));
        var rejected = await ordering.OrderedAsync();
        await HappenedAsync(rejected, new Rejected("gone", now));

        Assert.Equal(["order_placed", "order_paid", "order_confirmed", "order_shipped"], await NamesAsync(order));
        Assert.Equal(["order_placed", "order_rejected"], await NamesAsync(rejected));
        var shipped = await ordering.GetAsync($"{OrderingHost.Orders}/{order}");
        Assert.Equal(("shipped", "\"v4\""), (shipped["status"], shipped.ETag));
        Assert.All(new[] { "paidAt", "confirmedAt", "shippedAt" }, at => Assert.Equal(now, shipped.Json.GetProperty(at).GetDateTimeOffset()));
    }

    [Fact]
    public async Task An_unchanged_order_is_not_sent_twice()
    {
        var order = await ordering.OrderedAsync();
        var path = $"{OrderingHost.Orders}/{order}";
        var first = await ordering.GetAsync(path);

        var unchanged = await ordering.GetAsync(path, first.ETag);
        await ordering.CancelOrderAsync(order);
        var changed = await ordering.GetAsync(path, first.ETag);

        Assert.Equal((HttpStatusCode.NotModified, string.Empty), (unchanged.Status, unchanged.Text));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(first.ETag, changed.ETag);
    }

    [Fact]
    public async Task An_unknown_order_is_not_found()
    {
        var path = $"{OrderingHost.Orders}/{Guid.NewGuid()}";

        (await ordering.GetAsync(path)).Problem(HttpStatusCode.NotFound, "not-found");
        (await ordering.GetAsync(path + "/history")).Problem(HttpStatusCode.NotFound, "not-found");
        (await ordering.PostAsync(path + "/cancel", """{"reason":"none"}""")).Problem(HttpStatusCode.NotFound, "not-found");
        (await ordering.GetAsync(OrderingHost.Orders + "/seven")).Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reason":""}""")]
    [InlineData("""{"reason":"  "}""")]
    [InlineData("""{"reason":null}""")]
    [InlineData("""{"reason":"a\u0000"}""")]
    [InlineData("""{"reason":"x","refund":true}""")]
    public async Task A_cancellation_without_a_proper_reason_is_refused(string body)
    {
        var order = await ordering.OrderedAsync();

        var answer = await ordering.PostAsync($"{OrderingHost.Orders}/{order}/cancel", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("placed", (await ordering.GetAsync($"{OrderingHost.Orders}/{order}"))["status"]);
    }

    [Fact]
    public async Task A_reason_that_is_too_long_is_refused_naming_the_field()
    {
        var order = await ordering.OrderedAsync();

        var problem = (await ordering.CancelOrderAsync(order, new string('x', 501))).Problem(HttpStatusCode.BadRequest, "validation");

        Assert.Equal("#/reason", problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task Every_refusal_of_Ordering_leads_to_its_explanation()
    {
        foreach (var name in new[] { "basket-not-orderable", "basket-ordered", "stock-short", "checkout-expired", "checkout-ordered", "price-changed", "lines-unavailable", "discounts-unavailable", "tenders-mismatch" })
        {
            Assert.False(string.IsNullOrEmpty((await ordering.GetAsync("/problems/" + name))["explanation"]));
        }
    }

    [Fact]
    public async Task The_description_of_the_API_says_what_money_is()
    {
        var schemas = (await ordering.GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("schemas");

        var money = schemas.GetProperty("Money").GetProperty("properties");
        Assert.Equal(("integer", "string"), (money.GetProperty("amount").GetProperty("type").GetString(), money.GetProperty("currency").GetProperty("type").GetString()));
        Assert.True(schemas.GetProperty("OrderView").GetProperty("properties").TryGetProperty("total", out _));
    }

    private async Task HappenedAsync(Guid order, params object[] events)
    {
        await using var session = ordering.Store.LightweightSession();
        var stream = await session.Events.FetchForWriting<Order>(order);
        stream.AppendMany(events);
        await session.SaveChangesAsync();
    }

    private async Task<IReadOnlyList<string?>> NamesAsync(Guid order) =>
        [.. (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/history")).Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("name").GetString())];

    // The log keeps its order, so an order that is rejected now was preceded by everything published before.
    private async Task HandledAsync()
    {
        var last = await ordering.OrderedAsync();
        await ordering.Host.PublishAsync(new StockUnavailable(Guid.NewGuid(), last.ToString(), [new ShortLine("SKU-0", 1, 0)]));
        await Eventually.TrueAsync(async () => (await ordering.GetAsync($"{OrderingHost.Orders}/{last}"))["status"] == "rejected");
    }
}
