using ModularMonolith.Architecture.Contracts.Shapes;
using ModularMonolith.Architecture.Contracts.Surface;
using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Contracts;

/// <summary>What the compiled code of the modules and of the platform promises: the texts that the contract files should have.</summary>
public sealed class CompiledContracts
{
    private const string Ending = ".Contracts";

    internal CompiledContracts(IReadOnlyList<string> folders, IReadOnlyDictionary<string, string> texts)
    {
        Folders = folders;
        Texts = texts;
    }

    /// <summary>The folders of those that promise something, relative to the repository, with slashes: the modules, and the platform.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>The texts by path, relative to the repository. A module that promises nothing of a kind has no file of it.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>Reads the assemblies of all modules. They are not loaded, so that code of another version can be read too.</summary>
    /// <param name="graph">The repository.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ArchitectureException">A module is not compiled.</exception>
    public static CompiledContracts Of(CodeGraph graph)
    {
        using var assemblies = new Assemblies(graph.Files);
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var module in graph.Modules)
        {
            var contracts = Read(assemblies, graph, module, ProjectKind.Contracts);
            var slice = Read(assemblies, graph, module, ProjectKind.Slice);
            foreach (var (kind, text) in Write(contracts, slice))
            {
                texts[kind.PathOf("modules/" + module.Folder)] = text;
            }
        }

        // All modules stand on the platform's Contracts; it has no slice.
        var shared = graph.Projects.Where(static project => project.Kind == ProjectKind.Source && project.Name.EndsWith(Ending, StringComparison.Ordinal)).ToList();
        foreach (var project in shared)
        {
            foreach (var (kind, text) in Write(Read(assemblies, graph, project), null))
            {
                texts[kind.PathOf(FolderOf(project))] = text;
            }
        }

        return new CompiledContracts([.. graph.Modules.Select(static module => "modules/" + module.Folder), .. shared.Select(FolderOf)], texts);
    }

    /// <summary>Writes what one module promises.</summary>
    internal static IEnumerable<(ContractKind Kind, string Text)> Write(ModuleDefinition? contracts, ModuleDefinition? slice)
    {
        if (contracts is not null && SurfaceReader.Read(contracts) is { Count: > 0 } types)
        {
            yield return (ContractKind.Surface, SurfaceText.Write(types));
        }

        if (EventReader.Published(new[] { contracts, slice }.OfType<ModuleDefinition>()) is { Events.Count: > 0 } events)
        {
            yield return (ContractKind.Events, ShapeText.Write(events));
        }

        if (slice is not null && EventReader.Stored(slice) is { Events.Count: > 0 } stored)
        {
            yield return (ContractKind.Stored, ShapeText.Write(stored));
        }
    }

    // The Contracts of src/Platform stand in src/Platform.Contracts.
    private static string FolderOf(ProjectFacts project) => project.Folder[..^Ending.Length];

    private static ModuleDefinition? Read(Assemblies assemblies, CodeGraph graph, Module module, ProjectKind kind) => module.Project(kind) is { } project ? Read(assemblies, graph, project) : null;

    private static ModuleDefinition Read(Assemblies assemblies, CodeGraph graph, ProjectFacts project) =>
        graph.Files.TryGetValue(project.AssemblyName, out var file) ? assemblies.Read(file)
        : throw new ArchitectureException($"{project.Path} is not compiled. Build it first: dotnet build {project.Path}");
}
