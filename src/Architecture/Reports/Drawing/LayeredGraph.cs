namespace ModularMonolith.Architecture.Reports.Drawing;

/// <summary>An arrow to be laid out, between boxes by their numbers, with the room that its label needs.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where its head is.</param>
/// <param name="LabelWidth">0 without a label.</param>
/// <param name="LabelHeight">0 without a label.</param>
internal sealed record LayoutArrow(int From, int To, double LabelWidth, double LabelHeight);

/// <summary>Something that takes room in a layer: a box, a label, or an arrow that passes.</summary>
internal sealed class Slot(int layer, double width, double height)
{
    public int Layer { get; } = layer;

    public double Width { get; } = width;

    public double Height { get; } = height;

    /// <summary>The centre.</summary>
    public double X { get; set; }

    public double Top { get; set; }

    /// <summary>Its place in its layer, from the left.</summary>
    public int Order { get; set; }

    public List<Slot> Above { get; } = [];

    public List<Slot> Below { get; } = [];

    public bool IsPassing => Width == 0;
}

/// <summary>
/// Puts boxes into layers so that every arrow goes from one layer to another, with a layer for labels between two layers of boxes (the frame of K. Sugiyama, S. Tagawa and M. Toda,
/// "Methods for Visual Understanding of Hierarchical System Structures", 1981). An arrow that would close a circle is turned for the layout alone.
/// </summary>
internal sealed class LayeredGraph
{
    private LayeredGraph(Slot[] boxes, List<List<Slot>> layers, List<Slot>[] chains, bool[] turned)
    {
        Boxes = boxes;
        Layers = layers;
        Chains = chains;
        Turned = turned;
    }

    /// <summary>The slots of the boxes, by their numbers.</summary>
    public Slot[] Boxes { get; }

    /// <summary>The layers from the top: boxes in the even ones, labels in the odd ones.</summary>
    public List<List<Slot>> Layers { get; }

    /// <summary>For each arrow the slots that it passes, from the upper box to the lower one.</summary>
    public List<Slot>[] Chains { get; }

    /// <summary>For each arrow whether its head is at the upper box.</summary>
    public bool[] Turned { get; }

    /// <summary>Finds the layers.</summary>
    /// <param name="boxes">Width and height of each box.</param>
    /// <param name="arrows">The arrows; those that come first decide who stands above.</param>
    /// <returns>The layers, in no particular order within.</returns>
    public static LayeredGraph Of(IReadOnlyList<(double Width, double Height)> boxes, IReadOnlyList<LayoutArrow> arrows)
    {
        var (lower, turned) = Orient(boxes.Count, arrows);
        var layerOf = Layer(boxes.Count, lower);
        var slots = boxes.Select((box, i) => new Slot(layerOf[i] * 2, box.Width, box.Height)).ToArray();
        var layers = Enumerable.Range(0, slots.Length == 0 ? 0 : slots.Max(static slot => slot.Layer) + 1).Select(static _ => new List<Slot>()).ToList();
        foreach (var slot in slots)
        {
            layers[slot.Layer].Add(slot);
        }

        var chains = new List<Slot>[arrows.Count];
        for (var i = 0; i < arrows.Count; i++)
        {
            var (upper, end) = turned[i] ? (slots[arrows[i].To], slots[arrows[i].From]) : (slots[arrows[i].From], slots[arrows[i].To]);
            chains[i] = upper == end ? [upper] : Chain(upper, end, arrows[i], layers);
        }

        return new LayeredGraph(slots, layers, chains, turned);
    }

    private static List<Slot> Chain(Slot upper, Slot lower, LayoutArrow arrow, List<List<Slot>> layers)
    {
        var chain = new List<Slot> { upper };
        var labelled = upper.Layer + 1 + ((lower.Layer - upper.Layer - 2) / 4 * 2);
        for (var layer = upper.Layer + 1; layer < lower.Layer; layer++)
        {
            var slot = layer == labelled ? new Slot(layer, arrow.LabelWidth, arrow.LabelHeight) : new Slot(layer, 0, 0);
            layers[layer].Add(slot);
            chain.Add(slot);
        }

        chain.Add(lower);
        for (var i = 1; i < chain.Count; i++)
        {
            chain[i - 1].Below.Add(chain[i]);
            chain[i].Above.Add(chain[i - 1]);
        }

        return chain;
    }

    // Each arrow goes down unless those before it already lead up from its end to its beginning.
    private static (List<int>[] Lower, bool[] Turned) Orient(int count, IReadOnlyList<LayoutArrow> arrows)
    {
        var lower = Enumerable.Range(0, count).Select(static _ => new List<int>()).ToArray();
        var turned = new bool[arrows.Count];
        for (var i = 0; i < arrows.Count; i++)
        {
            turned[i] = Leads(lower, arrows[i].To, arrows[i].From);
            var (from, to) = turned[i] ? (arrows[i].To, arrows[i].From) : (arrows[i].From, arrows[i].To);
            if (from != to && !lower[from].Contains(to))
            {
                lower[from].Add(to);
            }
        }

        return (lower, turned);
    }

    private static bool Leads(List<int>[] lower, int from, int to)
    {
        var seen = new HashSet<int> { from };
        var waiting = new Stack<int>([from]);
        while (waiting.TryPop(out var current))
        {
            foreach (var next in lower[current])
            {
                if (next == to)
                {
                    return true;
                }

                if (seen.Add(next))
                {
                    waiting.Push(next);
                }
            }
        }

        return false;
    }

    // The longest path from the top decides, and no layer gets so wide that the drawing cannot be read.
    private static int[] Layer(int count, List<int>[] lower)
    {
        var waiting = new int[count];
        foreach (var target in lower.SelectMany(static targets => targets))
        {
            waiting[target]++;
        }

        var atMost = Math.Max(4, (int)Math.Ceiling(1.3 * Math.Sqrt(count)));
        var layers = new int[count];
        var used = new List<int>();
        var ready = new Queue<int>(Enumerable.Range(0, count).Where(i => waiting[i] == 0));
        while (ready.TryDequeue(out var box))
        {
            while (used.Count > layers[box] && used[layers[box]] >= atMost)
            {
                layers[box]++;
            }

            while (used.Count <= layers[box])
            {
                used.Add(0);
            }

            used[layers[box]]++;
            foreach (var target in lower[box])
            {
                layers[target] = Math.Max(layers[target], layers[box] + 1);
                if (--waiting[target] == 0)
                {
                    ready.Enqueue(target);
                }
            }
        }

        // Nothing leads to what stands at the top: it comes as near as possible to where it leads.
        var led = lower.SelectMany(static targets => targets).ToHashSet();
        for (var box = 0; box < count; box++)
        {
            var nearest = led.Contains(box) || lower[box].Count == 0 ? layers[box] : lower[box].Min(target => layers[target]) - 1;
            while (nearest > layers[box] && used[nearest] >= atMost)
            {
                nearest--;
            }

            used[layers[box]]--;
            used[nearest]++;
            layers[box] = nearest;
        }

        return layers;
    }
}
