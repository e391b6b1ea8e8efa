using System.Globalization;
using System.Xml.Linq;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reports;
using ModularMonolith.Architecture.Reports.Drawing;

namespace ModularMonolith.Architecture.ReportTests;

public sealed class DrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Modules that depend on earlier ones at random, with traffic in both directions: circles included.
    private static Diagram Random(int modules, int arrows, int seed)
    {
        var random = new Random(seed);
        var nodes = Enumerable.Range(0, modules).Select(i => new DiagramNode($"m{i}", $"Module {i} <&>", NodeKind.Module, null, "team-\"a\"", string.Join(' ', Enumerable.Repeat("purpose & more", random.Next(0, 12))), i % 7 == 3 ? 2 : 0)).ToList();
        var made = Enumerable.Range(0, arrows).Select(_ => (From: random.Next(modules), To: random.Next(modules), Kind: random.Next(3))).Distinct().Select(static one => new DiagramArrow(
            $"m{one.From}", $"m{one.To}", one.Kind switch { 0 => EdgeKind.Request, 1 => EdgeKind.Event, _ => EdgeKind.TypeUse }, [.. Enumerable.Range(0, (one.From + one.To) % 5).Select(static i => $"Message<{i}>")], one.Kind == 2 && one.To % 2 == 0));
        return new Diagram("A & B", DiagramLevel.Modules, nodes, [.. made]);
    }

    public static TheoryData<int, int> Sizes => new() { { 0, 0 }, { 1, 0 }, { 2, 4 }, { 10, 12 }, { 10, 60 }, { 30, 140 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Boxes_and_labels_do_not_overlap_and_stand_inside_of_the_picture(int modules, int arrows)
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var drawing = SvgDrawing.Of(Random(modules, arrows, seed));
            var areas = drawing.Boxes.Select(static box => (Name: box.Node.Id, box.Left, box.Top, box.Width, box.Height))
                .Concat(drawing.Arrows.Where(static arrow => arrow.Width > 0).Select(static arrow => (Name: $"{arrow.Arrow.From}-{arrow.Arrow.To}", arrow.Left, arrow.Top, arrow.Width, arrow.Height))).ToList();
            for (var i = 0; i < areas.Count; i++)
            {
                var one = areas[i];
                Assert.True(one.Left >= 0 && one.Top >= SvgDrawing.TitleHeight && one.Left + one.Width <= drawing.Width && one.Top + one.Height <= drawing.Height, $"{one.Name} is outside");
                foreach (var other in areas.Skip(i + 1))
                {
                    var apart = one.Left + one.Width <= other.Left + 0.01 || other.Left + other.Width <= one.Left + 0.01 || one.Top + one.Height <= other.Top + 0.01 || other.Top + other.Height <= one.Top + 0.01;
                    Assert.True(apart, $"{one.Name} and {other.Name} overlap with seed {seed}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Arrows_cross_no_box_on_their_straight_parts_and_end_at_the_edges_of_theirs(int modules, int arrows)
    {
        var drawing = SvgDrawing.Of(Random(modules, arrows, 3));
        var boxes = drawing.Boxes.ToDictionary(static box => box.Node.Id);
        foreach (var arrow in drawing.Arrows)
        {
            Assert.True(IsAtEdge(arrow.Points[0], boxes[arrow.Arrow.From]), $"{arrow.Arrow.From} to {arrow.Arrow.To} does not begin at its box");
            Assert.True(IsAtEdge(arrow.Points[^1], boxes[arrow.Arrow.To]), $"{arrow.Arrow.From} to {arrow.Arrow.To} does not end at its box");
            foreach (var (from, to) in arrow.Points.Zip(arrow.Points.Skip(1)).Where(static pair => Math.Abs(pair.First.X - pair.Second.X) < 0.01))
            {
                Assert.DoesNotContain(drawing.Boxes, box => from.X > box.Left && from.X < box.Left + box.Width && Math.Min(from.Y, to.Y) < box.Top + box.Height - 0.01 && Math.Max(from.Y, to.Y) > box.Top + 0.01);
            }
        }
    }

    [Fact]
    public void A_picture_is_well_formed_without_scripts_with_all_texts_inside()
    {
        var text = SvgFormat.Write(Random(10, 40, 5));
        var svg = XDocument.Parse(text).Root!;
        var size = ((string)svg.Attribute("viewBox")!).Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        Assert.DoesNotContain(svg.Descendants(), static element => element.Name.LocalName is "script" or "foreignObject" or "image" || element.Attributes().Any(static attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Name.LocalName == "href"));
        Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
        var texts = svg.Descendants(Svg + "text").ToList();
        Assert.Contains(texts, static one => one.Value == "Module 3 <&>");
        Assert.Contains(texts, static one => one.Value == "2 findings");
        foreach (var one in texts)
        {
            var (x, y, width) = ((double)one.Attribute("x")!, (double)one.Attribute("y")!, TextMeasure.Width(one.Value, (double)one.Attribute("font-size")!));
            var left = (string?)one.Attribute("text-anchor") == "middle" ? x - (width / 2) : x;
            Assert.True(left >= 0 && left + width <= size[2] && y > 0 && y < size[3], $"'{one.Value}' is outside");
        }
    }

    [Fact]
    public void The_texts_of_a_box_fit_into_it()
    {
        foreach (var box in SvgDrawing.Of(Random(30, 60, 7)).Boxes)
        {
            Assert.All(box.Lines, line => Assert.True(TextMeasure.Width(line.Text, line.Size) <= box.Width, line.Text));
            Assert.True(box.Lines.Sum(static line => line.Size * 1.35) < box.Height);
        }
    }

    [Fact]
    public void Arrows_that_need_not_cross_do_not()
    {
        // a over b and c over d, drawn from names in the worst order.
        var nodes = new[] { "a", "c", "d", "b" }.Select(static id => new DiagramNode(id, id, NodeKind.Module)).ToList();
        var graph = LayeredGraph.Of([.. nodes.Select(static _ => (100.0, 50.0))], [new LayoutArrow(0, 3, 10, 10), new LayoutArrow(1, 2, 10, 10)]);
        Crossings.Reduce(graph.Layers);
        Assert.Equal(0, Crossings.Count(graph.Layers));
    }

    [Fact]
    public void A_request_goes_down_also_in_a_circle()
    {
        var graph = LayeredGraph.Of([(10, 10), (10, 10), (10, 10)], [new LayoutArrow(0, 1, 0, 0), new LayoutArrow(1, 2, 0, 0), new LayoutArrow(2, 0, 0, 0)]);
        Assert.Equal([false, false, true], graph.Turned);
        Assert.True(graph.Boxes[0].Layer < graph.Boxes[1].Layer && graph.Boxes[1].Layer < graph.Boxes[2].Layer);
    }

    private static bool IsAtEdge((double X, double Y) point, PlacedBox box) =>
        point.X > box.Left && point.X < box.Left + box.Width && (Math.Abs(point.Y - box.Top) < 0.01 || Math.Abs(point.Y - box.Top - box.Height) < 0.01);
}
