using Marten;
using Marten.Services;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Audit;
using Npgsql;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Writes a checked file's products in one transaction, some hundred at a time, and remembers what other modules have to be told.</summary>
internal sealed class CatalogueImport(ICatalogStore store, NpgsqlTransaction transaction, ProductWriter writer, IAuditLog audit, DateTimeOffset now)
{
    private const int BatchProducts = 500;
    private const int BatchLength = 8 << 20;

    private static readonly TimeSpan StatementDeadline = TimeSpan.FromMinutes(2);

    private readonly List<DeclaredStock> _stock = [];
    private readonly List<ChangedPrice> _prices = [];
    private readonly List<ShopifyProduct> _batch = new(BatchProducts);
    private int _batchLength;

    public ImportedProducts Products { get; private set; } = new(0, 0, 0);

    public int Variants { get; private set; }

    /// <summary>The stock of variants that are new, or counted from now on.</summary>
    public IReadOnlyList<DeclaredStock> Stock => _stock;

    /// <summary>The prices of variants that are new or have another one.</summary>
    public IReadOnlyList<ChangedPrice> Prices => _prices;

    /// <summary>A session on the import's transaction.</summary>
    public IDocumentSession OpenSession()
    {
        var options = SessionOptions.ForTransaction(transaction);
        options.Timeout = (int)StatementDeadline.TotalSeconds;
        return store.LightweightSession(options);
    }

    /// <summary>Lets SKUs move between products of the file, in whichever order they are written; <see cref="FindSharedSkusAsync"/> finds those that two have in the end.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(ProductTables.CheckSkusAtCommit);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task AddAsync(ShopifyProduct product, CancellationToken cancellationToken)
    {
        _batch.Add(product);
        _batchLength += product.Length;
        if (_batch.Count >= BatchProducts || _batchLength >= BatchLength)
        {
            await WriteBatchAsync(cancellationToken);
        }
    }

    /// <summary>Writes what is left.</summary>
    public Task CompleteAsync(CancellationToken cancellationToken) => WriteBatchAsync(cancellationToken);

    /// <summary>The SKUs that two variants have now.</summary>
    /// <returns>At most <see cref="ImportErrors.Kept"/> SKUs, each with the slugs of its products.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> FindSharedSkusAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("select sku, array_agg(slug order by slug) from variant_entry group by sku having count(*) > 1 order by sku limit $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = ImportErrors.Kept });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var shared = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            shared.Add(reader.GetString(0), reader.GetFieldValue<string[]>(1));
        }

        return shared;
    }

    private async Task WriteBatchAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        await using var session = OpenSession();
        var existing = await LoadAsync(session, [.. _batch.Select(static product => product.Handle)], cancellationToken);
        var changes = new List<ProductChange>(_batch.Count);
        foreach (var product in _batch)
        {
            Variants += product.Variants.Count;
            if (ImportedProduct.Change(existing.GetValueOrDefault(product.Handle), product, now) is { } change)
            {
                changes.Add(change);
                DeclareStock(change, product);
                _prices.AddRange(PriceChanges.NewIn(change));
            }
        }

        var created = changes.Count(static change => change.Before is null);
        Products = new ImportedProducts(
            Products.Created + created, Products.Updated + changes.Count - created, Products.Unchanged + _batch.Count - changes.Count);
        writer.WriteUnchecked(session, changes);
        audit.Record(session, nameof(ImportProducts));
        await session.SaveChangesAsync(cancellationToken);
        _batch.Clear();
        _batchLength = 0;
    }

    // Locked, so that an edit at the same moment waits for the import instead of failing it as a whole.
    private async Task<Dictionary<string, Product>> LoadAsync(IDocumentSession session, string[] slugs, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        await using (var command = Command("select id from mt_doc_product where slug = any($1) order by id for update"))
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = slugs });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetGuid(0));
            }
        }

        return ids.Count == 0
            ? []
            : (await session.LoadManyAsync<Product>(cancellationToken, ids)).ToDictionary(static product => product.Slug, StringComparer.Ordinal);
    }

    // Inventory keeps the stock of SKUs that it knows; telling it about all of them at every import would only make it work.
    private void DeclareStock(ProductChange change, ShopifyProduct given)
    {
        var counted = change.Before?.Variants.Where(static variant => variant.TracksInventory).Select(static variant => variant.Sku).ToHashSet(StringComparer.Ordinal);
        for (var index = 0; index < change.After.Variants.Count; index++)
        {
            var variant = change.After.Variants[index];
            if (variant.TracksInventory && counted?.Contains(variant.Sku) != true)
            {
                _stock.Add(new DeclaredStock(variant.Sku, given.Variants[index].Quantity ?? 0));
            }
        }
    }

    private NpgsqlCommand Command(string sql) =>
        new(sql, transaction.Connection, transaction) { CommandTimeout = (int)StatementDeadline.TotalSeconds };
}
