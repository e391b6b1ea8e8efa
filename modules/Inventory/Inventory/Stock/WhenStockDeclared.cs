using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Inventory.Stock;

/// <summary>Gives each declared SKU that has no stock anywhere its first stock, at the default location.</summary>
[Subscription("declare-stock")]
internal sealed class WhenStockDeclared(IModuleSession<IInventoryStore> session) : IHandle<StockDeclared>
{
    public async Task HandleAsync(StockDeclared integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        var declared = integrationEvent.Lines.DistinctBy(static line => line.Sku, StringComparer.Ordinal).ToList();
        var found = await LockedStock.FindAsync(session.Documents, declared.Select(static line => line.Sku), cancellationToken);
        var known = found.Select(static item => item.Sku).ToHashSet(StringComparer.Ordinal);
        foreach (var line in declared.Where(line => !known.Contains(line.Sku)))
        {
            var item = new StockItem { Id = StockKey.Of(Location.DefaultCode, line.Sku) };
            session.Events.StartStream<StockItem>(item.Id, item.Declare(Checked(line)));
        }
    }

    private static int Checked(DeclaredStock line) => line.Quantity is >= 0 and <= StockItem.MaximumQuantity && line.Sku is { Length: > 0 and <= StockRules.LongestSku }
        ? line.Quantity
        : throw new ArgumentException($"The stock of '{line.Sku}' was declared as {line.Quantity}; a SKU has 1 to {StockRules.LongestSku} characters and a stock of 0 to {StockItem.MaximumQuantity}.", nameof(line));
}
