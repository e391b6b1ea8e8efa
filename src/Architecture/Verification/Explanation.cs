using System.Text;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reporting;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Verification;

/// <summary>Says why one part of the code reaches another one: the shortest chain of types, and each link's place.</summary>
public static class Explanation
{
    private const int LinksAtMost = 25;

    /// <summary>Looks for the shortest way.</summary>
    /// <param name="graph">The code.</param>
    /// <param name="from">A module, an assembly, or a type, by its name.</param>
    /// <param name="to">Likewise.</param>
    /// <returns>The chain, empty when there is none; and every direct link between the two, when there is one.</returns>
    /// <exception cref="ArchitectureException">A name stands for nothing.</exception>
    public static Route Find(CodeGraph graph, string from, string to)
    {
        var (starts, goals) = (Resolve(graph, from), Resolve(graph, to));
        var came = new Dictionary<TypeFacts, Edge?>(ReferenceEqualityComparer.Instance as IEqualityComparer<TypeFacts>);
        var waiting = new Queue<TypeFacts>();
        foreach (var start in starts.Where(start => !goals.Contains(start)))
        {
            came[start] = null;
            waiting.Enqueue(start);
        }

        var edges = new Dictionary<string, ILookup<TypeFacts, Edge>>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var current))
        {
            var outgoing = EdgesOf(graph, edges, current)[current];
            foreach (var edge in outgoing)
            {
                if (graph.Find(edge.To) is not { } next || ReferenceEquals(next, current))
                {
                    continue;
                }

                if (goals.Contains(next))
                {
                    var chain = Chain(came, current, edge);
                    return new Route(chain, chain.Count == 1 ? Direct(graph, starts, goals) : []);
                }

                if (came.TryAdd(next, edge))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return new Route([], []);
    }

    /// <summary>The answer in words.</summary>
    public static string Write(CodeGraph graph, string from, string to)
    {
        var route = Find(graph, from, to);
        var text = new StringBuilder().Append(from);
        if (route.Chain.Count == 0)
        {
            route = new Route(OverModules(graph, from, to), []);
            if (route.Chain.Count == 0)
            {
                return $"{from} does not reach {to}.\n";
            }

            text.Append(" reaches no code of ").Append(to).Append(", but modules that lead there:\n");
        }
        else
        {
            text.Append(" reaches ").Append(to).Append(route.Chain.Count == 1 ? " directly:\n" : $" over {route.Chain.Count} steps:\n");
        }

        var places = new SourcePlaces(graph.Root);
        var links = route.Direct.Count > 0 ? route.Direct : route.Chain;
        foreach (var edge in links.Take(LinksAtMost))
        {
            var place = places.Refine(Finding.Of(edge, null, string.Empty)).Span;
            text.Append("  ").Append(place is null ? "?" : place.ToString()).Append(": ").Append(edge.FromName).Append(" → ").Append(edge.ToName).Append(" (").Append(TextReport.Name(edge.Kind)).Append(")\n");
        }

        return links.Count > LinksAtMost ? text.Append("  and ").Append(links.Count - LinksAtMost).Append(" more\n").ToString() : text.ToString();
    }

    // A request ends at another module's Contracts; who answers it goes on in code of its own.
    private static List<Edge> OverModules(CodeGraph graph, string from, string to)
    {
        if (ModuleOf(graph, from) is not { } start || ModuleOf(graph, to) is not { } goal)
        {
            return [];
        }

        var came = new Dictionary<string, (string Before, Edge Edge)>(StringComparer.Ordinal);
        var waiting = new Queue<Module>([start]);
        while (waiting.TryDequeue(out var current))
        {
            foreach (var edge in current.Assemblies.SelectMany(graph.EdgesOut))
            {
                if (graph.OwnerOf(edge.To.Assembly) is { } next && next.Folder != start.Folder && next.Folder != current.Folder && came.TryAdd(next.Folder, (current.Folder, edge)))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        var chain = new List<Edge>();
        for (var at = goal.Folder; came.TryGetValue(at, out var step); at = step.Before)
        {
            chain.Insert(0, step.Edge);
        }

        return chain;
    }

    private static Module? ModuleOf(CodeGraph graph, string name) =>
        graph.Modules.FirstOrDefault(module => string.Equals(module.Folder, name, StringComparison.OrdinalIgnoreCase) || module.Name == name);

    private static List<Edge> Chain(Dictionary<TypeFacts, Edge?> came, TypeFacts current, Edge last)
    {
        var chain = new List<Edge> { last };
        while (came[current] is { } edge)
        {
            chain.Add(edge);
            current = edge.FromType;
        }

        chain.Reverse();
        return chain;
    }

    private static List<Edge> Direct(CodeGraph graph, HashSet<TypeFacts> starts, HashSet<TypeFacts> goals) =>
    [
        .. graph.Assemblies.Where(assembly => assembly.Types.Any(starts.Contains)).SelectMany(graph.EdgesOf)
            .Where(edge => starts.Contains(edge.FromType) && graph.Find(edge.To) is { } target && goals.Contains(target))
            .DistinctBy(static edge => (edge.FromName, edge.ToName, edge.Span?.File, edge.Span?.Line))
            .OrderBy(static edge => edge.Span?.File, StringComparer.Ordinal).ThenBy(static edge => edge.Span?.Line),
    ];

    private static ILookup<TypeFacts, Edge> EdgesOf(CodeGraph graph, Dictionary<string, ILookup<TypeFacts, Edge>> edges, TypeFacts type)
    {
        var name = type.Name.Assembly;
        return edges.TryGetValue(name, out var known) ? known : edges[name] = graph.EdgesOf(graph.Assembly(name)!).ToLookup(static edge => edge.FromType, ReferenceEqualityComparer.Instance as IEqualityComparer<TypeFacts>);
    }

    private static HashSet<TypeFacts> Resolve(CodeGraph graph, string name)
    {
        var module = ModuleOf(graph, name);
        var types = module is not null ? module.Assemblies.SelectMany(static assembly => assembly.Types)
            : graph.Assembly(name) is { } assembly ? assembly.Types
            : graph.Assemblies.SelectMany(static assembly => assembly.Types).Where(type => type.Name.Name == name || Describe.Target(type.Name, null) == name);
        var found = types.ToHashSet(ReferenceEqualityComparer.Instance as IEqualityComparer<TypeFacts>);
        return found.Count > 0 ? found : throw new ArchitectureException($"'{name}' is no module, assembly or type of this repository. Name a module by its folder (Ordering), or a type (PlaceOrderHandler, ModularMonolith.Ordering.Orders.PlaceOrder).");
    }
}

/// <summary>A way through the code.</summary>
/// <param name="Chain">The links of the shortest way; empty when there is none.</param>
/// <param name="Direct">When the shortest way is one link: all links between the two.</param>
public sealed record Route(IReadOnlyList<Edge> Chain, IReadOnlyList<Edge> Direct);
