using Marten;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Stock;

namespace ModularMonolith.Inventory.Backorders;

/// <summary>The committed stock of SKUs over all locations, read without locks.</summary>
internal sealed class SkuStock
{
    private readonly ILookup<string, StockItem> _items;
    private readonly Dictionary<string, SkuLedger> _ledgers;
    private readonly LocationMap _locations;

    private SkuStock(IReadOnlyList<StockItem> items, IReadOnlyList<SkuLedger> ledgers, LocationMap locations)
    {
        Items = items;
        Ledgers = ledgers;
        _items = items.ToLookup(static item => item.Sku, StringComparer.Ordinal);
        _ledgers = ledgers.ToDictionary(static ledger => ledger.Sku, StringComparer.Ordinal);
        _locations = locations;
    }

    public IReadOnlyList<StockItem> Items { get; }

    public IReadOnlyList<SkuLedger> Ledgers { get; }

    /// <summary>Reads items and ledgers in one round trip.</summary>
    /// <param name="session">The session.</param>
    /// <param name="skus">The SKUs.</param>
    /// <param name="directory">The locations.</param>
    /// <param name="alsoRead">Adds to the round trip.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<SkuStock> FindAsync(
        IDocumentSession session, IEnumerable<string> skus, LocationDirectory directory, CancellationToken cancellationToken, Action<Marten.Services.BatchQuerying.IBatchedQuery>? alsoRead = null)
    {
        var wanted = skus.Distinct(StringComparer.Ordinal).ToArray();
        var keys = Array.ConvertAll(wanted, SkuLedger.KeyOf);
        var batch = session.CreateBatchQuery();
        // Most often it is one SKU, for which PostgreSQL keeps its plan; for a list it makes one each time.
        var single = wanted.Length == 1 ? wanted[0] : null;
        var items = single is not null
            ? batch.Query<StockItem>().Where(item => item.Sku == single).ToList()
            : batch.Query<StockItem>().Where(item => item.Sku.IsOneOf(wanted)).ToList();
        var ledgers = batch.LoadMany<SkuLedger>().ById(keys);
        alsoRead?.Invoke(batch);
        await batch.Execute(cancellationToken);
        var found = await items;
        return new SkuStock(found, await ledgers, await directory.GetAsync(session, found.Select(static item => item.Location), cancellationToken));
    }

    public IEnumerable<StockItem> Of(string sku) => _items[sku];

    public SkuLedger? LedgerOf(string sku) => _ledgers.GetValueOrDefault(sku);

    public bool Knows(string sku) => _items.Contains(sku) || _ledgers.ContainsKey(sku);

    public StockPromise PromiseOf(string sku, DateTimeOffset now) => StockPromise.Of(_items[sku], LedgerOf(sku), _locations, now);

    /// <summary>The lines that cannot be filled.</summary>
    public IReadOnlyList<ShortLine> ShortOf(IEnumerable<StockLine> lines, DateTimeOffset now) => LockedStock.ShortOf(lines, sku => PromiseOf(sku, now).Orderable);
}
