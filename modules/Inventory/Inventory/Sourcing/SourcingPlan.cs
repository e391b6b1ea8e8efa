using ModularMonolith.Inventory.Contracts;

namespace ModularMonolith.Inventory.Sourcing;

/// <summary>What one location can give.</summary>
/// <param name="Location">Its code.</param>
/// <param name="Available">By SKU; more than 0.</param>
internal sealed record StockSource(string Location, IReadOnlyDictionary<string, int> Available)
{
    public int Of(string sku) => Available.GetValueOrDefault(sku);
}

/// <summary>A quantity that one location gives.</summary>
internal sealed record SourcedQuantity(string Sku, string Location, int Quantity);

/// <summary>Decides which location gives what. The same input always has the same answer, and nothing is read or changed.</summary>
internal static class SourcingPlan
{
    /// <summary>Up to this many locations every combination is tried, 4,095 at most; beyond, the one that covers most is added until all is covered, which may take more than is needed.</summary>
    public const int MostForExact = 12;

    /// <summary>Covers the lines exactly.</summary>
    /// <param name="strategy">The rule. All but the fewest parcels take each line from the first location that can fill it alone, else from several in their order.</param>
    /// <param name="lines">Each SKU once; together not more than the sources have.</param>
    /// <param name="sources">The first choice first.</param>
    /// <exception cref="InvalidOperationException">The sources have too little. The caller has to ask for what is short first.</exception>
    public static IReadOnlyList<SourcedQuantity> Of(SourcingStrategy strategy, IReadOnlyList<StockLine> lines, IReadOnlyList<StockSource> sources)
    {
        var useful = sources.Where(source => lines.Any(line => source.Of(line.Sku) > 0)).ToList();
        var chosen = strategy == SourcingStrategy.FewestParcels && useful.Count > 1 ? Fewest(lines, useful) : useful;
        return [.. lines.SelectMany(line => Take(line, chosen))];
    }

    private static List<SourcedQuantity> Take(StockLine line, IReadOnlyList<StockSource> sources)
    {
        if (sources.FirstOrDefault(source => source.Of(line.Sku) >= line.Quantity) is { } whole)
        {
            return [new SourcedQuantity(line.Sku, whole.Location, line.Quantity)];
        }

        var taken = new List<SourcedQuantity>();
        var rest = line.Quantity;
        foreach (var source in sources)
        {
            var quantity = Math.Min(rest, source.Of(line.Sku));
            if (quantity > 0)
            {
                taken.Add(new SourcedQuantity(line.Sku, source.Location, quantity));
                rest -= quantity;
            }
        }

        return rest == 0 ? taken : throw new InvalidOperationException($"{rest} of {line.Sku} could not be sourced. The caller has to ask for what is short first.");
    }

    private static List<StockSource> Fewest(IReadOnlyList<StockLine> lines, List<StockSource> sources) =>
        sources.Count <= MostForExact ? Exact(lines, sources) : Greedy(lines, sources);

    // Combinations of one size in the order of their members' places, so that the first that covers has the best locations.
    private static List<StockSource> Exact(IReadOnlyList<StockLine> lines, List<StockSource> sources)
    {
        for (var size = 1; size < sources.Count; size++)
        {
            if (Combine(lines, sources, size, 0, []) is { } found)
            {
                return found;
            }
        }

        return sources;
    }

    private static List<StockSource>? Combine(IReadOnlyList<StockLine> lines, List<StockSource> sources, int size, int from, List<StockSource> chosen)
    {
        if (chosen.Count == size)
        {
            return Covers(lines, chosen) ? [.. chosen] : null;
        }

        for (var next = from; next <= sources.Count - (size - chosen.Count); next++)
        {
            chosen.Add(sources[next]);
            if (Combine(lines, sources, size, next + 1, chosen) is { } found)
            {
                return found;
            }

            chosen.RemoveAt(chosen.Count - 1);
        }

        return null;
    }

    private static List<StockSource> Greedy(IReadOnlyList<StockLine> lines, List<StockSource> sources)
    {
        var open = lines.ToDictionary(static line => line.Sku, static line => line.Quantity, StringComparer.Ordinal);
        var left = sources.ToList();
        var chosen = new List<StockSource>();
        while (left.Count > 0 && open.Values.Any(static quantity => quantity > 0))
        {
            // MaxBy keeps the first of equals: the one that is chosen first anyway.
            var best = left.MaxBy(source => open.Sum(line => (long)Math.Min(line.Value, source.Of(line.Key))))!;
            left.Remove(best);
            chosen.Add(best);
            foreach (var sku in open.Keys.ToList())
            {
                open[sku] -= Math.Min(open[sku], best.Of(sku));
            }
        }

        // What was added first may have become needless by what came after it.
        foreach (var source in chosen.ToList())
        {
            var without = chosen.Where(other => other != source).ToList();
            if (without.Count > 0 && Covers(lines, without))
            {
                chosen = without;
            }
        }

        return [.. sources.Where(chosen.Contains)];
    }

    private static bool Covers(IReadOnlyList<StockLine> lines, List<StockSource> sources) =>
        lines.All(line => sources.Sum(source => (long)source.Of(line.Sku)) >= line.Quantity);
}
