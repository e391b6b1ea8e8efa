using Marten.Services;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using Npgsql;

namespace ModularMonolith.Catalog.SampleData;

/// <summary>Fills an empty catalogue in one transaction, so that it is either as it should be or still empty.</summary>
internal sealed class SampleCatalogue(
    IModuleSession<ICatalogStore> session, ProductWriter writer, CatalogDatabase database, CatalogSettings settings, IAuditLog audit, TimeProvider time) : ISampleData
{
    private const int BatchSize = 100;
    private const long LockKey = 0x4341_5441_4C4F_4701;

    public string Subject => "catalogue";

    public async Task<int> FillAsync(IProgress<(int Done, int Total)> progress, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await IsEmptyAsync(connection, cancellationToken))
        {
            return 0;
        }

        var products = new SampleProducts(settings.Currency, time.GetUtcNow());
        var stock = new List<DeclaredStock>();
        var prices = new List<ChangedPrice>();
        for (var done = 0; done < settings.SampleProducts;)
        {
            var batch = Enumerable.Range(0, Math.Min(BatchSize, settings.SampleProducts - done)).Select(_ => products.Next()).ToList();
            await using var documents = session.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
            List<ProductChange> changes = [.. batch.Select(static sample => new ProductChange(null, sample.Product))];
            writer.Write(documents, changes);
            prices.AddRange(changes.SelectMany(PriceChanges.NewIn));
            audit.Record(documents, "FillCatalogue");
            await documents.SaveChangesAsync(cancellationToken);
            stock.AddRange(batch.SelectMany(sample => sample.Product.Variants.Zip(sample.Stock, static (variant, quantity) => new DeclaredStock(variant.Sku, quantity))));
            done += batch.Count;
            progress.Report((done, settings.SampleProducts));
        }

        await TellAsync(transaction, stock, prices, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        session.NotifyCommitted();
        return settings.SampleProducts;
    }

    // Two hosts that start on one empty database would both find it empty.
    private static async Task<bool> IsEmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var locked = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = LockKey } } })
        {
            await locked.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand("select not exists (select from product_search)", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task TellAsync(NpgsqlTransaction transaction, List<DeclaredStock> stock, List<ChangedPrice> prices, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var documents = session.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
        foreach (var integrationEvent in StockDeclarations.Of(stock, now).Concat<IIntegrationEvent>(PriceChanges.Of(Guid.CreateVersion7(now), prices, now)))
        {
            session.Publish(documents, integrationEvent);
        }

        await documents.SaveChangesAsync(cancellationToken);
    }
}
