using ModularMonolith.Inventory.Backorders;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Inventory.Stock;

/// <summary>Gives each declared SKU that has no stock anywhere its first stock, at the default location. Orders that wait for it are served at once.</summary>
[Subscription("declare-stock")]
internal sealed class WhenStockDeclared(IModuleSession<IInventoryStore> session, StockLocks locks, LocationDirectory locations) : IHandle<StockDeclared>
{
    public async Task HandleAsync(StockDeclared integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var declared = integrationEvent.Lines.DistinctBy(static line => line.Sku, StringComparer.Ordinal).ToList();
        var found = await SkuStock.FindAsync(session.Documents, declared.Select(static line => line.Sku), locations, cancellationToken);
        var known = found.Items.Select(static item => item.Sku).ToHashSet(StringComparer.Ordinal);
        var added = declared.Where(line => !known.Contains(line.Sku)).ToLookup(line => found.LedgerOf(line.Sku) is not null);
        foreach (var line in added[false])
        {
            var item = new StockItem { Id = KeyOf(line) };
            session.Events.StartStream<StockItem>(item.Id, item.Declare(Checked(line)));
        }

        if (added.Contains(true))
        {
            var stock = await locks.LockAsync(added[true].Select(KeyOf), cancellationToken);
            foreach (var line in added[true].Where(line => stock[KeyOf(line)].State.Version == 0))
            {
                stock[KeyOf(line)].Append(stock[KeyOf(line)].State.Declare(Checked(line)));
            }

            await locks.SettleAsync(stock, cancellationToken);
        }
    }

    private static string KeyOf(DeclaredStock line) => StockKey.Of(Location.DefaultCode, line.Sku);

    private static int Checked(DeclaredStock line) => line.Quantity is >= 0 and <= StockItem.MaximumQuantity && line.Sku is { Length: > 0 and <= StockRules.LongestSku }
        ? line.Quantity
        : throw new ArgumentException($"The stock of '{line.Sku}' was declared as {line.Quantity}; a SKU has 1 to {StockRules.LongestSku} characters and a stock of 0 to {StockItem.MaximumQuantity}.", nameof(line));
}
