namespace ModularMonolith.Architecture.Reports.Drawing;

/// <summary>Orders the slots of layers so that few arrows cross, by the mean place of their neighbours (the barycentre method of the same authors).</summary>
internal static class Crossings
{
    private const int Sweeps = 24;

    /// <summary>Sets the order of each layer to the best that was found.</summary>
    public static void Reduce(List<List<Slot>> layers)
    {
        Number(layers);
        var best = Snapshot(layers);
        var fewest = Count(layers);
        for (var sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            var down = sweep % 2 == 0;
            for (var step = 1; step < layers.Count; step++)
            {
                Sort(layers[down ? step : layers.Count - 1 - step], down);
            }

            var crossings = Count(layers);
            if (crossings < fewest)
            {
                fewest = crossings;
                best = Snapshot(layers);
            }
        }

        for (var i = 0; i < layers.Count; i++)
        {
            layers[i].Clear();
            layers[i].AddRange(best[i]);
        }

        Number(layers);
    }

    /// <summary>How many pairs of arrows cross.</summary>
    public static long Count(List<List<Slot>> layers)
    {
        long crossings = 0;
        for (var i = 1; i < layers.Count; i++)
        {
            var ends = layers[i - 1].SelectMany(static slot => slot.Below.Select(static below => below.Order).Order()).ToList();
            crossings += Inversions(ends, layers[i].Count);
        }

        return crossings;
    }

    private static void Sort(List<Slot> layer, bool down)
    {
        var keys = layer.ToDictionary(static slot => slot, slot => (down ? slot.Above : slot.Below) is { Count: > 0 } neighbours ? neighbours.Average(static neighbour => neighbour.Order) : slot.Order);
        var sorted = layer.OrderBy(slot => keys[slot]).ThenBy(static slot => slot.Order).ToList();
        layer.Clear();
        layer.AddRange(sorted);
        Number(layer);
    }

    // Counts with a binary indexed tree how many earlier ends lie further right.
    private static long Inversions(List<int> ends, int width)
    {
        var tree = new int[width + 1];
        long inversions = 0;
        for (var i = 0; i < ends.Count; i++)
        {
            var notRight = 0;
            for (var at = ends[i] + 1; at > 0; at -= at & -at)
            {
                notRight += tree[at];
            }

            inversions += i - notRight;
            for (var at = ends[i] + 1; at <= width; at += at & -at)
            {
                tree[at]++;
            }
        }

        return inversions;
    }

    private static List<List<Slot>> Snapshot(List<List<Slot>> layers) => [.. layers.Select(static layer => layer.ToList())];

    private static void Number(List<List<Slot>> layers) => layers.ForEach(Number);

    private static void Number(List<Slot> layer)
    {
        for (var i = 0; i < layer.Count; i++)
        {
            layer[i].Order = i;
        }
    }
}
