using System.Net;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Every status and every command over HTTP. The status is made by the events that lead to it.</summary>
public sealed class OrderCommandTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    // yes: done; "=": answers what is already so; "-": refused, and nothing is changed.
    private static readonly TransitionTable Table = new("""
                   mark-paid  mark-shipped  cancel  cancellations  edit  refunds
        placed     yes        -             yes     yes            yes   -
        paid       =          -             yes     yes            yes   -
        confirmed  =          yes           yes     yes            yes   -
        shipped    =          =             -       -              -     yes
        completed  =          -             -       -              -     yes
        cancelled  -          -             =       -              -     -
        rejected   -          -             -       -              -     -
        """);

    public static IEnumerable<object[]> Cells => Table.Cells;

    [Fact]
    public void The_table_has_every_status() => Assert.Equal(Enum.GetNames<OrderStatus>().Select(static name => name.ToLowerInvariant()).Order(), Table.Statuses.Order());

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task An_order_answers_each_command_as_the_table_says(string status, string command, string outcome)
    {
        var variant = ordering.Shop.Sell(1_000, tracksInventory: false);
        var checkout = await ordering.CheckoutAsync(new { basketId = ordering.Shop.Fill((variant, 2)) });
        var order = (await ordering.OrderAsync(checkout)).Id;
        await LeadToAsync(order, status);
        var before = await ordering.GetOrderAsync(order);
        Assert.Equal(status, before["status"]);

        var answer = await SendAsync(order, command, variant.VariantId);

        var after = await ordering.GetOrderAsync(order);
        switch (outcome)
        {
            case "-":
                Assert.Equal("/problems/" + (status == "confirmed" && command == "refunds" ? "refund-too-high" : "illegal-state"), answer["type"]);
                Assert.Equal(before.Text, after.Text);
                break;
            case "=":
                Assert.Equal((HttpStatusCode.OK, before.Text, before.Text), (answer.Status, answer.Text, after.Text));
                break;
            default:
                Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
                Assert.Equal((answer.Text, answer.ETag), (after.Text, after.ETag));
                Assert.NotEqual(before.ETag, after.ETag);
                break;
        }
    }

    private Task<Answer> SendAsync(Guid order, string command, Guid variant)
    {
        var path = $"{OrderingHost.Orders}/{order}";
        return command switch
        {
            "edit" => ordering.SendAsync(HttpMethod.Patch, path, new { email = "new@example.org" }, ifMatch: "*"),
            "cancel" => ordering.CancelOrderAsync(order),
            "cancellations" => ordering.PostKeyedAsync($"{path}/cancellations", new { lines = new[] { new { variantId = variant, quantity = 1 } }, reason = "One will do" }),
            "refunds" => ordering.PostKeyedAsync($"{path}/refunds", new { amount = new { amount = 10, currency = "EUR" }, reason = "A scratch" }),
            _ => ordering.PostAsync($"{path}/{command}", string.Empty),
        };
    }

    private async Task LeadToAsync(Guid order, string status)
    {
        var now = ordering.Host.Time.GetUtcNow();
        object[] events = status switch
        {
            "placed" => [],
            "paid" => [new Paid(now)],
            "confirmed" => [new Paid(now), new Confirmed(now)],
            "shipped" => [new Paid(now), new Confirmed(now), new Shipped(now)],
            "completed" => [new Paid(now), new Confirmed(now), new Shipped(now), new Completed(now)],
            "cancelled" => [new Cancelled("Changed my mind", now)],
            _ => [new Rejected("Sold out", now)],
        };
        if (events.Length > 0)
        {
            await using var session = ordering.Store.LightweightSession();
            (await session.Events.FetchForWriting<Order>(order)).AppendMany(events);
            await session.SaveChangesAsync();
        }
    }
}
