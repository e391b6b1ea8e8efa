using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>Reads project files, with the lines on which things stand.</summary>
internal static class ProjectReader
{
    private static readonly string[] Areas = ["modules", "src", "tests"];

    /// <summary>The project files of a repository: below <c>modules</c>, <c>src</c> and <c>tests</c>.</summary>
    /// <param name="root">The repository.</param>
    /// <returns>Their paths, relative, with slashes, in order.</returns>
    public static IEnumerable<string> Find(string root) =>
        from area in Areas
        let folder = Path.Combine(root, area)
        where Directory.Exists(folder)
        from file in Below(folder, depth: 5)
        select Path.GetRelativePath(root, file).Replace('\\', '/');

    /// <summary>Reads one.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="path">The project file, relative.</param>
    /// <param name="prefix">What stands before the project's name in the name of the assembly, unless the project sets one.</param>
    /// <param name="sources">Its source files.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="ArchitectureException">It cannot be read.</exception>
    public static ProjectFacts Read(string root, string path, string prefix, IReadOnlyList<SourceFile> sources)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var kind = KindOf(path, name);
        var xml = ProjectXml.Read(root, path, kind == ProjectKind.Tests);
        return new ProjectFacts(
            path, kind, ModuleOf(path), xml.AssemblyName?.Replace("$(MSBuildProjectName)", name, StringComparison.Ordinal) ?? prefix + name,
            xml.Items("ProjectReference", static include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'))),
            xml.Items("PackageReference", static include => include),
            xml.Items("InternalsVisibleTo", static include => include.Split(',')[0].Trim()),
            sources)
        {
            Files = xml.Items("Reference", static include => NameOfFile(include.Split(',')[0].Trim())),
            Compiled = xml.Items("Compile", static include => include),
            Frameworks = xml.Items("FrameworkReference", static include => include),
            Imports = xml.Imports,
        };
    }

    private static string NameOfFile(string include) => include.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? Path.GetFileNameWithoutExtension(include.Replace('\\', '/')) : include;

    private static ProjectKind KindOf(string path, string name) =>
        name.EndsWith(".Tests", StringComparison.Ordinal) || path.StartsWith("tests/", StringComparison.Ordinal) ? ProjectKind.Tests
        : path.StartsWith("modules/", StringComparison.Ordinal) ? name.EndsWith(".Contracts", StringComparison.Ordinal) ? ProjectKind.Contracts : ProjectKind.Slice
        : path.StartsWith("src/Packages/", StringComparison.Ordinal) ? ProjectKind.Edition
        : ProjectKind.Source;

    private static string? ModuleOf(string path) => path.Split('/') is ["modules", var module, ..] ? module : null;

    // Build output may hold copies of projects, and tests may hold whole repositories as their data.
    private static IEnumerable<string> Below(string folder, int depth)
    {
        var files = Directory.EnumerateFiles(folder, "*.csproj").Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 || depth == 0
            ? files
            : Directory.EnumerateDirectories(folder).Where(static inner => Path.GetFileName(inner) is not ("bin" or "obj" or "node_modules") && !Path.GetFileName(inner).StartsWith('.'))
                .Order(StringComparer.Ordinal).SelectMany(inner => Below(inner, depth - 1));
    }
}
