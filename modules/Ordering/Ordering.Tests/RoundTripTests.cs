using System.Collections.Concurrent;
using System.Diagnostics;
using MediatR;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>The speed of a whole purchase is the number of its round trips to the database, so they are counted.</summary>
public sealed class RoundTripTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task A_purchase_takes_three_round_trips_and_reading_it_one()
    {
        var basket = ordering.Shop.Fill((ordering.Shop.Sell(1_000), 1), (ordering.Shop.Sell(500), 2));

        var checkout = await CountedAsync(new StartCheckout(basket), 2);
        var order = await CountedAsync(new PlaceOrder(checkout.Id, new Money(2_000, "EUR")), 1);
        await CountedAsync(new GetOrder(order.Id), 1);
        await CountedAsync(new CancelOrder(order.Id, "Changed my mind"), 2);
    }

    private async Task<T> CountedAsync<T>(IRequest<T> request, int expected)
    {
        using var test = new Activity("test").Start();
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Npgsql",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == test.TraceId && activity.Kind == ActivityKind.Client)
                {
                    statements.Enqueue(string.Join("; ", activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        var answer = await ordering.Host.SendAsync(request);

        Assert.True(statements.Count == expected, $"{request.GetType().Name} took {statements.Count} round trips, not {expected}:\n{string.Join('\n', statements)}");
        return answer;
    }
}
