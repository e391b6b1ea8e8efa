using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Reports;

/// <summary>Makes diagrams of a code base.</summary>
public static class Diagrams
{
    private const string Log = "log";

    /// <summary>The modules and what they say to each other.</summary>
    /// <param name="graph">The code.</param>
    /// <param name="conversations">What is said in it.</param>
    /// <param name="module">One module and those that it speaks with; null for all.</param>
    /// <param name="findings">Findings of rules, shown at the modules and between them.</param>
    /// <returns>The diagram.</returns>
    public static Diagram Modules(CodeGraph graph, Conversations conversations, Module? module = null, IReadOnlyList<Finding>? findings = null)
    {
        var arrows = conversations.Between().Where(said => module is null || said.From == module || said.To == module)
            .GroupBy(static said => (said.Kind, From: said.From.Name, To: said.To?.Name ?? Log))
            .Select(static group => new DiagramArrow(Id(group.Key.From), Id(group.Key.To), group.Key.Kind, Names(group.Select(static said => said.Name)), group.Key.Kind is EdgeKind.Http or EdgeKind.Table))
            .Concat(PlainUses(graph, conversations, module))
            .Concat(Violations(graph, module, findings ?? []))
            .OrderBy(static arrow => arrow.IsViolation).ThenBy(static arrow => arrow.Kind == EdgeKind.Event).ThenBy(static arrow => arrow.Kind)
            .ThenBy(static arrow => arrow.From, StringComparer.Ordinal).ThenBy(static arrow => arrow.To, StringComparer.Ordinal).ToList();
        var shown = arrows.SelectMany(static arrow => new[] { arrow.From, arrow.To }).ToHashSet(StringComparer.Ordinal);
        var nodes = graph.Modules.Where(one => module is null || one == module || shown.Contains(Id(one.Name))).OrderBy(static one => one.Name, StringComparer.Ordinal).Select(one => Node(one, findings ?? []));
        return new Diagram(
            module is null ? "Modules and what they say to each other" : $"{module.Folder} and what it says to other modules", DiagramLevel.Modules,
            [.. nodes, .. shown.Contains(Log) ? [new DiagramNode(Log, Log, NodeKind.Log)] : Array.Empty<DiagramNode>()], arrows);
    }

    /// <summary>The modules and each message between them.</summary>
    /// <param name="graph">The code.</param>
    /// <param name="conversations">What is said in it.</param>
    /// <param name="module">Only what one module says and hears; null for all.</param>
    /// <returns>The diagram.</returns>
    public static Diagram Contracts(CodeGraph graph, Conversations conversations, Module? module = null)
    {
        var said = conversations.Between().Where(one => one.Message is not null && (module is null || one.From == module || one.To == module)).ToList();
        var messages = said.Select(static one => one.Message!).Distinct().OrderBy(static message => message.Owner.Name, StringComparer.Ordinal).ThenBy(static message => message.Name, StringComparer.Ordinal);
        var arrows = said.SelectMany(static one => new[]
            {
                new DiagramArrow(Id(one.From.Name), Id(one.Message!), one.Kind, []),
                one.To is null || one.Kind == EdgeKind.Request ? null : new DiagramArrow(Id(one.Message!), Id(one.To.Name), one.Kind, []),
            }).OfType<DiagramArrow>().DistinctBy(static arrow => (arrow.From, arrow.To, arrow.Kind))
            .OrderBy(static arrow => arrow.From, StringComparer.Ordinal).ThenBy(static arrow => arrow.To, StringComparer.Ordinal).ToList();
        var used = arrows.SelectMany(static arrow => new[] { arrow.From, arrow.To }).ToHashSet(StringComparer.Ordinal);
        return new Diagram(
            "Messages between the modules", DiagramLevel.Contracts,
            [
                .. graph.Modules.Where(one => used.Contains(Id(one.Name))).OrderBy(static one => one.Name, StringComparer.Ordinal).Select(one => Node(one, [])),
                .. messages.Select(static message => new DiagramNode(Id(message), message.Name, message.Kind == EdgeKind.Request ? NodeKind.Request : NodeKind.Event, message.Owner.Folder + ".Contracts")),
            ],
            arrows);
    }

    /// <summary>The types of one module, nested ones as part of the outer, what they use of each other, and what they use of other modules' Contracts.</summary>
    /// <param name="graph">The code.</param>
    /// <param name="module">The module.</param>
    /// <returns>The diagram.</returns>
    public static Diagram Types(CodeGraph graph, Module module)
    {
        var arrows = (from assembly in module.Assemblies
                      from edge in graph.EdgesOf(assembly)
                      where graph.OwnerOf(edge.To.Assembly) is not null
                      let user = Outer(edge.FromType.Name)
                      let used = Outer(edge.To)
                      where !user.Equals(used) && graph.Find(used) is not null && graph.Find(user) is not null
                      select (From: user, To: used)).Distinct().ToList();
        var nodes = module.Assemblies.SelectMany(static assembly => assembly.Types).Where(static type => !type.IsNested).Select(static type => type.Name)
            .Concat(arrows.Select(static arrow => arrow.To)).Distinct().OrderBy(static name => name.FullName, StringComparer.Ordinal);
        return new Diagram(
            $"Types of {module.Folder}", DiagramLevel.Types,
            [.. nodes.Select(static name => new DiagramNode(Id(name), name.Name, NodeKind.Type, name.Namespace))],
            [.. arrows.Select(static arrow => new DiagramArrow(Id(arrow.From), Id(arrow.To), EdgeKind.TypeUse, [])).OrderBy(static arrow => arrow.From, StringComparer.Ordinal).ThenBy(static arrow => arrow.To, StringComparer.Ordinal)]);
    }

    private static DiagramNode Node(Module module, IReadOnlyList<Finding> findings) => new(
        Id(module.Name), module.Folder, NodeKind.Module, null, module.Manifest?.Owner ?? string.Empty, module.Manifest?.Purpose ?? string.Empty, findings.Count(finding => finding.Module == module.Folder));

    // Types of another module's Contracts where the two say nothing to each other.
    private static IEnumerable<DiagramArrow> PlainUses(CodeGraph graph, Conversations conversations, Module? module)
    {
        var speaking = conversations.Between().Where(static said => said.To is not null).SelectMany(static said => new[] { (said.From, To: said.To!), (From: said.To!, To: said.From) }).ToHashSet();
        return from user in graph.Modules
               from assembly in user.Assemblies
               from edge in graph.EdgesOut(assembly)
               let owner = graph.OwnerOf(edge.To.Assembly)
               where owner is not null && owner != user && graph.IsContracts(edge.To.Assembly) && !speaking.Contains((user, owner)) && (module is null || user == module || owner == module)
               group edge.To.Name by (From: user.Name, To: owner.Name) into pair
               select new DiagramArrow(Id(pair.Key.From), Id(pair.Key.To), EdgeKind.TypeUse, Names(pair));
    }

    private static IEnumerable<DiagramArrow> Violations(CodeGraph graph, Module? module, IReadOnlyList<Finding> findings) =>
        from finding in findings
        where finding is { Module: not null, To: not null }
        let culprit = graph.Modules.FirstOrDefault(one => one.Folder == finding.Module)
        let target = OwnerOf(graph, finding.To!)
        where culprit is not null && target is not null && culprit != target && (module is null || culprit == module || target == module)
        group finding.Rule by (From: culprit.Name, To: target.Name) into pair
        select new DiagramArrow(Id(pair.Key.From), Id(pair.Key.To), EdgeKind.TypeUse, Names(pair), IsViolation: true);

    private static Module? OwnerOf(CodeGraph graph, string fullName) => graph.Modules.FirstOrDefault(
        module => module.Assemblies.Any(assembly => fullName.StartsWith(assembly.Name + ".", StringComparison.Ordinal)));

    private static List<string> Names(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];

    private static TypeName Outer(TypeName name) => name.FullName.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? new TypeName(name.Assembly, name.FullName[..end], []) : name with { Arguments = [] };

    private static string Id(Message message) => Id(message.Owner.Name + "_" + message.Name);

    private static string Id(TypeName type) => Id(type.FullName);

    private static string Id(string name) => string.Concat(name.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
}
