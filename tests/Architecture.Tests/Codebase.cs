using System.Reflection;
using System.Xml.Linq;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Architecture.Tests;

/// <summary>What the rules look at: projects, modules and compiled assemblies below one folder.</summary>
internal sealed class Codebase
{
    /// <summary>The folder that holds the solution.</summary>
    public required string Root { get; init; }

    /// <summary>The solution's file name.</summary>
    public required string Solution { get; init; }

    public IReadOnlyList<ProjectFile> Projects { get; private init; } = [];

    public IReadOnlyList<ModuleUnderTest> Modules { get; private init; } = [];

    public IReadOnlyList<CompiledAssembly> Hosts { get; private init; } = [];

    public IReadOnlyList<CompiledAssembly> Platforms { get; private init; } = [];

    /// <summary>Which projects below src each of them may refer to.</summary>
    public IReadOnlyDictionary<string, string[]> Layering { get; init; } = new Dictionary<string, string[]>();

    public IReadOnlyList<Excuse> Excuses { get; init; } = [];

    /// <summary>Everything that ships as a part of a module, with its owner.</summary>
    public IEnumerable<(ModuleUnderTest Module, CompiledAssembly Assembly)> ModuleAssemblies =>
        Modules.SelectMany(module => new[] { module.Slice, module.Contracts }.OfType<CompiledAssembly>().Select(assembly => (module, assembly)));

    /// <summary>Reads a folder.</summary>
    /// <param name="root">The folder that holds the solution.</param>
    /// <param name="solution">The solution's file name.</param>
    /// <param name="host">The assembly name of what puts the modules together.</param>
    /// <param name="platform">The assembly names of what the modules stand on.</param>
    /// <param name="layering">Which projects below src each of them may refer to.</param>
    /// <param name="excuses">The findings that are accepted.</param>
    public static Codebase Read(string root, string solution, string host, string[] platform, IReadOnlyDictionary<string, string[]> layering, IReadOnlyList<Excuse> excuses) => new()
    {
        Root = root,
        Solution = solution,
        Projects = [.. ProjectFile.Below(root)],
        Modules = [.. ModuleUnderTest.Below(root)],
        Hosts = [CompiledAssembly.Load(host, root)],
        Platforms = [.. platform.Select(name => CompiledAssembly.Load(name, root))],
        Layering = layering,
        Excuses = excuses,
    };

    public bool IsExcused(string rule, string where) => Excuses.Any(excuse => excuse.Rule == rule && excuse.Where == where);

    /// <summary>The module that an assembly name belongs to, by its slice or its Contracts.</summary>
    public ModuleUnderTest? OwnerOf(string assembly) => Modules.FirstOrDefault(module => module.SliceName == assembly || module.ContractsName == assembly);

    /// <summary>The nearest folder above the tests that holds a file.</summary>
    public static string FolderAbove(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds {file}. Run the tests from a checkout.");
    }
}

/// <summary>A module, found by its folder: <c>modules/Name/Name</c> is the slice, <c>modules/Name/Name.Contracts</c> what others see.</summary>
internal sealed record ModuleUnderTest(string Folder, CompiledAssembly? Slice, CompiledAssembly? Contracts)
{
    public string SliceName => "ModularMonolith." + Folder;

    public string ContractsName => SliceName + ".Contracts";

    public ModuleAttribute? Manifest { get; } = Slice?.Types.Select(type => type.GetCustomAttribute<ModuleAttribute>()).FirstOrDefault(found => found is not null);

    /// <summary>The manifest's name; the folder's in lower case while there is no manifest.</summary>
    public string Name => Manifest?.Name ?? Folder.ToLowerInvariant();

    public static IEnumerable<ModuleUnderTest> Below(string root) =>
        from folder in Directory.EnumerateDirectories(Path.Combine(root, "modules")).Order(StringComparer.Ordinal)
        let name = Path.GetFileName(folder)
        where Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).Any()
        select new ModuleUnderTest(name, Read(folder, name, root), Read(folder, name + ".Contracts", root));

    private static CompiledAssembly? Read(string folder, string project, string root) =>
        File.Exists(Path.Combine(folder, project, project + ".csproj")) ? CompiledAssembly.Load("ModularMonolith." + project, root) : null;
}

/// <summary>A project file.</summary>
/// <param name="Path">Relative to the root, with slashes.</param>
/// <param name="Xml">What it says.</param>
internal sealed record ProjectFile(string Path, XDocument Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The names of the projects that it refers to one by one; a wildcard names none.</summary>
    public IEnumerable<string> References => Xml.Descendants("ProjectReference")
        .SelectMany(reference => ((string?)reference.Attribute("Include") ?? string.Empty).Split(';'))
        .Where(path => path.Length > 0 && !path.Contains('*', StringComparison.Ordinal))
        .Select(path => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    public static IEnumerable<ProjectFile> Below(string root) =>
        from area in new[] { "modules", "src", "tests" }
        let folder = System.IO.Path.Combine(root, area)
        where Directory.Exists(folder)
        from file in Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        select new ProjectFile(System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'), XDocument.Load(file));
}
