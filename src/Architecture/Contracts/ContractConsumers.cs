using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Contracts;

/// <summary>Finds out whose code a difference touches.</summary>
/// <param name="graph">The repository as it is compiled now.</param>
public sealed class ContractConsumers(CodeGraph graph)
{
    private const int PlacesAtMost = 5;
    private const string Constructor = ".ctor";

    private static readonly string[] Handlers = ["ModularMonolith.Platform.IntegrationLog.IHandle`1", "ModularMonolith.Platform.IntegrationLog.IHandleBatch`1"];

    private readonly Lazy<ILookup<string, (Module Module, Edge Edge)>> _uses = new(() => (
        from module in graph.Modules
        where module.Slice is not null
        from edge in graph.EdgesOut(module.Slice!)
        select (module, edge)).ToLookup(static pair => pair.edge.To.Assembly + "|" + NameOf(pair.edge.To), static pair => pair, StringComparer.Ordinal));

    /// <summary>Adds to a difference the modules that it touches.</summary>
    /// <param name="path">The contract file.</param>
    /// <param name="difference">The difference.</param>
    /// <returns>The difference with the modules; unchanged when it breaks nobody.</returns>
    public ContractDifference Name(string path, ContractDifference difference)
    {
        if (!difference.IsBreaking)
        {
            return difference;
        }

        var folder = path.Split('/')[1];
        var touched = path.EndsWith(ContractKind.Surface.Ending, StringComparison.Ordinal) ? OfType(folder, difference)
            : path.EndsWith(ContractKind.Events.Ending, StringComparison.Ordinal) ? OfEvent(difference.Subject)
            : [(folder, $"modules/{folder}/{folder}")];
        return difference with
        {
            Affected = [.. touched.Distinct().GroupBy(static place => place.Module, static place => place.Place, StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => new AffectedModule(group.Key, [.. group.Order(StringComparer.Ordinal).Take(PlacesAtMost)], group.Count()))],
        };
    }

    private IEnumerable<(string Module, string Place)> OfType(string owner, ContractDifference difference)
    {
        var assembly = graph.Projects.FirstOrDefault(project => project.Name == owner + ".Contracts")?.AssemblyName;
        var all = _uses.Value[assembly + "|" + difference.Subject.Split('<')[0]].ToList();
        var chosen = difference.Impact == ContractImpact.BreakingForProducers
            ? all.FindAll(static use => use.Edge.ToMember == Constructor)
            : all.FindAll(use => use.Module.Folder != owner);
        if (difference is { Impact: ContractImpact.BreakingForConsumers, Place.Length: > 0 })
        {
            var name = difference.Place.Split('(')[0];
            var isBuilt = difference.Kind.StartsWith("request-", StringComparison.Ordinal) || name == difference.Subject.Split('<')[0].Split('.')[^1];
            var named = chosen.FindAll(use => use.Edge.ToMember is { } member && (member == name || member == "get_" + name || member == "set_" + name || (isBuilt && member == Constructor)));

            // What is gone is used no more where the code was adapted already: then whoever knows the type is told.
            chosen = named.Count > 0 ? named : chosen;
        }

        return chosen.Select(static use => (use.Module.Folder, use.Edge.Span is { } span ? $"{span.File}:{span.Line}" : use.Edge.FromName));
    }

    private IEnumerable<(string Module, string Place)> OfEvent(string name)
    {
        var events = graph.Modules.SelectMany(static module => module.Assemblies).SelectMany(static assembly => assembly.Types)
            .Where(type => type.Attributes.Any(attribute => attribute.Type.Name == "EventNameAttribute" && attribute.Arguments is [var stored, ..] && stored == name))
            .Select(static type => type.Name.FullName).ToHashSet(StringComparer.Ordinal);
        return from module in graph.Modules
               from type in module.Slice?.Types ?? []
               where type.Interfaces.Any(found => Handlers.Contains(found.FullName) && found.Arguments is [var handled] && events.Contains(handled.FullName))
               select (module.Folder, type.Place is { } place ? $"{place.File}:{place.Line}" : type.Name.FullName);
    }

    // As a surface names it: without the namespace where it is the assembly's, with the outer types' names, without arity.
    private static string NameOf(TypeName type)
    {
        var name = type.Namespace == type.Assembly ? type.FullName[(type.Assembly.Length + 1)..] : type.FullName;
        return string.Join('.', name.Split('/').Select(static part => part.Split('`')[0]));
    }
}
