using System.Data;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;
using Npgsql;

namespace ModularMonolith.Catalog.Exports;

/// <summary>Writes the whole catalogue, as it is at one moment, as a Shopify product CSV. Answers the number of products.</summary>
/// <param name="Destination">Takes the file.</param>
internal sealed record ExportProducts(Stream Destination) : IQuery<int>;

internal sealed class ExportProductsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/exports/products.csv", static (ISender sender, CancellationToken cancellationToken) => TypedResults.Stream(
            destination => sender.Send(new ExportProducts(destination), cancellationToken), "text/csv; charset=utf-8", "products.csv"))
        .RequirePermission("catalog:read")
        .WithName("ExportProducts")
        .WithSummary("Exports all products as a Shopify product CSV.")
        .WithDescription("The file has Shopify's columns in Shopify's order, then the further columns that imported files had; Status is the last one if a product is archived. Importing it again changes nothing. Values are written exactly as they are, also those that a spreadsheet would take for a formula: open the file as text if you do not trust who wrote the products.")
        .Produces<string>(StatusCodes.Status200OK, "text/csv");
}

internal sealed class ExportProductsHandler(IModuleSession<ICatalogStore> session, CatalogDatabase database, ISender sender) : IRequestHandler<ExportProducts, int>
{
    private const int PageProducts = 100;
    private const int SkusPerRequest = 500;
    private const int StatementSeconds = 120;

    // Slugs in the order of their code points, so that the same catalogue makes the same file on every server.
    private const string OpenCursor =
        "declare exported no scroll cursor for select id from mt_doc_product order by slug collate \"C\"";

    private const string ReadAttributeNames = """
        select distinct name #>> '{}'
        from mt_doc_product, lateral (
            select jsonb_path_query(data, '$.attributes[*].name')
            union all select jsonb_path_query(data, '$.variants[*].attributes[*].name')
            union all select jsonb_path_query(data, '$.images[*].attributes[*].name')) as attribute (name)
        """;

    private const string ReadHasArchived = "select exists (select 1 from product_search where status = 'archived')";

    public async Task<int> Handle(ExportProducts request, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var hasArchived = Command(ReadHasArchived, transaction);
        var file = new ShopifyCsvWriter(
            await ReadNamesAsync(transaction, cancellationToken), (bool)(await hasArchived.ExecuteScalarAsync(cancellationToken))!);
        await using var open = Command(OpenCursor, transaction);
        await open.ExecuteNonQueryAsync(cancellationToken);
        var count = 0;
        IReadOnlyList<Product> page;
        do
        {
            page = await ReadPageAsync(transaction, cancellationToken);
            var onHand = await StockOfAsync(page, cancellationToken);
            foreach (var product in page)
            {
                file.Write(product, onHand);
            }

            count += page.Count;
            await request.Destination.WriteAsync(file.Take(), cancellationToken);
        }
        while (page.Count > 0);
        return count;
    }

    private static async Task<List<string>> ReadNamesAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = Command(ReadAttributeNames, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private async Task<IReadOnlyList<Product>> ReadPageAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>(PageProducts);
        await using (var command = Command($"fetch {PageProducts} from exported", transaction))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetGuid(0));
            }
        }

        if (ids.Count == 0)
        {
            return [];
        }

        var options = Marten.Services.SessionOptions.ForTransaction(transaction);
        options.Timeout = StatementSeconds;
        await using var query = session.Store.QuerySession(options);
        var products = (await query.LoadManyAsync<Product>(cancellationToken, ids)).ToDictionary(static product => product.Id);
        return [.. ids.Select(id => products[id])];
    }

    private async Task<IReadOnlyDictionary<string, int>> StockOfAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        var onHand = new Dictionary<string, int>(StringComparer.Ordinal);
        var counted = products.SelectMany(static product => product.Variants).Where(static variant => variant.TracksInventory).Select(static variant => variant.Sku);
        foreach (var skus in counted.Chunk(SkusPerRequest))
        {
            foreach (var level in await sender.Send(new GetStockLevels(skus), cancellationToken))
            {
                onHand[level.Sku] = level.OnHand;
            }
        }

        return onHand;
    }

    private static NpgsqlCommand Command(string sql, NpgsqlTransaction transaction) =>
        new(sql, transaction.Connection, transaction) { CommandTimeout = StatementSeconds };
}
