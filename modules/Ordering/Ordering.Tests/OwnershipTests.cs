using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class OwnershipTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private readonly AuthenticationHeaderValue _ann = TestCredentials.Of("ann");
    private readonly AuthenticationHeaderValue _ben = TestCredentials.Of("ben");

    [Fact]
    public async Task An_order_exists_for_its_customer_and_the_staff_only()
    {
        var order = await OrderAsync(_ann);
        var clerk = TestCredentials.Of("clerk", "ordering:read");
        foreach (var path in new[] { $"{OrderingHost.Orders}/{order}", $"{OrderingHost.Orders}/{order}/history" })
        {
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(_ann, HttpMethod.Get, path)).Status);
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(clerk, HttpMethod.Get, path)).Status);
            (await SendAsync(_ben, HttpMethod.Get, path)).Problem(HttpStatusCode.NotFound, "not-found");
        }

        (await SendAsync(_ben, HttpMethod.Post, $"{OrderingHost.Orders}/{order}/cancel", """{"reason":"Not mine"}""")).Problem(HttpStatusCode.NotFound, "not-found");
        (await SendAsync(clerk, HttpMethod.Post, $"{OrderingHost.Orders}/{order}/cancel", """{"reason":"May only look"}""")).Problem(HttpStatusCode.NotFound, "not-found");
        (await SendAsync(_ann, HttpMethod.Post, $"{OrderingHost.Orders}/{order}/mark-paid")).Problem(HttpStatusCode.Forbidden, "forbidden");
        var paid = await SendAsync(TestCredentials.Of("boss", "ordering:manage"), HttpMethod.Post, $"{OrderingHost.Orders}/{order}/mark-paid");
        Assert.Equal("paid", paid["status"]);
        Assert.Equal("cancelled", (await SendAsync(_ann, HttpMethod.Post, $"{OrderingHost.Orders}/{order}/cancel", """{"reason":"Mine"}"""))["status"]);
    }

    [Fact]
    public async Task The_list_has_the_callers_own_orders_and_everybodys_for_the_staff()
    {
        var (anns, bens) = (await OrderAsync(_ann), await OrderAsync(_ben));

        var seenByAnn = await ListAsync(_ann);
        var seenByStaff = await ListAsync(TestCredentials.Of("clerk", "ordering:read"));

        Assert.Contains(anns, seenByAnn);
        Assert.DoesNotContain(bens, seenByAnn);
        Assert.Contains(anns, seenByStaff);
        Assert.Contains(bens, seenByStaff);
    }

    [Fact]
    public async Task A_checkout_is_nobody_elses_whatever_they_may()
    {
        var checkout = await CheckoutAsync(_ann, ordering.Shop.Fill((ordering.Shop.Sell(1_000), 1)));
        var boss = TestCredentials.Of("boss", "ordering:read", "ordering:manage");
        foreach (var other in new[] { _ben, boss })
        {
            (await SendAsync(other, HttpMethod.Get, $"{OrderingHost.Checkouts}/{checkout}")).Problem(HttpStatusCode.NotFound, "not-found");
            (await SendAsync(other, HttpMethod.Delete, $"{OrderingHost.Checkouts}/{checkout}")).Problem(HttpStatusCode.NotFound, "not-found");
            (await SendAsync(other, HttpMethod.Post, OrderingHost.Orders, OrderingHost.OrderBody(checkout, 1_000))).Problem(HttpStatusCode.NotFound, "not-found");
        }

        Assert.Equal("open", (await SendAsync(_ann, HttpMethod.Get, $"{OrderingHost.Checkouts}/{checkout}"))["status"]);
    }

    [Fact]
    public async Task A_guest_who_signs_in_with_the_basket_takes_the_place_of_the_guests_checkout()
    {
        var basket = ordering.Shop.Fill((ordering.Shop.Sell(1_000, stock: 1), 1));
        var guests = await CheckoutAsync(TestCredentials.Of("guest:7"), basket);

        var anns = await CheckoutAsync(_ann, basket);

        Assert.Equal("cancelled", (await SendAsync(TestCredentials.Of("guest:7"), HttpMethod.Get, $"{OrderingHost.Checkouts}/{guests}"))["status"]);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(_ann, HttpMethod.Post, OrderingHost.Orders, OrderingHost.OrderBody(anns, 1_000))).Status);
    }

    private async Task<Guid> OrderAsync(AuthenticationHeaderValue customer)
    {
        var checkout = await CheckoutAsync(customer, ordering.Shop.Fill((ordering.Shop.Sell(1_000), 1)));
        var answer = await SendAsync(customer, HttpMethod.Post, OrderingHost.Orders, OrderingHost.OrderBody(checkout, 1_000));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer.Id;
    }

    private async Task<Guid> CheckoutAsync(AuthenticationHeaderValue customer, string basketId)
    {
        var answer = await SendAsync(customer, HttpMethod.Post, OrderingHost.Checkouts, JsonSerializer.Serialize(new { basketId }));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer.Id;
    }

    private async Task<List<Guid>> ListAsync(AuthenticationHeaderValue caller) =>
        [.. (await SendAsync(caller, HttpMethod.Get, OrderingHost.Orders + "?limit=100")).Json.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetGuid())];

    private async Task<Answer> SendAsync(AuthenticationHeaderValue caller, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = caller } };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent(body ?? string.Empty, Encoding.UTF8, "application/json");
        }

        using var response = await ordering.Host.Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), null, null, false);
    }
}
