using System.Net;
using System.Text.Json;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Returns.Tests;

public sealed class RequestTests(ReturnsHost returns) : IClassFixture<ReturnsHost>
{
    [Fact]
    public async Task A_customer_asks_to_return_some_of_what_has_arrived()
    {
        var order = returns.Delivered(2, 1);

        var answer = await returns.RequestAsync(order, quantities: [1, 1]);

        Assert.Equal("requested", answer.Expect(HttpStatusCode.Created)["status"]);
        Assert.Equal($"/api/returns/returns/{answer.Id}", answer.Location);
        var read = await returns.GetAsync($"returns/{answer.Id}");
        Assert.Equal((answer.Text, answer.ETag), (read.Text, read.ETag));
        Assert.Equal([1, 0], await ReturnableAsync(order));
    }

    [Fact]
    public async Task Two_requests_at_once_for_the_last_piece_are_one_return()
    {
        for (var round = 0; round < 5; round++)
        {
            var order = returns.Delivered(1);

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => returns.RequestAsync(order, quantities: [1])));

            Assert.Single(answers, static answer => answer.Status == HttpStatusCode.Created);
            Assert.All(answers.Where(static answer => answer.Status != HttpStatusCode.Created), static answer =>
                Assert.True(answer["type"] is "/problems/return-not-returnable" or "/problems/concurrent-change", answer.Text));
        }
    }

    [Fact]
    public async Task Many_requests_at_once_never_return_more_than_was_sent()
    {
        var order = returns.Delivered(5);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => returns.RequestAsync(order, quantities: [2])));

        Assert.Equal(2, answers.Count(static answer => answer.Status == HttpStatusCode.Created));
        Assert.Equal([1], await ReturnableAsync(order));
    }

    [Fact]
    public async Task Asking_twice_under_one_key_asks_once()
    {
        var order = returns.Delivered(2);
        var key = Guid.NewGuid().ToString();

        var first = await returns.RequestAsync(order, null, key, 1);
        var again = await returns.RequestAsync(order, null, key, 1);

        Assert.Equal((first.Text, first.Location), (again.Text, again.Location));
        Assert.Equal([1], await ReturnableAsync(order));
    }

    [Fact]
    public async Task What_ordering_says_has_come_back_is_not_counted_twice()
    {
        var order = returns.Delivered(5);
        var id = await returns.ReceivedAsync(order, 2);
        (await returns.InspectAsync(id, ReturnsHost.Inspected(order, 0, 2))).Expect(HttpStatusCode.OK);

        var before = await ReturnableAsync(order);
        returns.Orders[order.OrderId] = order with { Lines = [order.Lines[0] with { Returned = 2 }] };

        Assert.Equal([3], before);
        Assert.Equal([3], await ReturnableAsync(order));
    }

    [Theory]
    [InlineData("reject")]
    [InlineData("cancel")]
    public async Task What_is_not_returned_after_all_can_be_asked_for_again(string end)
    {
        var order = returns.Delivered(1);
        var id = await returns.RequestedAsync(order, 1);
        (await returns.RequestAsync(order, quantities: [1])).Problem(HttpStatusCode.Conflict, "return-not-returnable");

        (await returns.DoAsync(id, end, end == "reject" ? new { reason = "It was worn." } : null)).Expect(HttpStatusCode.OK);

        await returns.RequestedAsync(order, 1);
    }

    [Fact]
    public async Task What_has_not_arrived_or_was_not_in_the_order_cannot_be_returned()
    {
        var onItsWay = returns.Delivered(null, 1);
        var nothingSent = returns.Delivered(0);

        var refused = (await returns.RequestAsync(onItsWay, quantities: [1])).Problem(HttpStatusCode.Conflict, "return-not-returnable").GetProperty("lines")[0];
        Assert.Equal((1, 0, "It has not arrived yet."), (refused.GetProperty("requested").GetInt32(), refused.GetProperty("returnable").GetInt32(), refused.GetProperty("reason").GetString()));
        (await returns.RequestAsync(nothingSent, quantities: [1])).Problem(HttpStatusCode.Conflict, "return-not-returnable");
        (await returns.SendAsync(HttpMethod.Post, "returns", Body(onItsWay, Guid.NewGuid(), 1, "faulty"), ReturnsHost.Ann)).Problem(HttpStatusCode.Conflict, "return-not-returnable");
    }

    [Fact]
    public async Task A_request_that_makes_no_sense_is_refused()
    {
        var order = returns.Delivered(1);
        var variant = order.Lines[0].VariantId;

        (await returns.SendAsync(HttpMethod.Post, "returns", Body(order, variant, 0, "faulty"), ReturnsHost.Ann)).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.SendAsync(HttpMethod.Post, "returns", Body(order, variant, 1, "boredom"), ReturnsHost.Ann)).Problem(HttpStatusCode.BadRequest, "malformed-request");
        (await returns.SendAsync(HttpMethod.Post, "returns", new { orderId = order.OrderId, lines = Array.Empty<int>() }, ReturnsHost.Ann)).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.SendAsync(HttpMethod.Post, "returns", Body(order, variant, 1, "faulty", new string('x', 501)), ReturnsHost.Ann)).Problem(HttpStatusCode.BadRequest, "validation");
        (await returns.RequestAsync(order with { OrderId = Guid.NewGuid() }, quantities: [1])).Problem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_dry_run_asks_for_nothing()
    {
        var order = returns.Delivered(1);

        (await returns.SendAsync(HttpMethod.Post, "returns?dryRun=true", Body(order, order.Lines[0].VariantId, 1, "faulty"), ReturnsHost.Ann)).Expect(HttpStatusCode.OK);

        Assert.Equal([1], await ReturnableAsync(order));
    }

    [Fact]
    public async Task A_return_exists_for_its_customer_and_the_staff_only()
    {
        var order = returns.Delivered(1);
        (await returns.RequestAsync(order, ReturnsHost.Ben, null, 1)).Problem(HttpStatusCode.NotFound, "not-found");
        (await returns.GetAsync($"orders/{order.OrderId}/returnable", ReturnsHost.Ben)).Problem(HttpStatusCode.NotFound, "not-found");
        var id = await returns.RequestedAsync(order, 1);

        (await returns.GetAsync($"returns/{id}", ReturnsHost.Ben)).Problem(HttpStatusCode.NotFound, "not-found");
        (await returns.DoAsync(id, "cancel", null, ReturnsHost.Ben)).Problem(HttpStatusCode.NotFound, "not-found");
        (await returns.DoAsync(id, "approve", null, ReturnsHost.Ann)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await returns.GetAsync($"returns/{id}", TestCredentials.Of("clerk", "returns:read"))).Expect(HttpStatusCode.OK);
        (await returns.DoAsync(id, "cancel", null, TestCredentials.Of("clerk", "returns:read"))).Problem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal("cancelled", (await returns.DoAsync(id, "cancel", null, ReturnsHost.Ann)).Expect(HttpStatusCode.OK)["status"]);
    }

    [Fact]
    public async Task The_list_has_the_callers_own_returns_newest_first_and_everybodys_for_the_staff()
    {
        var (first, second) = (returns.Delivered(1), returns.Delivered(2));
        var older = await returns.RequestedAsync(first, 1);
        returns.Host.Time.Advance(TimeSpan.FromMilliseconds(5));
        var newer = await returns.RequestedAsync(second, 2);
        (await returns.DoAsync(newer, "approve")).Expect(HttpStatusCode.OK);

        var own = await ListAsync("returns?limit=100", ReturnsHost.Ann);
        Assert.Equal([newer, older], own.Where(id => id == newer || id == older));
        Assert.Empty(await ListAsync("returns?limit=100", ReturnsHost.Ben));
        Assert.Contains(older, await ListAsync("returns?limit=100&status=requested", ReturnsHost.Staff));
        Assert.DoesNotContain(newer, await ListAsync("returns?limit=100&status=requested", ReturnsHost.Staff));
        Assert.Equal([newer], await ListAsync("returns?orderId=" + second.OrderId, ReturnsHost.Staff));
        (await returns.GetAsync("returns?status=Requested")).Problem(HttpStatusCode.BadRequest, "malformed-request");
        var page = (await returns.GetAsync("returns?limit=1", ReturnsHost.Staff)).Json.GetProperty("next").GetString()!;
        Assert.Single(await ListAsync("returns?limit=1&cursor=" + Uri.EscapeDataString(page), ReturnsHost.Staff));
    }

    private static object Body(ReturnableOrder order, Guid variant, int quantity, string reason, string? note = null) =>
        new { orderId = order.OrderId, lines = new[] { new { variantId = variant, quantity, reason, note } } };

    private async Task<IReadOnlyList<Guid>> ListAsync(string path, System.Net.Http.Headers.AuthenticationHeaderValue caller) =>
        [.. (await returns.GetAsync(path, caller)).Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetGuid())];

    private async Task<IReadOnlyList<int>> ReturnableAsync(ReturnableOrder order) =>
        [.. (await returns.GetAsync($"orders/{order.OrderId}/returnable")).Expect(HttpStatusCode.OK).Json.GetProperty("lines").EnumerateArray().Select(static (JsonElement line) => line.GetProperty("quantity").GetInt32())];
}
