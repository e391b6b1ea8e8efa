using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>Which part of which module a project is, and which modules there are, as the build says.</summary>
internal sealed class ModulePlace
{
    private const string ContractsSuffix = ".Contracts";

    private readonly string _prefix;

    private readonly string? _projectFolder;

    private ModulePlace(string folder, bool isContracts, ImmutableSortedDictionary<string, string> modules, string prefix, string? projectFolder)
    {
        _projectFolder = projectFolder;
        Folder = folder;
        IsContracts = isContracts;
        Modules = modules;
        _prefix = prefix;
    }

    /// <summary>The module's folder below modules, for example <c>Ordering</c>.</summary>
    public string Folder { get; }

    /// <summary>Whether the project is the module's Contracts; otherwise it is the slice.</summary>
    public bool IsContracts { get; }

    /// <summary>The names of all modules by their folders. A module's name is its schema's.</summary>
    public ImmutableSortedDictionary<string, string> Modules { get; }

    /// <summary>The module's name.</summary>
    public string Name => Modules.TryGetValue(Folder, out var name) ? name : Folder.ToLowerInvariant();

    /// <summary>The name of the module's slice's assembly.</summary>
    public string SliceName => _prefix + Folder;

    /// <summary>The name of the module's Contracts' assembly.</summary>
    public string ContractsName => SliceName + ContractsSuffix;

    /// <summary>The project's name: Ordering or Ordering.Contracts.</summary>
    public string ProjectName => IsContracts ? Folder + ContractsSuffix : Folder;

    /// <summary>What the names of all assemblies of the product begin with.</summary>
    public string Prefix => _prefix;

    /// <summary>Where a project stands; null when it is no part of a module.</summary>
    public static ModulePlace? Of(Compilation compilation, AnalyzerOptions options)
    {
        var build = options.AnalyzerConfigOptionsProvider.GlobalOptions;
        if (!build.TryGetValue("build_property.BoundaryModule", out var folder) || folder.Length == 0 || !build.TryGetValue("build_property.BoundaryPart", out var part) || part is not ("Slice" or "Contracts"))
        {
            return null;
        }

        var project = part == "Contracts" ? folder + ContractsSuffix : folder;
        var assembly = compilation.AssemblyName ?? project;
        var prefix = assembly.EndsWith(project, StringComparison.Ordinal) ? assembly.Substring(0, assembly.Length - project.Length) : string.Empty;
        return new ModulePlace(folder, part == "Contracts", Names(build.TryGetValue("build_property.BoundaryModules", out var modules) ? modules : string.Empty), prefix,
            build.TryGetValue("build_property.ProjectDir", out var projectFolder) && projectFolder.Length > 0 ? Slashed(projectFolder).TrimEnd('/') + "/" : null);
    }

    /// <summary>The folder of the module that an assembly belongs to, by its slice or its Contracts; null when it belongs to none.</summary>
    public string? OwnerOf(string assembly)
    {
        if (!assembly.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var project = assembly.Substring(_prefix.Length);
        var folder = project.EndsWith(ContractsSuffix, StringComparison.Ordinal) ? project.Substring(0, project.Length - ContractsSuffix.Length) : project;
        return Modules.ContainsKey(folder) || folder == Folder ? folder : null;
    }

    /// <summary>The folder of the other module that an assembly belongs to; null when it belongs to none or to this one.</summary>
    public string? OtherOwnerOf(string? assembly) => assembly is not null && OwnerOf(assembly) is { } owner && owner != Folder ? owner : null;

    /// <summary>
    /// Where a file stands: its path in the repository, and the folders between the project and it; no folders for a file outside of the project. Null when the build does not say where the
    /// project is, or wrote the file itself.
    /// </summary>
    public (string Path, string[]? Folders)? Locate(SyntaxTree? file)
    {
        if (_projectFolder is null || file?.FilePath is not { Length: > 0 } written)
        {
            return null;
        }

        var path = Slashed(written);
        if (path.StartsWith(_projectFolder, StringComparison.Ordinal))
        {
            var below = path.Substring(_projectFolder.Length);
            var parts = below.Split('/');
            return parts[0] is "obj" or "bin" ? null : ($"modules/{Folder}/{ProjectName}/{below}", [.. parts.Take(parts.Length - 1)]);
        }

        // modules/Ordering/Ordering/ stands three folders below the repository.
        var root = _projectFolder.EndsWith($"modules/{Folder}/{ProjectName}/", StringComparison.Ordinal) ? _projectFolder.Substring(0, _projectFolder.Length - $"modules/{Folder}/{ProjectName}/".Length) : string.Empty;
        return (path.StartsWith(root, StringComparison.Ordinal) ? path.Substring(root.Length) : path, null);
    }

    private static string Slashed(string path) => path.Replace('\\', '/');

    // Ordering=ordering|Catalog=catalog
    private static ImmutableSortedDictionary<string, string> Names(string modules) => modules.Split('|')
        .Select(static module => module.Split('='))
        .Where(static pair => pair.Length == 2 && pair[0].Length > 0 && pair[1].Length > 0)
        .GroupBy(static pair => pair[0], StringComparer.Ordinal)
        .ToImmutableSortedDictionary(static same => same.Key, static same => same.First()[1], StringComparer.Ordinal);
}
