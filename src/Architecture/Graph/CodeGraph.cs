using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace ModularMonolith.Architecture.Graph;

/// <summary>A repository's projects, modules and compiled code, and what depends on what.</summary>
public sealed class CodeGraph
{
    private readonly FrozenDictionary<(string Assembly, string Name), TypeFacts> _types;
    private readonly FrozenDictionary<string, AssemblyFacts> _assemblies;
    private readonly FrozenDictionary<string, ProjectFacts> _projects;
    private readonly FrozenDictionary<string, Module> _owners;
    private readonly ConcurrentDictionary<Type, Lazy<object>> _derived = new();
    private readonly Lazy<ILookup<string, (string Assembly, TypeFacts Type)>> _named;
    private readonly ConcurrentDictionary<AssemblyFacts, Lazy<IReadOnlyList<Edge>>> _edges = new(ReferenceEqualityComparer.Instance as IEqualityComparer<AssemblyFacts>);
    private readonly ConcurrentDictionary<AssemblyFacts, Lazy<IReadOnlyList<Edge>>> _edgesOut = new(ReferenceEqualityComparer.Instance as IEqualityComparer<AssemblyFacts>);
    private readonly ConcurrentDictionary<AssemblyFacts, Lazy<CodeUses>> _uses = new(ReferenceEqualityComparer.Instance as IEqualityComparer<AssemblyFacts>);

    /// <param name="root">The repository's folder.</param>
    /// <param name="projects">Its projects.</param>
    /// <param name="assemblies">What was compiled of them.</param>
    /// <param name="files">The files of the assemblies, by their simple names.</param>
    public CodeGraph(string root, IReadOnlyList<ProjectFacts> projects, IReadOnlyList<AssemblyFacts> assemblies, IReadOnlyDictionary<string, string>? files = null)
    {
        Root = root;
        Files = files ?? new Dictionary<string, string>();
        Projects = projects;
        Assemblies = assemblies;
        _assemblies = assemblies.DistinctBy(static assembly => assembly.Name).ToFrozenDictionary(static assembly => assembly.Name, StringComparer.Ordinal);
        _projects = projects.DistinctBy(static project => project.AssemblyName).ToFrozenDictionary(static project => project.AssemblyName, StringComparer.Ordinal);
        _types = assemblies.SelectMany(static assembly => assembly.Types.Select(type => (assembly, type))).DistinctBy(static pair => (pair.assembly.Name, pair.type.Name.FullName))
            .ToFrozenDictionary(static pair => (pair.assembly.Name, pair.type.Name.FullName), static pair => pair.type);
        Modules = [.. projects.Where(static project => project.Module is not null).GroupBy(static project => project.Module!).OrderBy(static group => group.Key, StringComparer.Ordinal).Select(Module)];
        _owners = Modules.SelectMany(static module => module.Projects.Where(static project => project.Kind != ProjectKind.Tests).Select(project => (project.AssemblyName, module)))
            .DistinctBy(static pair => pair.AssemblyName).ToFrozenDictionary(static pair => pair.AssemblyName, static pair => pair.module, StringComparer.Ordinal);
        _named = new(() => (
            from assembly in assemblies
            where OwnerOf(assembly.Name) is not null
            from type in assembly.Types
            select (assembly.Name, type)).ToLookup(static pair => pair.type.Name.Name, static pair => (pair.Name, pair.type), StringComparer.Ordinal));
    }

    /// <summary>The types of modules with a simple name, and their assemblies.</summary>
    internal IEnumerable<(string Assembly, TypeFacts Type)> NamedTypes(string name) => _named.Value[name];

    /// <summary>The repository's folder.</summary>
    public string Root { get; }

    /// <summary>The projects, tests included.</summary>
    public IReadOnlyList<ProjectFacts> Projects { get; }

    /// <summary>What was compiled of the projects of modules and src.</summary>
    public IReadOnlyList<AssemblyFacts> Assemblies { get; }

    /// <summary>The modules, by their folders, in order.</summary>
    public IReadOnlyList<Module> Modules { get; }

    /// <summary>The files of the assemblies by their simple names, for rules that read them in their own way.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>The assembly of a simple name, or null when it is not of this repository.</summary>
    public AssemblyFacts? Assembly(string name) => _assemblies.GetValueOrDefault(name);

    /// <summary>The project that is compiled to an assembly, or null.</summary>
    public ProjectFacts? ProjectOf(string assembly) => _projects.GetValueOrDefault(assembly);

    /// <summary>The module that owns an assembly, or null.</summary>
    public Module? OwnerOf(string assembly) => _owners.GetValueOrDefault(assembly);

    /// <summary>Whether an assembly is what others may see of a module.</summary>
    public bool IsContracts(string assembly) => ProjectOf(assembly)?.Kind == ProjectKind.Contracts;

    /// <summary>A type of this repository, or null.</summary>
    public TypeFacts? Find(TypeName name) => _types.GetValueOrDefault((name.Assembly, name.FullName));

    /// <summary>All that an assembly's code depends on, types of its own and of the framework included. Most of that are the framework's: who asks for other modules asks <see cref="EdgesOut"/>.</summary>
    public IReadOnlyList<Edge> EdgesOf(AssemblyFacts assembly) => _edges.GetOrAdd(assembly, static (key, graph) => new(() => Edges.Of(graph, key, static _ => true)), this).Value;

    /// <summary>The dependencies on types of other assemblies of this repository.</summary>
    public IReadOnlyList<Edge> EdgesOut(AssemblyFacts assembly) =>
        _edgesOut.GetOrAdd(assembly, static (key, graph) => new(() => Edges.Of(graph, key, type => type.Assembly != key.Name && graph.IsOurs(type))), this).Value;

    /// <summary>What an assembly's code uses, by what it is.</summary>
    internal CodeUses UsesOf(AssemblyFacts assembly) => _uses.GetOrAdd(assembly, static key => new(() => new CodeUses(key))).Value;

    /// <summary>Works out what most rules ask for, on all processors, before they wait for each other's.</summary>
    internal void Prepare() => Parallel.ForEach(Assemblies, assembly =>
    {
        EdgesOut(assembly);
        UsesOf(assembly);
    });

    /// <summary>Something that several rules work out of the graph, once.</summary>
    /// <typeparam name="T">What is worked out; one of each type is kept.</typeparam>
    internal T Derive<T>(Func<CodeGraph, T> make)
        where T : class => (T)_derived.GetOrAdd(typeof(T), static (_, argument) => new(() => argument.make(argument.graph)), (make, graph: this)).Value;

    /// <summary>A type's base types and interfaces, its own first, as far as the code of this repository tells.</summary>
    public IEnumerable<TypeName> Ancestors(TypeFacts type)
    {
        if (type.BaseType is null && type.Interfaces.Count == 0)
        {
            yield break;
        }

        var seen = new HashSet<TypeName>();
        var waiting = new Queue<TypeName>(type.BaseType is null ? type.Interfaces : type.Interfaces.Prepend(type.BaseType));
        while (waiting.TryDequeue(out var ancestor))
        {
            if (!seen.Add(ancestor))
            {
                continue;
            }

            yield return ancestor;
            if (Find(ancestor) is { } known)
            {
                foreach (var next in known.BaseType is null ? known.Interfaces : known.Interfaces.Prepend(known.BaseType))
                {
                    waiting.Enqueue(next);
                }
            }
        }
    }

    /// <summary>Whether a type derives from or implements another one, by its full name.</summary>
    public bool Is(TypeFacts type, string fullName) => type.Name.FullName == fullName || Ancestors(type).Any(ancestor => ancestor.FullName == fullName);

    /// <summary>Whether a type can be seen from other assemblies.</summary>
    public bool IsVisible(TypeFacts type)
    {
        var outer = type.Name.FullName.LastIndexOf('/') is > 0 and var end ? Find(new TypeName(type.Name.Assembly, type.Name.FullName[..end], [])) : null;
        return type.Visibility == Visibility.Public && (outer is null || IsVisible(outer));
    }

    /// <summary>The same repository with some projects and assemblies in place of those of the same name. What is known of the others is kept.</summary>
    public CodeGraph Replace(IReadOnlyList<ProjectFacts> projects, IReadOnlyList<AssemblyFacts> assemblies)
    {
        var replaced = new CodeGraph(
            Root, [.. Projects.Select(project => projects.FirstOrDefault(other => other.Path == project.Path) ?? project)],
            [.. Assemblies.Select(assembly => assemblies.FirstOrDefault(other => other.Name == assembly.Name) ?? assembly)], Files);
        foreach (var (assembly, edges) in _edges)
        {
            replaced._edges.TryAdd(assembly, edges);
        }

        foreach (var (assembly, edges) in _edgesOut)
        {
            replaced._edgesOut.TryAdd(assembly, edges);
        }

        foreach (var (assembly, uses) in _uses)
        {
            replaced._uses.TryAdd(assembly, uses);
        }

        return replaced;
    }

    private bool IsOurs(TypeName type) => _assemblies.ContainsKey(type.Assembly) || _projects.ContainsKey(type.Assembly);

    private Module Module(IGrouping<string, ProjectFacts> group)
    {
        var slice = group.FirstOrDefault(project => project.Kind == ProjectKind.Slice && project.Name == group.Key) ?? group.FirstOrDefault(static project => project.Kind == ProjectKind.Slice);
        var contracts = group.FirstOrDefault(static project => project.Kind == ProjectKind.Contracts);
        var assembly = slice is null ? null : Assembly(slice.AssemblyName);
        return new Module(group.Key, Read(assembly), [.. group], assembly, contracts is null ? null : Assembly(contracts.AssemblyName));
    }

    private static Manifest? Read(AssemblyFacts? slice)
    {
        var type = slice?.Types.FirstOrDefault(static type => type.Attribute(WellKnown.Module) is not null);
        var attribute = type?.Attribute(WellKnown.Module);
        return attribute is null || attribute.Arguments.Count == 0
            ? null
            : new Manifest(
                attribute.Arguments[0], attribute["Owner"] ?? string.Empty, attribute["Purpose"] ?? string.Empty, [.. attribute.All("DependsOn")],
                [.. type!.Attributes.Where(static other => other.Type.FullName == WellKnown.Permission && other.Arguments.Count > 0)
                    .Select(static other => new KeyValuePair<string, string>(other.Arguments[0], other.Arguments.ElementAtOrDefault(1) ?? string.Empty))],
                type!);
    }
}
