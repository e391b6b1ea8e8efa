using System.Net;

namespace ModularMonolith.Ordering.Tests;

/// <summary>On a host of its own, because the list is of all orders.</summary>
public sealed class ListOrdersTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task Pages_hold_every_order_once_newest_first_while_new_orders_arrive()
    {
        var earlier = new List<Guid>();
        for (var number = 0; number < 7; number++)
        {
            earlier.Insert(0, await ordering.OrderedAsync(quantity: 2));
            ordering.Host.Time.Advance(TimeSpan.FromMilliseconds(5));
        }

        var first = await ordering.GetAsync(OrderingHost.Orders + "?limit=3");
        var seen = Ids(first);
        Assert.Equal(2, first.Json.GetProperty("items")[0].GetProperty("itemCount").GetInt32());
        for (var next = first["next"]; !string.IsNullOrEmpty(next);)
        {
            await ordering.OrderedAsync();
            var page = await ordering.GetAsync($"{OrderingHost.Orders}?limit=3&cursor={next}");
            seen.AddRange(Ids(page));
            next = page["next"];
        }

        Assert.Equal(earlier.Take(seen.Count), seen.Take(earlier.Count));
        Assert.Equal(earlier, seen.Where(earlier.Contains));
        Assert.Equal(seen.Count, seen.Distinct().Count());

        var cancelled = earlier[3];
        await ordering.CancelOrderAsync(cancelled);
        Assert.Equal([cancelled], Ids(await ordering.GetAsync(OrderingHost.Orders + "?status=cancelled")));
        Assert.DoesNotContain(cancelled, Ids(await ordering.GetAsync(OrderingHost.Orders + "?status=placed&limit=100")));
    }

    [Theory]
    [InlineData("status=lost")]
    [InlineData("status=0")]
    [InlineData("status=")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=many")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=bnVsbA")]
    [InlineData("sort=total")]
    public async Task A_question_that_the_list_does_not_know_is_refused(string query)
    {
        var answer = await ordering.GetAsync($"{OrderingHost.Orders}?{query}");

        Assert.True(answer.Status == HttpStatusCode.BadRequest, answer.Text);
        Assert.False(string.IsNullOrEmpty(answer["detail"]));
    }

    private static List<Guid> Ids(Answer page) => [.. page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
}
