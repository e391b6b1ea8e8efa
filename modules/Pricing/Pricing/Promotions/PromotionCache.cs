using System.Collections.Frozen;
using Marten;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>The active promotions as they were at a moment.</summary>
/// <param name="Version">See <see cref="PromotionTables"/>.</param>
/// <param name="CheckedAt">When the version was last compared.</param>
/// <param name="ById">All of them.</param>
/// <param name="Automatic">Those that need no coupon.</param>
internal sealed record KnownPromotions(long Version, long CheckedAt, FrozenDictionary<Guid, Promotion> ById, IReadOnlyList<Promotion> Automatic);

/// <summary>
/// The active promotions in memory. Once a second at most, and only when somebody asks, their version is compared with the database; they are read again when it has changed.
/// </summary>
internal sealed class PromotionCache(PricingDatabase database, IPricingStore store, TimeProvider time) : IDisposable
{
    private const int MostPromotions = 1_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private KnownPromotions? _known;
    private long _forgottenAt = long.MinValue;

    /// <summary>Has the next one who asks compare the version: something was changed through this host.</summary>
    public void Forget() => Volatile.Write(ref _forgottenAt, time.GetTimestamp());

    /// <summary>The active promotions, at most a second old.</summary>
    public async ValueTask<KnownPromotions> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _known) is { } known && IsFresh(known))
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Whoever had the turn before may have done it.
            if (_known is { } meanwhile && IsFresh(meanwhile))
            {
                return meanwhile;
            }

            var renewed = await RenewAsync(_known, cancellationToken);
            Volatile.Write(ref _known, renewed);
            return renewed;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private bool IsFresh(KnownPromotions known) => known.CheckedAt > Volatile.Read(ref _forgottenAt) && time.GetElapsedTime(known.CheckedAt) < Fresh;

    private async Task<KnownPromotions> RenewAsync(KnownPromotions? known, CancellationToken cancellationToken)
    {
        // The moment and the version before the promotions: what changes in between is read again at the next look.
        var now = time.GetTimestamp();
        await using var command = database.Source.CreateCommand(PromotionTables.Current);
        var version = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (known?.Version == version)
        {
            return known with { CheckedAt = now };
        }

        await using var session = store.QuerySession();
        var active = await session.Query<Promotion>().Where(static promotion => promotion.Status == PromotionStatus.Active)
            .OrderBy(static promotion => promotion.Id).Take(MostPromotions).ToListAsync(cancellationToken);
        return new KnownPromotions(
            version, now, active.ToFrozenDictionary(static promotion => promotion.Id), [.. active.Where(static promotion => !promotion.Content.ByCoupon)]);
    }
}
