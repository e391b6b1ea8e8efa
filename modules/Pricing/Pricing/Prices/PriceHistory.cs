namespace ModularMonolith.Pricing.Prices;

/// <summary>A change of a source's price.</summary>
/// <param name="Source">The price list, or the catalogue.</param>
/// <param name="From">Since when.</param>
/// <param name="Price">Minor units; null when the source has no price since then.</param>
/// <param name="CompareAtPrice">The crossed-out price, minor units.</param>
internal sealed record PriceChange(string Source, DateTimeOffset From, long? Price, long? CompareAtPrice);

/// <summary>A change of what a price list says of itself.</summary>
/// <param name="From">Since when it says so.</param>
/// <param name="StartsAt">From when on the list counts.</param>
/// <param name="EndsAt">Until when.</param>
/// <param name="IsOpen">Whether it is for the customer: for everybody, or for a group of theirs.</param>
/// <param name="IsForGroup">Whether it is for a customer group.</param>
/// <param name="Priority">Its priority.</param>
internal sealed record PriceListChange(DateTimeOffset From, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, bool IsOpen, bool IsForGroup, int Priority);

/// <summary>
/// The prices that applied to one variant over time, and the prior price of Directive 98/6/EC, article 6a (as amended by Directive (EU) 2019/2161): the lowest price that was applied during
/// the 30 days before a reduction.
/// </summary>
internal sealed class PriceHistory
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(30);

    private readonly List<Step> _steps = [];

    /// <summary>Works out which price applied when.</summary>
    /// <param name="changes">The changes of all sources, in any order.</param>
    /// <param name="lists">The changes of the lists among them, by code.</param>
    /// <param name="at">The moment up to which they count.</param>
    public PriceHistory(IReadOnlyList<PriceChange> changes, IReadOnlyDictionary<string, IReadOnlyList<PriceListChange>> lists, DateTimeOffset at)
    {
        var bySource = changes.GroupBy(static change => change.Source, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.OrderBy(static change => change.From).ToList(), StringComparer.Ordinal);
        var moments = changes.Select(static change => change.From)
            .Concat(lists.Values.SelectMany(static all => all).SelectMany(static change => (IEnumerable<DateTimeOffset?>)[change.From, change.StartsAt, change.EndsAt]).OfType<DateTimeOffset>())
            .Where(moment => moment <= at).Distinct().Order();
        foreach (var moment in moments)
        {
            var applied = Applied(bySource, lists, moment);
            if (_steps.Count == 0 || _steps[^1].Price != applied.Price || _steps[^1].CompareAtPrice != applied.CompareAtPrice)
            {
                _steps.Add(new Step(moment, applied.Price, applied.CompareAtPrice));
            }
        }
    }

    /// <summary>
    /// The lowest price applied during the 30 days before the present reduction began. A reduction that was only ever increased began with its first step (article 6a, paragraph 5).
    /// </summary>
    /// <param name="price">The present price, announced as a reduction, minor units.</param>
    /// <param name="at">Now: when the history does not know the present price yet, the reduction begins here.</param>
    /// <returns>Minor units; null when nothing is known of that time, as for a new product.</returns>
    public long? PriorPrice(long price, DateTimeOffset at)
    {
        var beginning = at;
        var behind = _steps.Count;
        var present = price;
        while (behind > 0 && _steps[behind - 1] is { IsReduction: true, Price: { } earlier } step && earlier >= present)
        {
            beginning = step.From;
            present = earlier;
            behind--;
        }

        long? lowest = null;
        for (var index = behind - 1; index >= 0; index--)
        {
            var until = index + 1 < _steps.Count ? _steps[index + 1].From : at;
            if (until <= beginning - Period)
            {
                break;
            }

            if (_steps[index].Price is { } applied && !(applied >= lowest))
            {
                lowest = applied;
            }
        }

        return lowest;
    }

    private static (long? Price, long? CompareAtPrice) Applied(
        Dictionary<string, List<PriceChange>> bySource, IReadOnlyDictionary<string, IReadOnlyList<PriceListChange>> lists, DateTimeOffset at)
    {
        var candidates = new List<PriceCandidate>();
        (long?, long?) catalogue = (null, null);
        foreach (var (source, changes) in bySource)
        {
            if (changes.FindLast(change => change.From <= at) is not { Price: { } price } last)
            {
                continue;
            }

            if (source == PriceLists.PriceListTables.Catalogue)
            {
                catalogue = (price, last.CompareAtPrice);
            }
            else if (lists.TryGetValue(source, out var said) && said.LastOrDefault(change => change.From <= at) is { IsOpen: true } list && !(at < list.StartsAt) && !(at >= list.EndsAt))
            {
                candidates.Add(new PriceCandidate(source, source, list.IsForGroup, list.Priority, 1, price, last.CompareAtPrice));
            }
        }

        return PriceChoice.Best(candidates, 1) is { } best ? (best.Price, best.CompareAtPrice) : catalogue;
    }

    private sealed record Step(DateTimeOffset From, long? Price, long? CompareAtPrice)
    {
        public bool IsReduction => CompareAtPrice > Price;
    }
}
