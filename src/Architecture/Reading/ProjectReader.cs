using System.Xml.Linq;
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
        from file in area == "modules" ? Modules(new DirectoryInfo(folder), depth: 8) : Below(folder, depth: 5)
        select Path.GetRelativePath(root, file).Replace('\\', '/');

    /// <summary>Reads one.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="path">The project file, relative.</param>
    /// <param name="prefix">What stands before the project's name in the name of the assembly, unless the project sets one.</param>
    /// <param name="sources">Its source files.</param>
    /// <param name="forAll">What the files of the repository's own folder add to every project.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="ArchitectureException">It cannot be read.</exception>
    public static ProjectFacts Read(string root, string path, string prefix, IReadOnlyList<SourceFile> sources, IReadOnlyList<(string File, XElement Root)> forAll)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var kind = KindOf(path, name);
        var xml = ProjectXml.Read(root, path, kind == ProjectKind.Tests, forAll);
        var assembly = xml.AssemblyName?.Replace("$(MSBuildProjectName)", name, StringComparison.Ordinal) ?? prefix + name;
        return new ProjectFacts(
            path, kind, ModuleOf(path), assembly,
            xml.Items("ProjectReference", static include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'))),
            [.. xml.Items("PackageReference", static include => include), .. xml.Items("GlobalPackageReference", static include => include), .. xml.ForAll("PackageReference"), .. xml.ForAll("GlobalPackageReference")],
            [.. xml.Items("InternalsVisibleTo", static include => include.Split(',')[0].Trim()), .. xml.AssemblyFriends(),
                .. xml.ForAll("InternalsVisibleTo").Select(item => item with { Name = item.Name.Replace("$(AssemblyName)", assembly, StringComparison.Ordinal) })],
            sources)
        {
            Files = [.. xml.Items("Reference", static include => NameOfFile(include.Split(',')[0].Trim())).Select(static item => item.Hint is { } hint ? item with { Name = NameOfFile(hint) } : item)],
            Resources = [.. xml.Items("EmbeddedResource", static include => include), .. xml.Items("Content", static include => include)],
            Versions = xml.Versions(),
            Sdk = xml.Sdk,
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

    // In the folder of a module nothing is data: a project may hide in the folder of another one.
    private static IEnumerable<string> Modules(DirectoryInfo folder, int depth)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is FileInfo file)
            {
                if (file.Extension == ".csproj")
                {
                    yield return file.FullName;
                }
            }
            else if (depth > 0 && entry.Name is not ("bin" or "obj" or "node_modules") && !entry.Name.StartsWith('.'))
            {
                foreach (var found in Modules((DirectoryInfo)entry, depth - 1))
                {
                    yield return found;
                }
            }
        }
    }

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
