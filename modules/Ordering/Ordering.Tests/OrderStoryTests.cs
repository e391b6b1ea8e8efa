using System.Net;
using System.Net.Http.Headers;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Addresses, notes and looking back.</summary>
public sealed class OrderStoryTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private static readonly AuthenticationHeaderValue Clerk = TestCredentials.Of("clerk", "ordering:read", "ordering:manage");

    private Shop Shop => ordering.Shop;

    [Fact]
    public async Task Addresses_change_until_something_is_packed_and_Shipping_is_told()
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("DE"), null, (variant, 1));
        var moved = OrderingHost.In("DE") with { Line1 = "Side Street 2" };
        var tag = (await ordering.GetOrderAsync(order)).ETag;

        var edited = await EditAsync(order, new { shippingAddress = moved, email = "new@example.org" }, tag);
        var same = await EditAsync(order, new { shippingAddress = moved }, edited.ETag);

        Assert.True(edited.Status == HttpStatusCode.OK, edited.Text);
        Assert.Equal(("Side Street 2", "new@example.org"), (edited.Json.GetProperty("shippingAddress").GetProperty("line1").GetString(), edited["email"]));
        Assert.Equal((edited.Text, edited.ETag), (same.Text, same.ETag));
        Assert.Equal(moved, Assert.Single(await ordering.PublishedAsync<FulfilmentReaddressed>(message => message.OrderId == order)).Address);
        (await EditAsync(order, new { email = "x@example.org" }, tag)).Problem(HttpStatusCode.PreconditionFailed, "precondition-failed");
        (await EditAsync(order, new { email = "x@example.org" }, null)).Problem((HttpStatusCode)428, "precondition-required");
        (await EditAsync(order, new { shippingAddress = OrderingHost.In("US") }, "*")).Problem(HttpStatusCode.Conflict, "address-changes-price");
        (await EditAsync(order, new Dictionary<string, object?> { ["shippingAddress"] = null }, "*")).Problem(HttpStatusCode.Conflict, "address-changes-price");
        (await EditAsync(order, new { total = 1 }, "*")).Problem(HttpStatusCode.BadRequest, "malformed-request");
        var shipment = await ordering.PackAsync(order, (variant, 1));
        await ordering.UntilAsync(order, answer => OrderingHost.StateOf(answer, shipment) == "packed");
        (await EditAsync(order, new { email = "late@example.org" }, "*")).Problem(HttpStatusCode.Conflict, "illegal-state");
    }

    [Fact]
    public async Task Customers_read_the_notes_that_are_for_them_and_the_staff_reads_all()
    {
        var ann = TestCredentials.Of("ann");
        var order = await OrderOfAsync(ann);
        var path = $"{OrderingHost.Orders}/{order}";
        await NoteAsync(order, "Call before delivery.", false);
        var written = await NoteAsync(order, "We have found your glove.", true);
        Assert.Equal(HttpStatusCode.Created, written.Status);
        (await ordering.SendAsync(HttpMethod.Post, path + "/notes", new { text = "Mine" }, Guid.NewGuid().ToString(), caller: ann)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await ordering.SendAsync(HttpMethod.Post, path + "/notes", new { text = "" }, Guid.NewGuid().ToString(), caller: Clerk)).Problem(HttpStatusCode.BadRequest, "validation");

        foreach (var part in new[] { "/notes", "/history", "/timeline" })
        {
            var (seenByAnn, seenByClerk) = ((await SeenAsync(path + part, ann)).Text, (await SeenAsync(path + part, Clerk)).Text);
            Assert.Contains("glove", seenByAnn, StringComparison.Ordinal);
            Assert.DoesNotContain("Call before", seenByAnn, StringComparison.Ordinal);
            Assert.DoesNotContain("clerk", seenByAnn, StringComparison.Ordinal);
            Assert.Contains("Call before", seenByClerk, StringComparison.Ordinal);
            (await SeenAsync(path + part, TestCredentials.Of("ben"))).Problem(HttpStatusCode.NotFound, "not-found");
        }

        Assert.Equal("clerk", (await SeenAsync(path + "/notes", Clerk)).Json.GetProperty("notes")[0].GetProperty("author").GetString());
        Assert.Equal(2, (await SeenAsync(path, ann)).Json.GetProperty("lines")[0].GetProperty("quantity").GetInt32());
    }

    [Fact]
    public async Task What_customers_may_not_do_with_others_orders_they_may_with_their_own()
    {
        var (ann, ben) = (TestCredentials.Of("ann"), TestCredentials.Of("ben"));
        var path = $"{OrderingHost.Orders}/{await OrderOfAsync(ann)}";
        var variant = (await SeenAsync(path, ann)).Json.GetProperty("lines")[0].GetProperty("variantId").GetGuid();
        var cancellation = new { lines = new[] { new { variantId = variant, quantity = 2 } }, reason = "Both" };

        foreach (var part in new[] { "/quote", "/timeline", "/notes", "?asOf=2100-01-01T00:00:00Z" })
        {
            Assert.Equal(HttpStatusCode.OK, (await SeenAsync(path + part, ann)).Status);
            (await SeenAsync(path + part, ben)).Problem(HttpStatusCode.NotFound, "not-found");
        }

        (await ordering.SendAsync(HttpMethod.Patch, path, new { email = "b@example.org" }, ifMatch: "*", caller: ben)).Problem(HttpStatusCode.NotFound, "not-found");
        (await ordering.SendAsync(HttpMethod.Post, path + "/cancellations", cancellation, "key", caller: ben)).Problem(HttpStatusCode.NotFound, "not-found");
        (await ordering.SendAsync(HttpMethod.Post, path + "/refunds", new { amount = new { amount = 1, currency = "EUR" }, reason = "r" }, "key", caller: ann)).Problem(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await ordering.SendAsync(HttpMethod.Patch, path, new { email = "a@example.org" }, ifMatch: "*", caller: ann)).Status);
        Assert.Equal("cancelled", (await ordering.SendAsync(HttpMethod.Post, path + "/cancellations", cancellation, "key", caller: ann))["status"]);
    }

    [Fact]
    public async Task The_timeline_tells_in_words_what_happened()
    {
        var variant = Shop.Sell();
        var order = await ordering.ConfirmedAsync(OrderingHost.In("AT"), null, (variant, 2));
        await ordering.DeliverAsync(order, (variant, 2));

        var entries = (await ordering.GetAsync($"{OrderingHost.Orders}/{order}/timeline")).Json.GetProperty("entries").EnumerateArray().ToList();

        Assert.Equal(await ordering.NamesAsync(order), entries.Select(static entry => entry.GetProperty("kind").GetString()));
        var words = entries.Select(static entry => entry.GetProperty("text").GetString()!).ToList();
        Assert.Equal("The order was placed: 2 pieces for 24.90 EUR.", words[0]);
        Assert.Contains("A parcel has left with Post, number T-1.", words);
        Assert.Equal("All of the order was delivered.", words[^1]);
    }

    [Fact]
    public async Task The_quote_of_an_order_says_why_it_costs_what_it_costs_and_that_it_still_does()
    {
        Shop.Coupons["TEN"] = 10;
        var order = await ordering.CardOrderAsync(OrderingHost.In("DE"), "TEN");

        var answer = await ordering.GetAsync($"{OrderingHost.Orders}/{order}/quote");

        Assert.Equal("True", answer["isReproduced"]);
        var quote = answer.Json.GetProperty("quote");
        Assert.Equal("TEN", quote.GetProperty("decisions")[0].GetProperty("rule").GetString());
        Assert.Equal(900 + 490, quote.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.DoesNotContain("evidence", answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<Guid> OrderOfAsync(AuthenticationHeaderValue customer)
    {
        var checkout = await ordering.SendAsync(HttpMethod.Post, OrderingHost.Checkouts, new { basketId = Shop.Fill((Shop.Sell(), 2)) }, caller: customer);
        var order = await ordering.SendAsync(
            HttpMethod.Post, OrderingHost.Orders, new { checkoutId = checkout.Id, expectedTotal = checkout.Json.GetProperty("total") }, Guid.NewGuid().ToString(), caller: customer);
        Assert.True(order.Status == HttpStatusCode.Created, order.Text);
        return order.Id;
    }

    private Task<Answer> NoteAsync(Guid order, string text, bool isForCustomer) =>
        ordering.SendAsync(HttpMethod.Post, $"{OrderingHost.Orders}/{order}/notes", new { text, isForCustomer }, Guid.NewGuid().ToString(), caller: Clerk);

    private Task<Answer> SeenAsync(string path, AuthenticationHeaderValue caller) => ordering.SendAsync(HttpMethod.Get, path, null, caller: caller);

    private Task<Answer> EditAsync(Guid order, object body, string? tag) => ordering.SendAsync(HttpMethod.Patch, $"{OrderingHost.Orders}/{order}", body, ifMatch: tag);
}
