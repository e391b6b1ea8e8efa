namespace ModularMonolith.Architecture.Reports.Drawing;

/// <summary>A box that is placed: its edges, and the lines in it.</summary>
/// <param name="Node">What it stands for.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
/// <param name="Lines">Its texts from the top.</param>
internal sealed record PlacedBox(DiagramNode Node, double Left, double Top, double Width, double Height, IReadOnlyList<BoxLine> Lines);

/// <summary>A line of a box.</summary>
/// <param name="Text">The text.</param>
/// <param name="Style">The class of the style sheet.</param>
/// <param name="Size">The size of the letters.</param>
internal sealed record BoxLine(string Text, string Style, double Size);

/// <summary>An arrow that is placed.</summary>
/// <param name="Arrow">The arrow.</param>
/// <param name="Points">Its way: straight where two points stand above each other, curved between others.</param>
/// <param name="Label">The lines of its label.</param>
/// <param name="Left">The label's left edge.</param>
/// <param name="Top">The label's upper edge.</param>
/// <param name="Width">The label's width; 0 without one.</param>
/// <param name="Height">The label's height.</param>
internal sealed record PlacedArrow(DiagramArrow Arrow, IReadOnlyList<(double X, double Y)> Points, IReadOnlyList<string> Label, double Left, double Top, double Width, double Height);

/// <summary>Where everything of a diagram stands.</summary>
internal sealed record SvgDrawing(IReadOnlyList<PlacedBox> Boxes, IReadOnlyList<PlacedArrow> Arrows, double Width, double Height)
{
    public const double Margin = 32;
    public const double TitleHeight = 36;
    public const double LabelSize = 11;
    public const double LabelLine = 14;
    private const double ModuleWidth = 214;
    private const double Padding = 12;
    private const int PurposeLines = 4;

    // With more arrows than this the names of all messages would hide the picture; they are in the tooltips.
    private const int NamedArrows = 14;
    private const int NamesAtMost = 9;

    /// <summary>Places a diagram.</summary>
    public static SvgDrawing Of(Diagram diagram)
    {
        var index = diagram.Nodes.Select(static (node, i) => (node.Id, i)).ToDictionary(static pair => pair.Id, static pair => pair.i, StringComparer.Ordinal);
        var lines = diagram.Nodes.Select(LinesOf).ToList();
        var sizes = diagram.Nodes.Select((node, i) => SizeOf(node, lines[i])).ToList();
        var arrows = diagram.Arrows.Where(arrow => arrow.From != arrow.To && index.ContainsKey(arrow.From) && index.ContainsKey(arrow.To)).ToList();
        var labels = arrows.Select(arrow => LabelOf(arrow, arrows.Count)).ToList();
        var graph = LayeredGraph.Of(sizes, [.. arrows.Select((arrow, i) => new LayoutArrow(index[arrow.From], index[arrow.To], WidthOf(labels[i]), HeightOf(labels[i])))]);
        Crossings.Reduce(graph.Layers);
        var (width, height) = Coordinates.Place(graph.Layers);
        foreach (var slot in graph.Layers.SelectMany(static layer => layer))
        {
            slot.X += Margin;
            slot.Top += Margin + TitleHeight;
        }

        var bottoms = graph.Layers.Select(static layer => layer.Count == 0 ? 0 : layer.Max(static slot => slot.Top + slot.Height)).ToList();
        return new SvgDrawing(
            [.. diagram.Nodes.Select((node, i) => Box(node, graph.Boxes[i], lines[i]))],
            [.. arrows.Select((arrow, i) => Arrow(arrow, graph, i, labels[i], bottoms))],
            Math.Max(width, 720) + (2 * Margin), height + (2 * Margin) + TitleHeight);
    }

    private static PlacedBox Box(DiagramNode node, Slot slot, IReadOnlyList<BoxLine> lines) => new(node, slot.X - (slot.Width / 2), slot.Top, slot.Width, slot.Height, lines);

    private static PlacedArrow Arrow(DiagramArrow arrow, LayeredGraph graph, int number, IReadOnlyList<string> label, List<double> bottoms)
    {
        var chain = graph.Chains[number];
        var points = new List<(double X, double Y)>();
        var start = Port(chain[0], chain[0].Below, chain[1]);
        points.Add((start, chain[0].Top + chain[0].Height));
        points.Add((start, bottoms[chain[0].Layer]));
        foreach (var slot in chain.Skip(1).SkipLast(1))
        {
            points.Add((slot.X, slot.Top));
            points.Add((slot.X, bottoms[slot.Layer]));
        }

        points.Add((Port(chain[^1], chain[^1].Above, chain[^2]), chain[^1].Top));
        if (graph.Turned[number])
        {
            points.Reverse();
        }

        var labelled = chain.Skip(1).SkipLast(1).FirstOrDefault(static slot => slot.Width > 0);
        return labelled is null
            ? new PlacedArrow(arrow, points, [], 0, 0, 0, 0)
            : new PlacedArrow(arrow, points, label, labelled.X - (labelled.Width / 2), labelled.Top, labelled.Width, labelled.Height);
    }

    // The arrows of a box are spread over its edge in the order of where they come from.
    private static double Port(Slot box, List<Slot> neighbours, Slot neighbour)
    {
        var place = neighbours.OrderBy(static other => other.X).ToList().IndexOf(neighbour);
        return box.X - (box.Width * 0.42) + (box.Width * 0.84 * (place + 1) / (neighbours.Count + 1));
    }

    private static IReadOnlyList<BoxLine> LinesOf(DiagramNode node)
    {
        if (node.Kind is not NodeKind.Module)
        {
            return [new BoxLine(node.Title, "name", 12), .. node is { Group: { } group, Kind: NodeKind.Type } ? [new BoxLine(group[(group.LastIndexOf('.') + 1)..], "quiet", 10)] : Array.Empty<BoxLine>()];
        }

        var inner = ModuleWidth - (2 * Padding);
        return
        [
            .. TextMeasure.Wrap(node.Title, 15, inner, 1).Select(static line => new BoxLine(line, "title", 15)),
            .. TextMeasure.Wrap(node.Owner, 11, inner, 1).Select(static line => new BoxLine(line, "quiet", 11)),
            .. TextMeasure.Wrap(node.Purpose, 11, inner, PurposeLines).Select(static line => new BoxLine(line, "text", 11)),
            .. node.Findings > 0 ? [new BoxLine(node.Findings == 1 ? "1 finding" : $"{node.Findings} findings", "bad", 11)] : Array.Empty<BoxLine>(),
        ];
    }

    private static (double Width, double Height) SizeOf(DiagramNode node, IReadOnlyList<BoxLine> lines) => (
        node.Kind == NodeKind.Module ? ModuleWidth : lines.Max(static line => TextMeasure.Width(line.Text, line.Size)) + (2 * Padding),
        lines.Sum(static line => line.Size * 1.35) + (1.5 * Padding));

    private static IReadOnlyList<string> LabelOf(DiagramArrow arrow, int arrows) =>
        arrow.Names.Count == 0 ? [] : arrow.IsViolation || (arrows <= NamedArrows && arrow.Names.Count <= NamesAtMost) ? [.. arrow.Names.Select(static name => name.Length > 40 ? name[..39] + "…" : name)] : [arrow.Count];

    private static double WidthOf(IReadOnlyList<string> label) => label.Count == 0 ? 0 : label.Max(static line => TextMeasure.Width(line, LabelSize)) + 14;

    private static double HeightOf(IReadOnlyList<string> label) => label.Count == 0 ? 0 : (label.Count * LabelLine) + 6;
}
