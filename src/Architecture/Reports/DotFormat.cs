using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports;

/// <summary>Writes diagrams in the language of Graphviz.</summary>
public static class DotFormat
{
    /// <summary>Writes a diagram.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <returns>Lines that end with one character.</returns>
    public static string Write(Diagram diagram)
    {
        var text = new StringBuilder("digraph architecture {\n    graph [label=").Append(Quoted(diagram.Title)).Append(", labelloc=t, rankdir=TB, fontname=\"Helvetica\"];\n")
            .Append("    node [shape=box, style=rounded, fontname=\"Helvetica\"];\n    edge [fontname=\"Helvetica\", fontsize=10];\n");
        var number = 0;
        foreach (var group in diagram.Nodes.GroupBy(static node => node.Group ?? string.Empty))
        {
            if (group.Key.Length > 0)
            {
                text.Append("    subgraph cluster_").Append(number++).Append(" {\n        label=").Append(Quoted(group.Key)).Append(";\n");
            }

            foreach (var node in group)
            {
                text.Append(group.Key.Length > 0 ? "        " : "    ").Append(node.Id).Append(" [label=").Append(Quoted(node.Owner.Length > 0 ? $"{node.Title}\n{node.Owner}" : node.Title)).Append(Shape(node)).Append("];\n");
            }

            if (group.Key.Length > 0)
            {
                text.Append("    }\n");
            }
        }

        foreach (var arrow in diagram.Arrows)
        {
            text.Append("    ").Append(arrow.From).Append(" -> ").Append(arrow.To).Append(" [label=").Append(Quoted(string.Join('\n', arrow.Names)))
                .Append(arrow.IsViolation ? ", color=\"#d1242f\", fontcolor=\"#d1242f\", penwidth=2" : arrow.Kind == EdgeKind.Event ? ", style=dashed" : string.Empty).Append("];\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Shape(DiagramNode node) => (node.Kind switch
    {
        NodeKind.Log => ", shape=cylinder",
        NodeKind.Event => ", shape=ellipse",
        NodeKind.Request => ", shape=hexagon",
        _ => string.Empty,
    }) + (node.Findings > 0 ? ", color=\"#d1242f\"" : string.Empty);

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
