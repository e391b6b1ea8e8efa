using Microsoft.Extensions.Caching.Memory;
using ModularMonolith.Pricing.Promotions;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Pricing.Coupons;

/// <summary>Coupons that were named of late. They never change, so what is remembered is never wrong; an unknown code is asked for each time, because it may be made any moment.</summary>
internal sealed class CouponCache(PricingDatabase database) : IDisposable
{
    private const int MostCoupons = 10_000;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly MemoryCache _coupons = new(new MemoryCacheOptions { SizeLimit = MostCoupons });

    /// <summary>The coupons with plain codes, in the order of the codes; unknown ones are left out.</summary>
    public async ValueTask<IReadOnlyList<CouponRule>> FindAsync(IReadOnlyList<string> codes, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, CouponRule>(StringComparer.Ordinal);
        foreach (var code in codes)
        {
            if (_coupons.TryGetValue(code, out CouponRule? coupon) && coupon is not null)
            {
                found.Add(code, coupon);
            }
        }

        if (found.Count < codes.Count)
        {
            await ReadAsync([.. codes.Where(code => !found.ContainsKey(code))], found, cancellationToken);
        }

        return [.. codes.Where(found.ContainsKey).Select(code => found[code])];
    }

    public void Dispose() => _coupons.Dispose();

    private async Task ReadAsync(string[] codes, Dictionary<string, CouponRule> found, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand($"select {CouponTables.Columns} from coupon where code = any($1)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = codes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var coupon = new CouponRule(
                reader.GetString(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetInt32(3));
            found.Add(coupon.Code, coupon);
            _coupons.Set(coupon.Code, coupon, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
        }
    }
}
