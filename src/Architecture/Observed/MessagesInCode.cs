using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Observed;

/// <summary>The edges that the compiled code can bring about: who makes which request and publishes which event, and who answers or handles it.</summary>
public static class MessagesInCode
{
    /// <summary>Reads them.</summary>
    /// <param name="graph">The repository.</param>
    /// <returns>Edges between different modules, in order.</returns>
    // A module makes a request wherever its code names the class. It publishes an event where it makes one; events that nobody makes by name are those of the module that owns them.
    public static IReadOnlyList<MessageEdge> Of(CodeGraph graph)
    {
        var answering = new Dictionary<string, Module>(StringComparer.Ordinal);
        var handling = new List<(string Event, Module Module)>();
        var naming = new Dictionary<string, HashSet<Module>>(StringComparer.Ordinal);
        var making = new Dictionary<string, HashSet<Module>>(StringComparer.Ordinal);
        foreach (var module in graph.Modules.Where(static module => module.Slice is not null))
        {
            foreach (var type in module.Slice!.Types)
            {
                Receives(graph, module, type, answering, handling);
            }

            foreach (var edge in graph.EdgesOf(module.Slice).Where(edge => graph.OwnerOf(edge.To.Assembly) is not null))
            {
                Of(naming, edge.To.FullName).Add(module);
                if (edge.Kind == EdgeKind.Call && edge.ToMember == ".ctor")
                {
                    Of(making, edge.To.FullName).Add(module);
                }
            }
        }

        var requests = from answer in answering from sender in naming.GetValueOrDefault(answer.Key, []) where sender != answer.Value select new MessageEdge(sender.Name, answer.Value.Name, MessageEdge.Request, Written(answer.Key));
        var events = from handled in handling from publisher in Publishers(graph, making, handled.Event) where publisher != handled.Module select new MessageEdge(publisher.Name, handled.Module.Name, MessageEdge.Event, Written(handled.Event));
        return [.. requests.Concat(events).Distinct().OrderBy(static edge => edge.ToString(), StringComparer.Ordinal)];
    }

    private static void Receives(CodeGraph graph, Module module, TypeFacts type, Dictionary<string, Module> answering, List<(string Event, Module Module)> handling)
    {
        foreach (var contract in graph.Ancestors(type).Where(static contract => contract.Arguments.Count > 0))
        {
            switch (contract.FullName)
            {
                case WellKnown.RequestHandler or WellKnown.PlainRequestHandler:
                    answering[contract.Arguments[0].FullName] = module;
                    break;
                case WellKnown.Handle or WellKnown.HandleBatch:
                    handling.Add((contract.Arguments[0].FullName, module));
                    break;
            }
        }
    }

    // The owner stands beside those who make it: what is stored may be published without being made anew, and a host that does not know who wrote an event takes it for the owner's.
    private static IEnumerable<Module> Publishers(CodeGraph graph, Dictionary<string, HashSet<Module>> making, string name) =>
        making.GetValueOrDefault(name, []).Concat(graph.Modules.Where(module => module.Assemblies.Any(assembly => assembly.Types.Any(type => type.Name.FullName == name)))).Distinct();

    private static HashSet<Module> Of(Dictionary<string, HashSet<Module>> modules, string name) => modules.TryGetValue(name, out var found) ? found : modules[name] = [];

    // As a running program writes the name of a nested class.
    private static string Written(string name) => name.Replace('/', '+');
}
