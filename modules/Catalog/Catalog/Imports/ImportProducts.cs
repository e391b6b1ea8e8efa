using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;
using Npgsql;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Imports a file of products: all of it or nothing.</summary>
/// <param name="File">The uploaded file; its structure is checked.</param>
/// <param name="DryRun">Whether to find out only what the import would do.</param>
internal sealed record ImportProducts(UploadedFile File, bool DryRun) : ICommand<ImportReport>;

internal sealed class ImportProductsValidator : AbstractValidator<ImportProducts>
{
    public ImportProductsValidator() => RuleFor(command => command.File).NotNull();
}

internal sealed class ImportProductsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/imports", static async (HttpRequest request, ISender sender, CancellationToken cancellationToken, bool dryRun = false) =>
        {
            try
            {
                await using var file = await Upload.ReceiveAsync(request, cancellationToken);
                var report = await sender.Send(new ImportProducts(file, dryRun), cancellationToken);
                return TypedResults.Created("/api/catalog/imports/" + report.Id, report);
            }
            catch (CsvFormatException malformed)
            {
                throw ImportProblems.RefusedFor(malformed);
            }
        })
        .RequirePermission("catalog:write")
        .WithMetadata(new RequestSizeLimitAttribute(UploadedFile.MaximumBytes + Upload.FormOverhead))
        .Accepts<Stream>("text/csv", "multipart/form-data")
        .WithName("ImportProducts")
        .WithSummary("Imports products from a Shopify product CSV.")
        .WithDescription("Everything is imported or nothing. Products are found by their handle; what is in the catalogue and not in the file stays. Repeating an import changes nothing. With dryRun=true the file is checked and the report says what would happen.")
        .Produces<ImportReport>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .ProducesProblem(StatusCodes.Status507InsufficientStorage);
}

internal sealed class ImportProductsHandler(
    IModuleSession<ICatalogStore> session, CatalogDatabase database, CatalogSettings settings, ProductWriter writer, TimeProvider time)
    : IRequestHandler<ImportProducts, ImportReport>
{
    private const int EventsPerSave = 20;

    public async Task<ImportReport> Handle(ImportProducts request, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var rows = await CheckAsync(request.File, cancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ImportTurn.TakeAsync(transaction, cancellationToken);
        var import = await WriteAsync(request.File, transaction, cancellationToken);
        var report = new ImportReport
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()),
            DryRun = request.DryRun,
            Rows = rows,
            Products = import.Products,
            Variants = import.Variants,
            StartedAt = startedAt,
            CompletedAt = time.GetUtcNow(),
        };
        if (request.DryRun)
        {
            await transaction.RollbackAsync(cancellationToken);
            session.Documents.Insert(report);
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
        var import = new CatalogueImport(session.Store, transaction, writer, time.GetUtcNow());
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
        foreach (var events in StockDeclarations.Of(import.Stock, time.GetUtcNow()).Chunk(EventsPerSave))
        {
            await using var publishing = import.OpenSession();
            foreach (var declared in events)
            {
                session.Publish(publishing, declared);
            }

            await publishing.SaveChangesAsync(cancellationToken);
        }

        await using var last = import.OpenSession();
        last.Insert(report);
        await last.SaveChangesAsync(cancellationToken);
    }
}
