using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What stands on what outside of the modules.</summary>
public static class LayerRules
{
    /// <summary>Projects below src refer to those below them only.</summary>
    public static readonly Rule SourcesAreLayered = new(
        "sources-are-layered",
        "Dependencies below src point one way; a shortcut back makes two projects into one.",
        "Move the shared part down, or add the project to the layers of the repository's architecture with what it stands on.",
        static context => Outcome.Of(context.Graph.Projects.Where(static project => project.Kind is ProjectKind.Source or ProjectKind.Edition), project => project.Kind == ProjectKind.Edition ? OfEdition(context.Graph, project) : context.Policy.Layers.TryGetValue(project.Name, out var allowed)
            ? InProject(context, project, allowed).Concat(InCode(context, project, allowed))
            : [new Finding(project.Path, "has no place in the layering") { Span = Subjects.Start(project.Path) }]))
    {
        PlantOnce = static context =>
        {
            var project = Source(context, static _ => true);
            return context.With(project with { References = [.. project.References, Planted.Item(project, "Nowhere")] });
        },
    };

    /// <summary>The host finds modules by itself.</summary>
    public static readonly Rule HostNamesNoModule = new(
        "host-names-no-module",
        "The host finds modules by scan. One that is named in its code could not be left out, and a new one would need a change there.",
        "Register what is needed in the module's own IModule class.",
        static context => Outcome.Of(
            context.Graph.Sources().Where(pair => context.Policy.Hosts.Contains(pair.Assembly.Name)),
            pair => UsesOfModules(context.Graph, pair.Assembly).Concat(
                from item in pair.Project.References
                where NamesModules(item)
                from target in context.Graph.Targets(item)
                where target.Module is not null
                select new Finding(pair.Project.Path, "refers to " + target.AssemblyName) { To = target.AssemblyName, Kind = EdgeKind.Project, Span = item.Place })))
    {
        PlantOnce = static context => context with { Graph = context.Graph.Using(Assembly(context, name => context.Policy.Hosts.Contains(name)), AnyContract(context)) },
    };

    /// <summary>What modules stand on knows none of them.</summary>
    public static readonly Rule PlatformKnowsNoModule = new(
        "platform-knows-no-module",
        "Every module stands on the platform. If it knew one of them, all would.",
        "Give the platform a general extension point and use it from the module.",
        static context => context.Graph.Modules.Count == 0 ? new Outcome(0, []) : Outcome.Of(
            context.Graph.Sources().Where(pair => !context.Policy.Hosts.Contains(pair.Assembly.Name) || context.Policy.Platform.Contains(pair.Assembly.Name)),
            pair => UsesOfModules(context.Graph, pair.Assembly)))
    {
        PlantOnce = static context => context with { Graph = context.Graph.Using(Assembly(context, name => context.Policy.Platform.Contains(name)), AnyContract(context)) },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [SourcesAreLayered, HostNamesNoModule, PlatformKnowsNoModule];

    private static IEnumerable<Finding> InProject(RuleContext context, ProjectFacts project, IReadOnlyList<string> allowed)
    {
        var isHost = context.Policy.Hosts.Contains(project.AssemblyName);
        foreach (var item in project.References)
        {
            var isPattern = item.Include.Contains('*', StringComparison.Ordinal);
            var names = isPattern ? context.Graph.Targets(item).Where(target => !(isHost && target.Module is not null) && target.Path != project.Path).Select(static target => target.Name) : [item.Name];
            foreach (var name in names.Where(name => !allowed.Contains(name)))
            {
                yield return new Finding(project.Path, "refers to " + name) { To = name, Kind = EdgeKind.Project, Span = item.Place };
            }
        }

        foreach (var item in project.Files.Where(item => context.Graph.ProjectOf(item.Name) is { Kind: not ProjectKind.Edition } target && !allowed.Contains(target.Name)))
        {
            yield return new Finding(project.Path, "refers to " + item.Name) { To = item.Name, Kind = EdgeKind.Project, Span = item.Place };
        }

        foreach (var item in project.Compiled.Where(item => item.Resolved is { } path && !path.StartsWith(project.Folder + "/", StringComparison.Ordinal) && IsCode(path)))
        {
            yield return new Finding(project.Path, "compiles " + item.Resolved) { To = item.Resolved, Kind = EdgeKind.Project, Span = item.Place };
        }
    }

    // modules/*/… means every module; anything else means those that somebody thought of.
    private static bool NamesModules(ProjectItem item) => !item.Include.Contains('*', StringComparison.Ordinal) || item.Resolved?.StartsWith("modules/*", StringComparison.Ordinal) != true;

    // An edition is replaced by the package, which knows nothing of this repository.
    private static IEnumerable<Finding> OfEdition(CodeGraph graph, ProjectFacts project) =>
        from item in project.References
        from target in graph.Targets(item)
        where target.Kind != ProjectKind.Edition
        select new Finding(project.Path, "refers to " + target.Name) { To = target.Name, Kind = EdgeKind.Project, Span = item.Place, Suggestion = "An edition stands on packages and other editions only." };

    private static bool IsCode(string path) => path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("modules/", StringComparison.Ordinal);

    // What a reference brings along compiles without a reference of its own, and is a dependency all the same.
    private static IEnumerable<Finding> InCode(RuleContext context, ProjectFacts project, IReadOnlyList<string> allowed)
    {
        var graph = context.Graph;
        if (graph.Assembly(project.AssemblyName) is not { } assembly)
        {
            yield break;
        }

        var forbidden = graph.Projects.Where(other => other.Kind == ProjectKind.Source && other != project && !allowed.Contains(other.Name)).Select(static other => other.AssemblyName).ToHashSet(StringComparer.Ordinal);
        foreach (var edge in graph.EdgesOut(assembly))
        {
            if (forbidden.Contains(edge.To.Assembly))
            {
                yield return Finding.Of(edge, null, Wording.Of(graph, edge)) with
                {
                    Suggestion = $"{project.Name} may refer to {(allowed.Count == 0 ? "no other project" : string.Join(", ", allowed))}; this comes along with one of the references.",
                };
            }
        }
    }

    private static IEnumerable<Finding> UsesOfModules(CodeGraph graph, AssemblyFacts assembly)
    {
        foreach (var edge in graph.EdgesOut(assembly))
        {
            if (graph.OwnerOf(edge.To.Assembly) is not null)
            {
                yield return Finding.Of(edge, null, Wording.Of(graph, edge));
            }
        }
    }

    private static ProjectFacts Source(RuleContext context, Func<ProjectFacts, bool> which) =>
        context.Graph.Projects.FirstOrDefault(project => project.Kind == ProjectKind.Source && context.Policy.Layers.ContainsKey(project.Name) && which(project))
        ?? throw new ArchitectureException("No project below src has a place in the layers.");

    private static AssemblyFacts Assembly(RuleContext context, Func<string, bool> which) =>
        context.Graph.Assemblies.FirstOrDefault(assembly => which(assembly.Name)) ?? throw new ArchitectureException("The host or the platform has not been built.");

    private static TypeName AnyContract(RuleContext context) =>
        context.Graph.Contracts().Where(static pair => pair.Assembly.Types.Count > 0).Select(static pair => Planted.Any(pair.Assembly)).FirstOrDefault() ?? throw new ArchitectureException("No module has Contracts.");
}
