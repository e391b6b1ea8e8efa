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
        from edge in graph.EdgesOf(module.Slice!)
        where graph.OwnerOf(edge.To.Assembly) is not null
        select (module, edge)).ToLookup(static pair => pair.edge.To.FullName, static pair => pair, StringComparer.Ordinal));

    /// <summary>Adds to a difference the modules that it touches.</summary>
    /// <param name="path">The contract file.</param>
    /// <param name="difference">The difference.</param>
    /// <returns>The difference with the modules; unchanged when it breaks nobody.</returns>
    public ContractDifference Name(string path, ContractDifference difference)
    {
        var folder = path.Split('/')[1];
        if (!difference.IsBreaking || graph.Modules.FirstOrDefault(module => module.Folder == folder) is not { } owner)
        {
            return difference;
        }

        var touched = path.EndsWith(ContractKind.Surface.Ending, StringComparison.Ordinal) ? OfType(owner, difference)
            : path.EndsWith(ContractKind.Events.Ending, StringComparison.Ordinal) ? OfEvent(difference.Subject)
            : [(owner.Folder, owner.Slice?.Types.FirstOrDefault(type => type.Name.FullName == owner.Manifest?.Type.Name.FullName)?.Place?.ToString() ?? owner.Folder)];
        return difference with
        {
            Affected = [.. touched.Distinct().GroupBy(static place => place.Module, static place => place.Place, StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => new AffectedModule(group.Key, [.. group.Order(StringComparer.Ordinal).Take(PlacesAtMost)], group.Count()))],
        };
    }

    private IEnumerable<(string Module, string Place)> OfType(Module owner, ContractDifference difference)
    {
        var space = owner.Project(ProjectKind.Contracts)?.AssemblyName + ".";
        var all = _uses.Value.Where(group => NameOf(group.Key, space) == difference.Subject.Split('<')[0]).SelectMany(static group => group).ToList();
        var makers = all.Where(static use => use.Edge.ToMember == Constructor).ToList();
        var chosen = difference.Impact == ContractImpact.BreakingForProducers ? makers
            : all.Where(use => use.Module.Folder != owner.Folder).ToList();
        if (difference is { Impact: ContractImpact.BreakingForConsumers, Place.Length: > 0 })
        {
            var name = difference.Place.Split('(')[0];
            var isBuilt = difference.Kind.StartsWith("request-", StringComparison.Ordinal);
            var named = chosen.Where(use => use.Edge.ToMember is { } member && (member == name || member == "get_" + name || member == "set_" + name || (isBuilt && member == Constructor))).ToList();

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

    private static string NameOf(string fullName, string space) =>
        string.Join('.', (fullName.StartsWith(space, StringComparison.Ordinal) && !fullName[space.Length..].Contains('.', StringComparison.Ordinal) ? fullName[space.Length..] : fullName).Split('/').Select(static part => part.Split('`')[0]));
}
