using JasperFx.Events;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Many answers of other modules are taken in one transaction, and each order's part of it is done on behalf of whoever that answer is about.</summary>
public sealed class OriginTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    private const int Orders = 20;

    [Fact]
    public async Task Of_many_orders_that_are_confirmed_at_once_each_belongs_to_its_own_request()
    {
        var asked = new List<(Guid Order, EventHeaders Origin)>();
        for (var number = 0; number < Orders; number++)
        {
            var order = await ordering.OrderedAsync();
            await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-paid", string.Empty);
            asked.Add((order, new EventHeaders { Actor = "customer " + number, CorrelationId = Guid.NewGuid().ToString("N") }));
        }

        await ordering.Host.PublishAsync([.. asked.Select(static one => ((IIntegrationEvent)new StockCommitted(Guid.NewGuid(), one.Order.ToString(), []), one.Origin))]);

        var confirmed = new List<IEvent>();
        foreach (var (order, origin) in asked)
        {
            var told = (await Eventually.Async(() => ordering.Host.HeadersAsync<OrderConfirmed>(order.ToString()), static found => found is not null))!.Value.Headers;
            Assert.Equal((origin.Actor, origin.CorrelationId), (told.Actor, told.CorrelationId));
            await using var session = ordering.Store.QuerySession();
            var stored = (await session.Events.FetchStreamAsync(order)).Where(static item => item.Data is Confirmed).ToList();
            Assert.Equal((origin.Actor, origin.CorrelationId, told.CausationId), (Assert.Single(stored).UserName, stored[0].CorrelationId, stored[0].CausationId));
            confirmed.AddRange(stored);
        }

        Assert.Equal(Orders, confirmed.Select(static item => item.CausationId).Distinct().Count());
    }
}
