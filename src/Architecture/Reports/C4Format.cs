using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports;

/// <summary>Writes diagrams as C4 component diagrams (Simon Brown's C4 model) in PlantUML, with the macros of its standard library.</summary>
public static class C4Format
{
    /// <summary>Writes a diagram.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <returns>Lines that end with one character.</returns>
    public static string Write(Diagram diagram)
    {
        var text = new StringBuilder("@startuml\n!include <C4/C4_Component>\n\ntitle ").Append(Plain(diagram.Title)).Append("\n\n");
        if (diagram.Arrows.Any(static arrow => arrow.IsViolation))
        {
            text.Append("AddRelTag(\"violation\", $textColor=\"#d1242f\", $lineColor=\"#d1242f\")\n\n");
        }

        text.Append("System_Boundary(system, \"Modular monolith\") {\n");
        var number = 0;
        foreach (var group in diagram.Nodes.Where(static node => node.Kind != NodeKind.Log).GroupBy(static node => node.Group ?? string.Empty))
        {
            if (group.Key.Length > 0)
            {
                text.Append("    Container_Boundary(group").Append(number++).Append(", \"").Append(Plain(group.Key)).Append("\") {\n");
            }

            foreach (var node in group)
            {
                text.Append(group.Key.Length > 0 ? "        " : "    ").Append("Component(").Append(node.Id).Append(", \"").Append(Plain(node.Title)).Append("\", \"").Append(Technology(node)).Append("\", \"").Append(Plain(node.Purpose)).Append("\")\n");
            }

            if (group.Key.Length > 0)
            {
                text.Append("    }\n");
            }
        }

        foreach (var node in diagram.Nodes.Where(static node => node.Kind == NodeKind.Log))
        {
            text.Append("    ComponentDb(").Append(node.Id).Append(", \"Integration log\", \"PostgreSQL\", \"Events that no module handles\")\n");
        }

        text.Append("}\n\n");
        foreach (var arrow in diagram.Arrows)
        {
            var names = arrow.Names.Count > 0 ? string.Join("\\n", arrow.Names.Select(Plain)) : Verb(arrow.Kind);
            text.Append("Rel(").Append(arrow.From).Append(", ").Append(arrow.To).Append(", \"").Append(names).Append("\", \"").Append(Verb(arrow.Kind)).Append('"')
                .Append(arrow.IsViolation ? ", $tags=\"violation\"" : string.Empty).Append(")\n");
        }

        return text.Append("@enduml\n").ToString();
    }

    private static string Technology(DiagramNode node) => node.Kind switch
    {
        NodeKind.Module => node.Owner.Length > 0 ? "module of " + Plain(node.Owner) : "module",
        NodeKind.Event => "integration event",
        NodeKind.Request => "request",
        _ => "type",
    };

    private static string Verb(EdgeKind kind) => kind switch
    {
        EdgeKind.Request => "request",
        EdgeKind.Event => "event",
        EdgeKind.Http => "HTTP",
        EdgeKind.Table => "SQL",
        _ => "uses",
    };

    // PlantUML has no way to write a quotation mark inside of one.
    private static string Plain(string text) => text.Replace('"', '\'').ReplaceLineEndings(" ");
}
