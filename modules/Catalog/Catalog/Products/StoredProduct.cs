using Microsoft.AspNetCore.Http;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using Npgsql;

namespace ModularMonolith.Catalog.Products;

/// <summary>A product's representation as it was stored when the product was written, ready to be sent.</summary>
/// <param name="Id">The product.</param>
/// <param name="Slug">Its present slug.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsActive">Whether everybody may see it.</param>
/// <param name="Json">A <see cref="ProductView"/> in UTF-8.</param>
internal sealed record StoredProduct(Guid Id, string Slug, int Version, bool IsActive, byte[] Json)
{
    private const string Columns = "select id, slug, version, status = 'active', view from product_search";

    public static async Task<StoredProduct?> FindAsync(CatalogDatabase database, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Columns + " where id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Finds a product by its present slug or, when no product has it now, by a former one.</summary>
    public static async Task<StoredProduct?> FindAsync(CatalogDatabase database, string slug, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            Columns + " where slug = $1 or id = (select product_id from product_former_slug where slug = $1) order by slug = $1 desc limit 1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = slug });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>The answer: 304 when the client has this version, 404 when it may not see the product, otherwise the product.</summary>
    public static IResult Answer(HttpContext http, StoredProduct? product, string asked)
    {
        if (product is null || !(product.IsActive || Permissions.Allows(http, "catalog:read")))
        {
            throw ProblemException.NotFound("product", asked);
        }

        EntityTags.Write(http, product.Version);
        return EntityTags.ClientHas(http, product.Version)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(product.Json, "application/json; charset=utf-8");
    }

    private static async Task<StoredProduct?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StoredProduct(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.GetBoolean(3), reader.GetFieldValue<byte[]>(4))
            : null;
    }
}
