namespace ModularMonolith.Architecture.Graph;

/// <summary>A module: <c>modules/Name/Name</c> is the slice, <c>modules/Name/Name.Contracts</c> what others see of it.</summary>
/// <param name="Folder">The folder's name.</param>
/// <param name="Manifest">What its manifest says, or null while it has none.</param>
/// <param name="Projects">All of its projects, tests included.</param>
/// <param name="Slice">The code; null while there is none.</param>
/// <param name="Contracts">What others see; null while there is none.</param>
public sealed record Module(string Folder, Manifest? Manifest, IReadOnlyList<ProjectFacts> Projects, AssemblyFacts? Slice, AssemblyFacts? Contracts)
{
    /// <summary>The manifest's name; the folder's in lower case while there is no manifest.</summary>
    public string Name => Manifest?.Name ?? Folder.ToLowerInvariant();

    /// <summary>Slice and Contracts, as far as they are there.</summary>
    public IEnumerable<AssemblyFacts> Assemblies => new[] { Slice, Contracts }.OfType<AssemblyFacts>();

    /// <summary>The project of a kind, or null.</summary>
    public ProjectFacts? Project(ProjectKind kind) => Projects.FirstOrDefault(project => project.Kind == kind);

    /// <summary>The folder's name.</summary>
    public override string ToString() => Folder;
}

/// <summary>What a module says of itself with <c>[Module]</c>.</summary>
/// <param name="Name">Its schema, route segment and configuration section.</param>
/// <param name="Owner">The team that answers for it.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="DependsOn">The modules whose Contracts it uses.</param>
/// <param name="Permissions">The permissions that it declares, with their descriptions.</param>
/// <param name="Type">The class that carries it.</param>
public sealed record Manifest(string Name, string Owner, string Purpose, IReadOnlyList<string> DependsOn, IReadOnlyList<KeyValuePair<string, string>> Permissions, TypeFacts Type);
