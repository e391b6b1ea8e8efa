using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports;

/// <summary>How closely a diagram looks.</summary>
public enum DiagramLevel
{
    /// <summary>Modules, and what they say to each other.</summary>
    Modules,

    /// <summary>Modules, and each message between them.</summary>
    Contracts,

    /// <summary>The types of one module, and what they use.</summary>
    Types,
}

/// <summary>What a node of a diagram stands for.</summary>
public enum NodeKind
{
    /// <summary>A module.</summary>
    Module,

    /// <summary>A request of a module's Contracts.</summary>
    Request,

    /// <summary>An integration event of a module's Contracts.</summary>
    Event,

    /// <summary>A type.</summary>
    Type,

    /// <summary>The integration log: what is told to nobody in particular.</summary>
    Log,
}

/// <summary>A node.</summary>
/// <param name="Id">Unique in the diagram: letters, digits and underscores.</param>
/// <param name="Title">What a person calls it.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Group">The title of the group in which it is drawn, or null.</param>
/// <param name="Owner">The team that answers for it; empty when it is not said.</param>
/// <param name="Purpose">What it is for; empty when it is not said.</param>
/// <param name="Findings">How many findings of rules it has.</param>
public sealed record DiagramNode(string Id, string Title, NodeKind Kind, string? Group = null, string Owner = "", string Purpose = "", int Findings = 0);

/// <summary>An arrow.</summary>
/// <param name="From">The node at which it begins.</param>
/// <param name="To">The node at which its head is.</param>
/// <param name="Kind">A request, an event, a use of types, an address or a table.</param>
/// <param name="Names">What stands at it, in order, each once.</param>
/// <param name="IsViolation">Whether a rule forbids it.</param>
public sealed record DiagramArrow(string From, string To, EdgeKind Kind, IReadOnlyList<string> Names, bool IsViolation = false)
{
    /// <summary>How many there are, in words: <c>3 requests</c>.</summary>
    public string Count
    {
        get
        {
            var noun = IsViolation ? "violation" : Kind switch
            {
                EdgeKind.Request => "request",
                EdgeKind.Event => "event",
                EdgeKind.Http => "address",
                EdgeKind.Table => "table",
                _ => "type",
            };
            return Names.Count == 1 ? "1 " + noun : $"{Names.Count} {noun}{(noun.EndsWith('s') ? "es" : "s")}";
        }
    }
}

/// <summary>Boxes and arrows, before any format.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Level">How closely.</param>
/// <param name="Nodes">The boxes, in order.</param>
/// <param name="Arrows">The arrows, in order; each between nodes of the diagram.</param>
public sealed record Diagram(string Title, DiagramLevel Level, IReadOnlyList<DiagramNode> Nodes, IReadOnlyList<DiagramArrow> Arrows);
