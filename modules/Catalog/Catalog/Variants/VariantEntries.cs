using System.Data.Common;
using Marten;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Catalog.Variants;

/// <summary>Reads the table of variants, in which SKUs are unique over the whole catalogue.</summary>
internal static class VariantEntries
{
    private const string Columns =
        "id, product_id, sku, product_title, variant_title, slug, price, compare_at_price, currency, is_published, limits_sales, weight_grams, image_url";

    /// <summary>Which products have given SKUs, as the session sees them.</summary>
    /// <param name="session">The session, and its transaction if it has one.</param>
    /// <param name="skus">Any number of SKUs.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The product's id by SKU; SKUs that nobody has are left out.</returns>
    public static async Task<IReadOnlyDictionary<string, Guid>> OwnersOfAsync(IQuerySession session, IReadOnlyCollection<string> skus, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select sku, product_id from variant_entry where sku = any($1)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. skus] });
        await using var reader = await session.ExecuteReaderAsync(command, cancellationToken);
        var owners = new Dictionary<string, Guid>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            owners[reader.GetString(0)] = reader.GetGuid(1);
        }

        return owners;
    }

    /// <summary>The variants with given ids or SKUs.</summary>
    /// <param name="database">Where to read.</param>
    /// <param name="keys">A list of ids or of SKUs.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What was found, in no order.</returns>
    public static async Task<IReadOnlyList<VariantDetails>> FindAsync(CatalogDatabase database, IReadOnlyList<Guid> keys, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand($"select {Columns} from variant_entry where id = any($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        return await ReadAsync(command, cancellationToken);
    }

    /// <inheritdoc cref="FindAsync(CatalogDatabase, IReadOnlyList{Guid}, CancellationToken)"/>
    public static async Task<IReadOnlyList<VariantDetails>> FindAsync(CatalogDatabase database, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand($"select {Columns} from variant_entry where sku = any($1)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<IReadOnlyList<VariantDetails>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var variants = new List<VariantDetails>();
        while (await reader.ReadAsync(cancellationToken))
        {
            variants.Add(Read(reader));
        }

        return variants;
    }

    private static VariantDetails Read(DbDataReader reader)
    {
        var currency = reader.GetString(8);
        return new VariantDetails(
            reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetString(5),
            new Money(reader.GetInt64(6), currency), reader.IsDBNull(7) ? null : new Money(reader.GetInt64(7), currency),
            reader.GetBoolean(9), reader.GetBoolean(10), reader.GetInt32(11), reader.IsDBNull(12) ? null : reader.GetString(12));
    }
}
