using Marten;
using ModularMonolith.Pricing.CustomerGroups;
using ModularMonolith.Pricing.PriceLists;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Quotes;

/// <summary>What is set up at one moment.</summary>
/// <param name="Version">Rises with each change.</param>
/// <param name="PriceLists">All price lists without their entries.</param>
/// <param name="HasCustomerGroups">Whether there is any customer group.</param>
/// <param name="Zones">All tax zones with their rates.</param>
/// <param name="GroupExemptions">The tax exemptions of customer groups.</param>
/// <param name="HasSubjectExemptions">Whether any single customer is exempt.</param>
internal sealed record ConfiguredRules(
    long Version,
    IReadOnlyList<PriceList> PriceLists,
    bool HasCustomerGroups,
    IReadOnlyList<TaxZone> Zones,
    IReadOnlyList<TaxExemption> GroupExemptions,
    bool HasSubjectExemptions);

/// <summary>
/// Price lists, tax zones and exemptions in memory, so that a quote reads from the database only what is about its items and its customer. Each change raises a number in the
/// database; it is compared at most once a second, so that other hosts' changes count a second later at the latest.
/// </summary>
internal sealed class RuleBook(IPricingStore store, PricingDatabase database, TimeProvider time) : IDisposable
{
    public const string Script = """
        create table if not exists rule_version (
            id int primary key check (id = 1),
            version bigint not null
        );
        insert into rule_version (id, version) values (1, 1) on conflict do nothing;
        """;

    /// <summary>Belongs to every change of what the book holds.</summary>
    public const string Raise = "update rule_version set version = version + 1";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private Held? _held;
    private long _forgottenAt = long.MinValue;

    public void Dispose() => _turn.Dispose();

    /// <summary>What is set up, at most a second old; a change that was made through this host counts at once.</summary>
    public async ValueTask<ConfiguredRules> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } known)
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } meanwhile)
            {
                return meanwhile;
            }

            // Before the reading: what is changed while it goes on is newer than what it finds.
            var checkedAt = time.GetTimestamp();
            var version = await VersionAsync(cancellationToken);
            var held = Volatile.Read(ref _held);
            var rules = held is not null && held.Rules.Version == version ? held.Rules : await LoadAsync(version, cancellationToken);
            Volatile.Write(ref _held, new Held(rules, checkedAt));
            return rules;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Has the next one who asks compare the number: something was changed through this host.</summary>
    public void Forget() => Volatile.Write(ref _forgottenAt, time.GetTimestamp());

    private ConfiguredRules? Fresh() =>
        Volatile.Read(ref _held) is { } held && held.CheckedAt > Volatile.Read(ref _forgottenAt) && time.GetElapsedTime(held.CheckedAt) < Freshness ? held.Rules : null;

    private async Task<long> VersionAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select version from rule_version");
        return (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
    }

    private async Task<ConfiguredRules> LoadAsync(long version, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var lists = await session.Query<PriceList>().Take(2 * PriceList.MaximumCount).ToListAsync(cancellationToken);
        var zones = await session.Query<TaxZone>().Take(2 * TaxZone.MaximumCount).ToListAsync(cancellationToken);
        var exemptions = await session.Query<TaxExemption>().Where(exemption => exemption.Subject == null).Take(2 * TaxExemption.MaximumOfGroups).ToListAsync(cancellationToken);
        return new ConfiguredRules(
            version,
            [.. lists.OrderBy(static list => list.Id, StringComparer.Ordinal)],
            await session.Query<CustomerGroup>().AnyAsync(cancellationToken),
            [.. zones.OrderBy(static zone => zone.Id, StringComparer.Ordinal)],
            [.. exemptions.OrderBy(static exemption => exemption.Id)],
            await session.Query<TaxExemption>().Where(exemption => exemption.Subject != null).AnyAsync(cancellationToken));
    }

    private sealed record Held(ConfiguredRules Rules, long CheckedAt);
}
