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
    // What is the product's stays with the product: a product may have 2,000 variants and 250 tags.
    private const string Select = """
        select entry.id, entry.product_id, entry.sku, entry.product_title, entry.variant_title, entry.slug, entry.price, entry.compare_at_price, entry.currency, entry.is_published,
            entry.limits_sales, entry.weight_grams, entry.image_url, product.product_type, product.vendor, product.labels, entry.tax_category
        from variant_entry entry left join product_search product on product.id = entry.product_id
        """;

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
        // The subselect keeps the list from PostgreSQL's planner, which would make a plan for each.
        await using var command = database.Source.CreateCommand(Select + " where entry.id = any((select $1::uuid[])::uuid[])");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        return await ReadAsync(command, cancellationToken);
    }

    /// <inheritdoc cref="FindAsync(CatalogDatabase, IReadOnlyList{Guid}, CancellationToken)"/>
    public static async Task<IReadOnlyList<VariantDetails>> FindAsync(CatalogDatabase database, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(Select + " where entry.sku = any($1)");
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
            reader.GetBoolean(9), reader.GetBoolean(10), reader.GetInt32(11), reader.IsDBNull(12) ? null : reader.GetString(12),
            reader.IsDBNull(13) ? null : reader.GetString(13), reader.IsDBNull(14) ? null : reader.GetString(14),
            reader.IsDBNull(15) ? [] : reader.GetFieldValue<string[]>(15), reader.IsDBNull(16) ? null : reader.GetString(16));
    }
}
