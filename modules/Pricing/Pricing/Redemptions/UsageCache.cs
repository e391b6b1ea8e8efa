using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>How much is used, for quotes. What is not about one customer is remembered for a second; a reservation looks at the counters themselves.</summary>
internal sealed class UsageCache(PricingDatabase database, TimeProvider time) : IDisposable
{
    private const int MostKeys = 10_000;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _used = new(new MemoryCacheOptions { SizeLimit = MostKeys });

    /// <summary>Reads what is used.</summary>
    /// <param name="keys">At most some hundreds.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Tells how much is used by key; 0 for what was not asked for.</returns>
    public async ValueTask<Func<string, long>> ReadAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var key in keys)
        {
            if (_used.TryGetValue(key, out long used))
            {
                found[key] = used;
            }
            else
            {
                missing.Add(key);
            }
        }

        if (missing.Count > 0)
        {
            foreach (var (key, used) in await CountAsync(missing, cancellationToken))
            {
                found[key] = used;
            }

            foreach (var key in missing.Where(static key => !UsageKeys.IsOfCustomer(key)))
            {
                _used.Set(key, found.GetValueOrDefault(key), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
            }
        }

        return key => found.GetValueOrDefault(key);
    }

    /// <summary>Reads what is used, past the memory.</summary>
    public async Task<IReadOnlyList<(string Key, long Used)>> CountAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(RedemptionTables.Read);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Reads what is reserved for a quote.</summary>
    public async Task<IReadOnlyList<(string Key, long Used)>> OwnAsync(Guid quoteId, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(RedemptionTables.ReadOwn);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = quoteId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Reads all counters of a promotion that are not about one customer.</summary>
    public async Task<IReadOnlyList<(string Key, long Used)>> CountAsync(Guid promotionId, CancellationToken cancellationToken)
    {
        var (from, until) = UsageKeys.RangeOf(promotionId);
        await using var command = database.Source.CreateCommand(RedemptionTables.ReadRange);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = until });
        return await ReadAsync(command, cancellationToken);
    }

    public void Dispose() => _used.Dispose();

    private static async Task<IReadOnlyList<(string Key, long Used)>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counted = new List<(string Key, long Used)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counted.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return counted;
    }
}
