using System.Globalization;
using System.Text;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reports.Drawing;

namespace ModularMonolith.Architecture.Reports;

/// <summary>Draws diagrams as SVG: layers from who asks to who answers, without scripts, readable on light and dark pages.</summary>
public static class SvgFormat
{
    private const double LegendHeight = 34;

    private const string Style = """
        <style>
        .page{fill:#ffffff}.box{fill:#f6f8fa;stroke:#57606a;stroke-width:1.2}.box.module{fill:#eef4ff;stroke:#3b6fb6;stroke-width:1.4}.box.event{fill:#fff8e6;stroke:#9a6700}.box.request{fill:#eaf6ec;stroke:#1a7f37}
        .box.bad{stroke:#d1242f;stroke-width:2.4}text{font-family:system-ui,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2328}.title,.heading{font-weight:600}.quiet,.legend{fill:#59636e}text.bad{fill:#d1242f;font-weight:600}
        .arrow{fill:none;stroke:#3b6fb6;stroke-width:1.5}.arrow.event{stroke:#9a6700;stroke-dasharray:2 4;stroke-linecap:round}.arrow.use{stroke:#818b98;stroke-width:1}.arrow.bad{stroke:#d1242f;stroke-width:2.6}
        .head.request{fill:#3b6fb6}.head.event{fill:#9a6700}.head.use{fill:#818b98}.head.bad{fill:#d1242f}.label{fill:#ffffff;stroke:#d1d9e0;stroke-width:.8}
        @media (prefers-color-scheme:dark){.page{fill:#0d1117}.box{fill:#161b22;stroke:#8b949e}.box.module{fill:#121d2f;stroke:#4493f8}.box.event{fill:#272115;stroke:#d29922}.box.request{fill:#12261e;stroke:#3fb950}.box.bad{stroke:#f85149}
        text{fill:#f0f6fc}.quiet,.legend{fill:#9198a1}text.bad{fill:#f85149}.arrow{stroke:#4493f8}.arrow.event{stroke:#d29922}.arrow.use{stroke:#656c76}.arrow.bad{stroke:#f85149}
        .head.request{fill:#4493f8}.head.event{fill:#d29922}.head.use{fill:#656c76}.head.bad{fill:#f85149}.label{fill:#0d1117;stroke:#3d444d}}
        </style>
        """;

    private static readonly string[] Kinds = ["request", "event", "use", "bad"];

    /// <summary>Draws a diagram.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <returns>A document of its own, which ends with a line end.</returns>
    public static string Write(Diagram diagram)
    {
        var drawing = SvgDrawing.Of(diagram);
        var (width, height) = (Number(drawing.Width), Number(drawing.Height + LegendHeight));
        var svg = new StringBuilder($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{Escaped(diagram.Title)}</title>\n");
        svg.Append(Style.ReplaceLineEndings("\n")).Append("\n<defs>\n");
        foreach (var kind in Kinds)
        {
            svg.Append($"<marker id=\"{kind}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head {kind}\" d=\"M0 1L10 5L0 9z\"/></marker>\n");
        }

        svg.Append($"</defs>\n<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n");
        Text(svg, SvgDrawing.Margin, SvgDrawing.Margin + 4, 18, "heading", "start", diagram.Title);
        foreach (var arrow in drawing.Arrows)
        {
            Line(svg, arrow);
        }

        foreach (var box in drawing.Boxes)
        {
            Box(svg, box);
        }

        foreach (var arrow in drawing.Arrows.Where(static arrow => arrow.Label.Count > 0))
        {
            Label(svg, arrow);
        }

        Legend(svg, drawing);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Line(StringBuilder svg, PlacedArrow arrow)
    {
        var kind = KindOf(arrow.Arrow);
        svg.Append("<path class=\"arrow ").Append(kind).Append("\" marker-end=\"url(#").Append(kind).Append(")\" d=\"M").Append(Point(arrow.Points[0]));
        for (var i = 1; i < arrow.Points.Count; i++)
        {
            var (from, to) = (arrow.Points[i - 1], arrow.Points[i]);
            var middle = (from.Y + to.Y) / 2;
            svg.Append(Math.Abs(from.X - to.X) < 0.05 ? "L" + Point(to) : $"C{Point((from.X, middle))} {Point((to.X, middle))} {Point(to)}");
        }

        svg.Append("\"><title>").Append(Escaped($"{arrow.Arrow.From} → {arrow.Arrow.To}: {string.Join(", ", arrow.Arrow.Names)}")).Append("</title></path>\n");
    }

    private static void Box(StringBuilder svg, PlacedBox box)
    {
        var style = (box.Node.Kind switch { NodeKind.Module => " module", NodeKind.Event or NodeKind.Log => " event", NodeKind.Request => " request", _ => string.Empty }) + (box.Node.Findings > 0 ? " bad" : string.Empty);
        svg.Append($"<g><title>{Escaped(string.Join(": ", new[] { box.Node.Title, box.Node.Purpose }.Where(static text => text.Length > 0)))}</title>")
            .Append($"<rect class=\"box{style}\" x=\"{Number(box.Left)}\" y=\"{Number(box.Top)}\" width=\"{Number(box.Width)}\" height=\"{Number(box.Height)}\" rx=\"{(box.Node.Kind is NodeKind.Event or NodeKind.Log ? "14" : "8")}\"/>\n");
        var y = box.Top + 7;
        foreach (var line in box.Lines)
        {
            y += line.Size * 1.35;
            Text(svg, box.Left + (box.Width / 2), y - (line.Size * 0.25), line.Size, line.Style, "middle", line.Text);
        }

        svg.Append("</g>\n");
    }

    private static void Label(StringBuilder svg, PlacedArrow arrow)
    {
        svg.Append($"<g><title>{Escaped(string.Join(", ", arrow.Arrow.Names))}</title><rect class=\"label\" x=\"{Number(arrow.Left)}\" y=\"{Number(arrow.Top)}\" width=\"{Number(arrow.Width)}\" height=\"{Number(arrow.Height)}\" rx=\"6\"/>\n");
        var y = arrow.Top + 3;
        foreach (var line in arrow.Label)
        {
            y += SvgDrawing.LabelLine;
            Text(svg, arrow.Left + (arrow.Width / 2), y - 3, SvgDrawing.LabelSize, arrow.Arrow.IsViolation ? "bad" : "text", "middle", line);
        }

        svg.Append("</g>\n");
    }

    private static void Legend(StringBuilder svg, SvgDrawing drawing)
    {
        var x = SvgDrawing.Margin;
        foreach (var (kind, text) in new[] { ("request", "request, to who answers"), ("event", "event, to who handles it"), ("use", "uses types of"), ("bad", "breaks a rule") })
        {
            if (drawing.Arrows.Any(arrow => KindOf(arrow.Arrow) == kind) || (kind == "bad" && drawing.Boxes.Any(static box => box.Node.Findings > 0)))
            {
                svg.Append($"<path class=\"arrow {kind}\" marker-end=\"url(#{kind})\" d=\"M{Point((x, drawing.Height))}L{Point((x + 34, drawing.Height))}\"/>\n");
                Text(svg, x + 42, drawing.Height + 4, 11, "legend", "start", text);
                x += 42 + TextMeasure.Width(text, 11) + 20;
            }
        }
    }

    private static void Text(StringBuilder svg, double x, double y, double size, string style, string anchor, string text) =>
        svg.Append($"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" font-size=\"{Number(size)}\" text-anchor=\"{anchor}\">{Escaped(text)}</text>\n");

    private static string KindOf(DiagramArrow arrow) => arrow.IsViolation ? "bad" : arrow.Kind switch
    {
        EdgeKind.Request => "request",
        EdgeKind.Event => "event",
        _ => "use",
    };

    private static string Point((double X, double Y) point) => $"{Number(point.X)} {Number(point.Y)}";

    private static string Number(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);

    // XML has no way at all to write most control characters.
    private static string Escaped(string text) => string.Concat(text.Where(static letter => letter is '\t' or '\n' or >= ' ' && !char.IsSurrogate(letter) && letter < '\uFFFE'))
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);
}
