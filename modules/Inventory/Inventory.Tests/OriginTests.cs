using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Stock;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Many orders take their stock in one transaction, each on behalf of whoever has placed it.</summary>
public sealed class OriginTests(InventoryHost inventory) : IClassFixture<InventoryHost>
{
    private const int Orders = 20;

    [Fact]
    public async Task Of_many_orders_that_take_the_same_stock_at_once_each_movement_belongs_to_its_own_request()
    {
        var sku = await inventory.StockedAsync(Orders - 1);
        var asked = Enumerable.Range(0, Orders)
            .Select(static number => (Id: Guid.NewGuid(), Origin: new EventHeaders { Actor = "customer " + number, CorrelationId = Guid.NewGuid().ToString("N") })).ToList();

        await inventory.Host.PublishAsync([.. asked.Select(one => ((IIntegrationEvent)new ReservationConsumed(one.Id, "order " + one.Id, [new StockLine(sku, 1)]), one.Origin))]);

        await Eventually.Async(() => inventory.Host.HeadersAsync<StockUnavailable>(asked[^1].Id.ToString()), static found => found is not null);
        Assert.Equal(asked[^1].Origin.Actor, (await inventory.Host.HeadersAsync<StockUnavailable>(asked[^1].Id.ToString()))!.Value.Headers.Actor);
        await using var session = inventory.Host.Services.GetRequiredService<IInventoryStore>().QuerySession();
        var taken = (await session.Events.FetchStreamAsync(StockKey.Of("main", sku))).Where(static item => item.Data is ReservationCommitted).ToDictionary(static item => ((ReservationCommitted)item.Data).ReservationId);
        foreach (var (id, origin) in asked[..^1])
        {
            var told = (await inventory.Host.HeadersAsync<StockCommitted>(id.ToString()))!.Value.Headers;
            Assert.Equal((origin.Actor, origin.CorrelationId), (told.Actor, told.CorrelationId));
            Assert.Equal((origin.Actor, origin.CorrelationId, told.CausationId), (taken[id].UserName, taken[id].CorrelationId, taken[id].CausationId));
        }
    }
}
