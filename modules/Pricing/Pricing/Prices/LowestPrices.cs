using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Pricing.Prices;

/// <summary>Reads the history of prices that are announced as reductions: one round trip, whatever the number of variants.</summary>
internal sealed class LowestPrices(PricingDatabase database)
{
    // The subselects keep the list from PostgreSQL's planner, which would make a plan for each. The newest changes of each source are enough: a reduction that was changed more often than this is measured against what is left.
    private const string Changes = """
        select wanted.id, change.source, change.valid_from, change.price, change.compare_at_price
        from unnest((select $1::uuid[])) as wanted (id)
        cross join lateral (
            select source, valid_from, price, compare_at_price from price_change
            where variant_id = wanted.id and currency = $2 and valid_from <= $3
            order by valid_from desc limit 200
        ) change
        """;

    private const string Lists = """
        select price_list, changed_at, starts_at, ends_at, customer_group, priority from price_list_change
        where changed_at <= $3 and price_list in (select distinct source from price_change where variant_id = any((select $1::uuid[])::uuid[]) and currency = $2)
        order by price_list, changed_at
        limit 10000
        """;

    /// <summary>The lowest prices before the reductions of variants.</summary>
    /// <param name="reduced">The present prices, minor units.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="customerGroups">The customer's groups.</param>
    /// <param name="at">Now.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Minor units by variant; those of which nothing is known are left out.</returns>
    public async Task<IReadOnlyDictionary<Guid, long>> FindAsync(
        IReadOnlyDictionary<Guid, long> reduced, string currency, IReadOnlyList<string> customerGroups, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Command(Changes, reduced, currency, at));
        batch.BatchCommands.Add(Command(Lists, reduced, currency, at));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var changes = new Dictionary<Guid, List<PriceChange>>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var variantId = reader.GetGuid(0);
            if (!changes.TryGetValue(variantId, out var known))
            {
                changes[variantId] = known = [];
            }

            known.Add(new PriceChange(
                reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetInt64(4)));
        }

        await reader.NextResultAsync(cancellationToken);
        var lists = await ListsAsync(reader, customerGroups, cancellationToken);
        var lowest = new Dictionary<Guid, long>();
        foreach (var (variantId, known) in changes)
        {
            if (new PriceHistory(known, lists, at).PriorPrice(reduced[variantId], at) is { } price)
            {
                lowest[variantId] = price;
            }
        }

        return lowest;
    }

    private static async Task<Dictionary<string, IReadOnlyList<PriceListChange>>> ListsAsync(NpgsqlDataReader reader, IReadOnlyList<string> customerGroups, CancellationToken cancellationToken)
    {
        var lists = new Dictionary<string, IReadOnlyList<PriceListChange>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var code = reader.GetString(0);
            var group = reader.IsDBNull(4) ? null : reader.GetString(4);
            var change = new PriceListChange(
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                group is null || customerGroups.Contains(group, StringComparer.Ordinal), group is not null, reader.GetInt32(5));
            lists[code] = lists.TryGetValue(code, out var earlier) ? [.. earlier, change] : [change];
        }

        return lists;
    }

    private static NpgsqlBatchCommand Command(string sql, IReadOnlyDictionary<Guid, long> reduced, string currency, DateTimeOffset at) => new(sql)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid[]> { TypedValue = [.. reduced.Keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new NpgsqlParameter<string> { TypedValue = currency },
            new NpgsqlParameter<DateTimeOffset> { TypedValue = at.ToUniversalTime() },
        },
    };
}
