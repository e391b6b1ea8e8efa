namespace ModularMonolith.Architecture.Reports.Drawing;

/// <summary>
/// Gives slots their places. Across, each wants to stand where its neighbours are, keeps its order and its distance; the nearest places with which that holds are an isotonic
/// regression, solved by pooling adjacent violators (M. Ayer et al., 1955).
/// </summary>
internal static class Coordinates
{
    private const int Sweeps = 48;
    private const double Distance = 26;
    private const double PassingDistance = 14;

    // What Graphviz takes, too: a bend in the middle of an arrow is worse than one at its end.
    private const double WeightBetweenPassing = 8;
    private const double WeightOfPassing = 2;

    private const double LeastLayerDistance = 30;
    private const double MostLayerDistance = 90;

    // An arrow that goes far to the side goes down as well, so that a bundle of them can be told apart.
    private const double Slope = 0.14;

    /// <summary>Sets the centres and tops of all slots; the first layer begins at 0, the leftmost edge is at 0.</summary>
    /// <returns>The size of all.</returns>
    public static (double Width, double Height) Place(List<List<Slot>> layers)
    {
        foreach (var layer in layers)
        {
            Settle(layer, static _ => 0);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var down = sweep % 2 == 0;
            for (var step = 0; step < layers.Count; step++)
            {
                Settle(layers[down ? step : layers.Count - 1 - step], slot => Wanted(slot, sweep < Sweeps / 2 ? down : null));
            }
        }

        return Size(layers);
    }

    private static (double Width, double Height) Size(List<List<Slot>> layers)
    {
        var slots = layers.SelectMany(static layer => layer).ToList();
        if (slots.Count == 0)
        {
            return (0, 0);
        }

        var left = slots.Min(static slot => slot.X - (slot.Width / 2));
        var top = 0.0;
        var bottom = top;
        foreach (var layer in layers)
        {
            foreach (var slot in layer)
            {
                slot.X -= left;
                slot.Top = top;
            }

            bottom = top + layer.Max(static slot => slot.Height, 0);
            top = bottom + Math.Clamp(Slope * layer.Max(slot => slot.Below.Max(below => Math.Abs(below.X - left - slot.X), 0), 0), LeastLayerDistance, MostLayerDistance);
        }

        return (slots.Max(static slot => slot.X + (slot.Width / 2)), bottom);
    }

    private static double Max(this List<Slot> layer, Func<Slot, double> of, double least) => layer.Count == 0 ? least : layer.Max(of);

    private static double Wanted(Slot slot, bool? down)
    {
        var neighbours = down switch
        {
            true => slot.Above,
            false => slot.Below,
            null => [.. slot.Above, .. slot.Below],
        };
        return neighbours.Count > 0 ? neighbours.Sum(neighbour => neighbour.X * WeightOf(slot, neighbour)) / neighbours.Sum(neighbour => WeightOf(slot, neighbour)) : slot.X;
    }

    private static double WeightOf(Slot one, Slot other) => one.IsPassing && other.IsPassing ? WeightBetweenPassing : one.IsPassing || other.IsPassing ? WeightOfPassing : 1;

    private static void Settle(List<Slot> layer, Func<Slot, double> wanted)
    {
        var offsets = new double[layer.Count];
        for (var i = 1; i < layer.Count; i++)
        {
            var (left, right) = (layer[i - 1], layer[i]);
            offsets[i] = offsets[i - 1] + (left.Width / 2) + (right.Width / 2) + (left.IsPassing && right.IsPassing ? PassingDistance : Distance);
        }

        var blocks = new List<(double Sum, double Weight, int Count)>();
        for (var i = 0; i < layer.Count; i++)
        {
            var weight = layer[i].IsPassing ? WeightBetweenPassing : 1;
            var block = (Sum: (wanted(layer[i]) - offsets[i]) * weight, Weight: weight, Count: 1);
            while (blocks.Count > 0 && blocks[^1].Sum / blocks[^1].Weight > block.Sum / block.Weight)
            {
                block = (blocks[^1].Sum + block.Sum, blocks[^1].Weight + block.Weight, blocks[^1].Count + block.Count);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        var next = 0;
        foreach (var (sum, weight, count) in blocks)
        {
            for (var i = 0; i < count; i++, next++)
            {
                layer[next].X = (sum / weight) + offsets[next];
            }
        }
    }
}
