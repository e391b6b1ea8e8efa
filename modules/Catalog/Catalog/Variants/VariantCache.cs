using System.Collections.Concurrent;
using Marten;
using Marten.Services;
using ModularMonolith.Catalog.Contracts;

namespace ModularMonolith.Catalog.Variants;

/// <summary>
/// Variants that were read within the last second, in memory: on its way to an order a basket's variants are asked for at each step. A change that was committed by this process is
/// seen at once, one of another host after a second at the latest.
/// </summary>
internal sealed class VariantCache(CatalogDatabase database, TimeProvider time) : DocumentSessionListenerBase
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    // Another one at each commit: whoever read before it keeps what they read where nobody looks any more.
    private ConcurrentDictionary<Guid, Entry> _entries = new();

    /// <summary>The variants with given ids.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>What was found, in no order.</returns>
    public async Task<IReadOnlyList<VariantDetails>> FindAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var entries = Volatile.Read(ref _entries);
        var found = new List<VariantDetails>(ids.Count);
        var missing = new List<Guid>();
        foreach (var id in ids.Distinct())
        {
            if (entries.TryGetValue(id, out var entry) && time.GetElapsedTime(entry.ReadAt) < Longest)
            {
                found.Add(entry.Variant);
            }
            else
            {
                missing.Add(id);
            }
        }

        if (missing.Count == 0)
        {
            return found;
        }

        var readAt = time.GetTimestamp();
        foreach (var variant in await VariantEntries.FindAsync(database, missing, cancellationToken))
        {
            found.Add(variant);
            entries[variant.VariantId] = new Entry(variant, readAt);
        }

        if (entries.Count > Capacity)
        {
            Interlocked.CompareExchange(ref _entries, new ConcurrentDictionary<Guid, Entry>(), entries);
        }

        return found;
    }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        Volatile.Write(ref _entries, new ConcurrentDictionary<Guid, Entry>());
        return Task.CompletedTask;
    }

    private sealed record Entry(VariantDetails Variant, long ReadAt);
}

/// <summary>Tells the cache of commits.</summary>
internal sealed class VariantListeners(VariantCache cache) : IConfigureMarten<ICatalogStore>
{
    public void Configure(IServiceProvider services, StoreOptions options) => options.Listeners.Add(cache);
}
