using Npgsql;

namespace ModularMonolith.Catalog;

/// <summary>The module's own connection pool, for reads that go past the document store: the answers stored as JSON, streaming.</summary>
internal sealed class CatalogDatabase(NpgsqlDataSource source)
{
    /// <summary>Tables are named without schema: the search path is the module's.</summary>
    public NpgsqlDataSource Source => source;
}
