using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Inventory.Stock;

/// <summary>That the goods of a return are back. It makes a second telling do nothing.</summary>
internal sealed record Restocking(Guid Id, string Reference, string Location, DateTimeOffset At);

/// <summary>Takes goods that came back into the stock of their location, once for each return. A location that does not exist parks the event until somebody creates it.</summary>
[Subscription("restock-goods")]
internal sealed class WhenGoodsRestocked(IModuleSession<IInventoryStore> session, StockLocks locks, TimeProvider time) : IHandle<GoodsRestocked>
{
    public async Task HandleAsync(GoodsRestocked integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<Restocking>(integrationEvent.ReturnId, cancellationToken) is not null)
        {
            return;
        }

        var location = integrationEvent.Location ?? Location.DefaultCode;
        await Location.RequireAsync(session.Documents, location, cancellationToken);
        var lines = integrationEvent.Lines.GroupBy(static line => line.Sku, StringComparer.Ordinal)
            .Select(static group => new StockLine(group.Key, group.Sum(static line => line.Quantity))).Where(static line => line.Quantity > 0).ToList();
        var stock = await locks.LockAsync(lines.Select(line => StockKey.Of(location, line.Sku)), cancellationToken);
        foreach (var line in lines)
        {
            var item = stock[StockKey.Of(location, line.Sku)];
            item.Append(item.State.Restock(integrationEvent.ReturnId, line.Quantity, integrationEvent.Reference));
        }

        await locks.SettleAsync(stock, cancellationToken);
        session.Documents.Insert(new Restocking(integrationEvent.ReturnId, integrationEvent.Reference, location, time.GetUtcNow()));
    }
}
