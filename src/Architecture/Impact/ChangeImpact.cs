using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reports.Pages;

namespace ModularMonolith.Architecture.Impact;

/// <summary>A module that uses what another one has changed in its Contracts.</summary>
/// <param name="Module">The module that uses it.</param>
/// <param name="Owner">The module whose Contracts changed.</param>
/// <param name="Types">The changed types that it uses, by their simple names.</param>
public sealed record Consumer(Module Module, Module Owner, IReadOnlyList<string> Types);

/// <summary>An operation of the API that runs changed code.</summary>
/// <param name="Module">Its module.</param>
/// <param name="Operation">Its <c>operationId</c>, or the endpoint class's name where it has none.</param>
/// <param name="Route">Method and path; empty when no contract file has it.</param>
public sealed record TouchedEndpoint(Module Module, string Operation, string Route);

/// <summary>A test project that a change calls for.</summary>
/// <param name="Project">Its project file.</param>
/// <param name="Because">Why.</param>
public sealed record NeededTests(string Project, string Because);

/// <summary>What a change touches.</summary>
/// <param name="Files">The changed files.</param>
/// <param name="Modules">The modules in whose folders they are.</param>
/// <param name="Contracts">The types of Contracts that are touched or gone, by module.</param>
/// <param name="Consumers">Who uses them.</param>
/// <param name="Endpoints">The operations that run changed code, of any module.</param>
/// <param name="Tests">The test projects that are enough.</param>
/// <param name="Everything">Why all tests are needed; null when they are not.</param>
public sealed record ChangeImpact(
    IReadOnlyList<ChangedFile> Files, IReadOnlyList<Module> Modules, IReadOnlyList<KeyValuePair<Module, IReadOnlyList<string>>> Contracts, IReadOnlyList<Consumer> Consumers,
    IReadOnlyList<TouchedEndpoint> Endpoints, IReadOnlyList<NeededTests> Tests, string? Everything)
{
    /// <summary>Finds out what a change touches, by real use and not by references: a module that refers to changed Contracts and uses nothing of what changed is not touched.</summary>
    /// <param name="graph">The code as it is after the change.</param>
    /// <param name="files">The changed files.</param>
    /// <returns>What they touch.</returns>
    public static ChangeImpact Of(CodeGraph graph, IReadOnlyList<ChangedFile> files)
    {
        var users = new TypeUsers(graph);
        var modules = graph.Modules.Where(module => files.Any(file => IsIn(file, $"modules/{module.Folder}/"))).ToList();
        var contracts = Changed(graph, users, files);
        var changed = files.SelectMany(static file => file.Types).SelectMany(users.Named).Concat(files.SelectMany(file => WholeAssembly(graph, file))).Select(static type => type.Name).ToHashSet();
        var touched = users.Touched(changed);
        var consumers = Consuming(graph, changed);
        var endpoints = Reached(graph, touched);
        var noticing = users.Touched(changed.Where(type => graph.IsContracts(type.Assembly)), byNameOnly: true).Select(type => graph.OwnerOf(type.Assembly)).OfType<Module>().Distinct().ToList();
        var (tests, everything) = TestSelection.Of(graph, files, modules, noticing, endpoints.Count > 0);
        return new ChangeImpact(files, modules, contracts, consumers, endpoints, tests, everything);
    }

    internal static bool IsIn(ChangedFile file, string folder) => file.Path.StartsWith(folder, StringComparison.Ordinal) || file.FormerPath.StartsWith(folder, StringComparison.Ordinal);

    // A project file, a resource, or a source that declares nothing (imports for the whole project) can change all that is compiled with it.
    private static IEnumerable<TypeFacts> WholeAssembly(CodeGraph graph, ChangedFile file)
    {
        var project = file.Types.Count > 0 || TestSelection.IsDocument(file) ? null : graph.Projects.FirstOrDefault(project => project.Module is not null && project.Kind != ProjectKind.Tests && IsIn(file, project.Folder + "/"));
        return project is null ? [] : graph.Assembly(project.AssemblyName)?.Types ?? [];
    }

    private static List<KeyValuePair<Module, IReadOnlyList<string>>> Changed(CodeGraph graph, TypeUsers users, IReadOnlyList<ChangedFile> files) =>
        [.. from module in graph.Modules
            let names = (from file in files
                         where IsIn(file, $"modules/{module.Folder}/{module.Folder}.Contracts/")
                         from name in file.Types
                         let known = users.Named(name).FirstOrDefault()
                         where known is null || graph.IsVisible(known)
                         select TypeName.SimpleName(name) + (known is null ? " (gone)" : string.Empty)).Distinct().Order(StringComparer.Ordinal).ToList()
            where names.Count > 0
            select KeyValuePair.Create(module, (IReadOnlyList<string>)names)];

    private static List<Consumer> Consuming(CodeGraph graph, HashSet<TypeName> changed) =>
        [.. from user in graph.Modules
            from assembly in user.Assemblies
            from edge in graph.EdgesOut(assembly)
            let owner = graph.OwnerOf(edge.To.Assembly)
            where owner is not null && owner != user && changed.Contains(edge.To with { Arguments = [] })
            group edge.To.Name by (user, owner) into pair
            orderby pair.Key.user.Name, pair.Key.owner.Name
            select new Consumer(pair.Key.user, pair.Key.owner, [.. pair.Distinct().Order(StringComparer.Ordinal)])];

    private static List<TouchedEndpoint> Reached(CodeGraph graph, HashSet<TypeName> touched)
    {
        var endpoints = new List<TouchedEndpoint>();
        foreach (var module in graph.Modules)
        {
            var classes = (module.Slice?.Types ?? []).Where(type => type is { Kind: TypeKind.Class, IsAbstract: false } && touched.Contains(type.Name) && graph.Is(type, WellKnown.CarterModule)).ToList();
            if (classes.Count > 0)
            {
                var routes = ApiOperations.Of(graph.Root, module).ToLookup(static operation => operation.Id, StringComparer.Ordinal);
                endpoints.AddRange(classes.SelectMany(type => Operations(module, type, routes)));
            }
        }

        return [.. endpoints.Distinct().OrderBy(static endpoint => endpoint.Module.Name, StringComparer.Ordinal).ThenBy(static endpoint => endpoint.Operation, StringComparer.Ordinal)];
    }

    private static IEnumerable<TouchedEndpoint> Operations(Module module, TypeFacts type, ILookup<string, ApiOperation> routes)
    {
        var names = type.Members.SelectMany(static member => member.Uses).Where(static use => use.Member == "WithName" && use.Texts.Count > 0).Select(static use => use.Texts[^1]).OfType<string>().ToList();
        return names.DefaultIfEmpty(type.Name.Name).Select(name => new TouchedEndpoint(module, name, string.Join(", ", routes[name].Select(static operation => $"{operation.Method} {operation.Path}"))));
    }
}
