using ModularMonolith.Catalog.Products;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.Catalog.Imports;

/// <summary>The import of one file, in a transaction of its own: all of it or nothing.</summary>
internal sealed class ProductImport(IModuleSession<ICatalogStore> session, CatalogDatabase database, CatalogSettings settings, ProductWriter writer, IAuditLog audit, TimeProvider time)
{
    private const int EventsPerSave = 20;

    /// <summary>Imports, and stores the report in the same transaction; or only finds out what would be imported, and stores nothing.</summary>
    /// <param name="file">The file; its structure was checked.</param>
    /// <param name="id">The import's id.</param>
    /// <param name="dryRun">Whether it is only tried out.</param>
    /// <param name="cancellationToken">Ends it; nothing was imported then.</param>
    /// <returns>The report.</returns>
    /// <exception cref="Platform.Http.ProblemException">The file has errors, or another import is running.</exception>
    public async Task<ImportReport> RunAsync(UploadedFile file, Guid id, bool dryRun, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var rows = await CheckAsync(file, cancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ImportTurn.TakeAsync(transaction, cancellationToken);
        var import = await WriteAsync(file, transaction, cancellationToken);
        var report = new ImportReport
        {
            Id = id,
            DryRun = dryRun,
            Rows = rows,
            Products = import.Products,
            Variants = import.Variants,
            StartedAt = startedAt,
            CompletedAt = time.GetUtcNow(),
        };
        if (dryRun)
        {
            await transaction.RollbackAsync(cancellationToken);
            return report;
        }

        await CompleteAsync(import, report, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        session.NotifyCommitted();
        return report;
    }

    private async Task<int> CheckAsync(UploadedFile file, CancellationToken cancellationToken)
    {
        var errors = new ImportErrors();
        var rules = new FileRules(errors);
        using var reader = file.Read();
        var products = new ShopifyProductReader(reader, settings.Currency, errors);
        await foreach (var product in products.ReadAsync(cancellationToken))
        {
            rules.Check(product);
        }

        return errors.Count == 0 ? products.Count : throw ImportProblems.RefusedFor(errors);
    }

    private async Task<CatalogueImport> WriteAsync(UploadedFile file, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var import = new CatalogueImport(session.Store, transaction, writer, audit, time.GetUtcNow());
        await import.BeginAsync(cancellationToken);
        using (var reader = file.Read())
        {
            await foreach (var product in new ShopifyProductReader(reader, settings.Currency, new ImportErrors()).ReadAsync(cancellationToken))
            {
                await import.AddAsync(product, cancellationToken);
            }
        }

        await import.CompleteAsync(cancellationToken);
        var shared = await import.FindSharedSkusAsync(cancellationToken);
        return shared.Count == 0 ? import : throw ImportProblems.RefusedFor(await LocateAsync(file, shared, cancellationToken));
    }

    // Rare, so the file is read once more instead of remembering every line's SKU.
    private async Task<ImportErrors> LocateAsync(UploadedFile file, IReadOnlyDictionary<string, string[]> shared, CancellationToken cancellationToken)
    {
        var errors = new ImportErrors();
        using var reader = file.Read();
        await foreach (var product in new ShopifyProductReader(reader, settings.Currency, new ImportErrors()).ReadAsync(cancellationToken))
        {
            foreach (var variant in product.Variants)
            {
                var sku = variant.Sku ?? GeneratedSku.For(product.Handle, variant.OptionValues);
                if (shared.TryGetValue(sku, out var slugs))
                {
                    var others = slugs.Where(slug => slug != product.Handle).DefaultIfEmpty(product.Handle);
                    errors.Add(variant.Line, ShopifyColumn.Sku, $"The SKU '{CellRules.Short(sku)}' belongs to the product '{CellRules.Short(others.First())}'. SKUs are unique in the catalogue.");
                }
            }
        }

        return errors;
    }

    // The events come last: their places in the log are drawn here, and until the commit other modules' events wait behind them.
    private async Task CompleteAsync(CatalogueImport import, ImportReport report, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var told = StockDeclarations.Of(import.Stock, now).Concat<IIntegrationEvent>(PriceChanges.Of(report.Id, import.Prices, now));
        foreach (var events in told.Chunk(EventsPerSave))
        {
            await using var publishing = import.OpenSession();
            foreach (var integrationEvent in events)
            {
                session.Publish(publishing, integrationEvent);
            }

            await publishing.SaveChangesAsync(cancellationToken);
        }

        await using var last = import.OpenSession();
        last.Store(report);
        ImportParts.Remove(last, report.Id);
        audit.Record(last, nameof(ImportProducts));
        await last.SaveChangesAsync(cancellationToken);
    }
}
