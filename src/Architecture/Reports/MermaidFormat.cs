using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports;

/// <summary>Writes diagrams as Mermaid flowcharts, which code hosts draw in Markdown.</summary>
public static class MermaidFormat
{
    /// <summary>Writes a diagram, without the fence that Markdown puts around it.</summary>
    /// <param name="diagram">The diagram.</param>
    /// <param name="namesAtMost">Arrows with more names than this show how many they are.</param>
    /// <returns>Lines that end with one character.</returns>
    public static string Write(Diagram diagram, int namesAtMost = int.MaxValue)
    {
        var text = new StringBuilder("flowchart ").Append(diagram.Level == DiagramLevel.Modules ? "TD" : "LR").Append('\n');
        foreach (var group in diagram.Nodes.GroupBy(static node => node.Group ?? string.Empty))
        {
            var indent = group.Key.Length > 0 ? "        " : "    ";
            if (group.Key.Length > 0)
            {
                text.Append("    subgraph ").Append(Quoted(group.Key)).Append('\n');
            }

            foreach (var node in group)
            {
                text.Append(indent).Append(Node(node)).Append('\n');
            }

            if (group.Key.Length > 0)
            {
                text.Append("    end\n");
            }
        }

        var number = 0;
        var red = new List<int>();
        foreach (var arrow in diagram.Arrows)
        {
            text.Append("    ").Append(Arrow(arrow, arrow.From, arrow.To, namesAtMost)).Append('\n');
            if (arrow.IsViolation)
            {
                red.Add(number);
            }

            number++;
        }

        return (red.Count > 0 ? text.Append("    linkStyle ").AppendJoin(',', red).Append(" stroke:#d1242f,color:#d1242f\n") : text).ToString();
    }

    /// <summary>One module between its neighbours, as its page shows it: fenced, left to right, with the names of all messages.</summary>
    /// <param name="graph">The code.</param>
    /// <param name="conversations">What is said in it.</param>
    /// <param name="module">The module.</param>
    /// <returns>Lines that end with one character, the last one without.</returns>
    public static string OfModule(CodeGraph graph, Conversations conversations, Module module)
    {
        var diagram = Diagrams.Modules(graph, conversations, module);
        var text = new StringBuilder("```mermaid\nflowchart LR\n").Append("    ").Append(module.Name).Append("[[").Append(module.Folder).Append("]]\n");
        var log = diagram.Nodes.FirstOrDefault(static node => node.Kind == NodeKind.Log)?.Id;
        foreach (var arrow in diagram.Arrows.Where(static arrow => arrow.Kind is EdgeKind.Request or EdgeKind.Event))
        {
            text.Append("    ").Append(Arrow(arrow, arrow.From, arrow.To == log ? "log[(log)]" : arrow.To, int.MaxValue)).Append('\n');
        }

        return text.Append("```").ToString();
    }

    private static string Node(DiagramNode node)
    {
        var title = node.Owner.Length > 0 ? $"{node.Title}<br/><small>{Escaped(node.Owner)}</small>" : Escaped(node.Title);
        return node.Kind switch
        {
            NodeKind.Log => $"{node.Id}[({title})]",
            NodeKind.Event => $"{node.Id}([\"{title}\"])",
            NodeKind.Request => $"{node.Id}{{{{\"{title}\"}}}}",
            _ => $"{node.Id}[\"{title}\"]",
        };
    }

    private static string Arrow(DiagramArrow arrow, string from, string to, int namesAtMost)
    {
        if (arrow.Names.Count == 0)
        {
            return $"{from} {(arrow.Kind == EdgeKind.Event ? "-.->" : "-->")} {to}";
        }

        var names = arrow.Names.Count > namesAtMost ? arrow.Count : string.Join("<br/>", arrow.Names.Select(Escaped));
        return arrow.Kind == EdgeKind.Event && !arrow.IsViolation ? $"{from} -. \"{names}\" .-> {to}"
            : arrow.IsViolation ? $"{from} == \"{names}\" ==> {to}"
            : $"{from} -- \"{names}\" --> {to}";
    }

    private static string Quoted(string text) => $"\"{Escaped(text)}\"";

    // Mermaid has entities of its own for what would end a text or begin a tag.
    private static string Escaped(string text) => text.Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal);
}
