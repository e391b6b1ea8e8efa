using System.Collections.Frozen;
using Marten;

namespace ModularMonolith.Inventory.Locations;

/// <summary>All locations at one moment, in the order of their priorities.</summary>
internal sealed class LocationMap(IReadOnlyList<Location> all)
{
    private readonly FrozenDictionary<string, Location> _byCode = all.ToFrozenDictionary(static location => location.Id, StringComparer.Ordinal);

    public IReadOnlyList<Location> All { get; } = all;

    public bool Contains(string code) => _byCode.ContainsKey(code);

    /// <summary>Whether orders may take stock from a location.</summary>
    public bool IsSource(string code) => _byCode.TryGetValue(code, out var location) && location.IsSource;
}

/// <summary>
/// The locations, of which there are at most <see cref="Location.MaximumCount"/>, in memory: each reservation needs them, and they hardly ever change. They are read again after a
/// second, so a change is known everywhere by then; one that is missing here was created since, and is read at once.
/// </summary>
internal sealed class LocationDirectory(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private (LocationMap Map, DateTimeOffset ReadAt)? _known;
    private readonly Lock _lock = new();

    public async ValueTask<LocationMap> GetAsync(IQuerySession session, IEnumerable<string> codes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Known(now) is { } known && codes.All(known.Contains))
        {
            return known;
        }

        var map = new LocationMap(await Location.AllAsync(session, cancellationToken));
        lock (_lock)
        {
            if (_known is not { } other || other.ReadAt <= now || other.ReadAt - now > Longest)
            {
                _known = (map, now);
            }
        }

        return map;
    }

    // The clock may also have been set back.
    private LocationMap? Known(DateTimeOffset now)
    {
        lock (_lock)
        {
            return _known is { } known && now - known.ReadAt < Longest && known.ReadAt - now < Longest ? known.Map : null;
        }
    }
}
