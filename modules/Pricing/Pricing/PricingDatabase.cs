using Npgsql;

namespace ModularMonolith.Pricing;

/// <summary>The module's own connection pool, for reads of the tables beside the documents: entries of price lists, members of groups, the history of prices.</summary>
internal sealed class PricingDatabase(NpgsqlDataSource source)
{
    /// <summary>Tables are named without schema: the search path is the module's.</summary>
    public NpgsqlDataSource Source => source;
}
