using System.Xml;
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
        try
        {
            var xml = XDocument.Load(Path.Combine(root, path), LoadOptions.SetLineInfo);
            var name = Path.GetFileNameWithoutExtension(path);
            return new ProjectFacts(
                path, KindOf(path, name), ModuleOf(path), xml.Descendants("AssemblyName").FirstOrDefault()?.Value.Replace("$(MSBuildProjectName)", name, StringComparison.Ordinal) ?? prefix + name,
                Items(xml, "ProjectReference", path, static include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'))),
                Items(xml, "PackageReference", path, static include => include),
                Items(xml, "InternalsVisibleTo", path, static include => include.Split(',')[0].Trim()),
                sources);
        }
        catch (XmlException exception)
        {
            throw new ArchitectureException($"{path} is no valid XML: {exception.Message}");
        }
    }

    private static List<ProjectItem> Items(XDocument xml, string element, string path, Func<string, string> name) =>
        [.. from found in xml.Descendants(element)
            from include in ((string?)found.Attribute("Include") ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            let line = (IXmlLineInfo)found
            select new ProjectItem(
                name(include), include, found.Attribute("Version") is not null || found.Attribute("VersionOverride") is not null || found.Element("Version") is not null,
                new SourceSpan(path, line.LineNumber, line.LinePosition - 1, line.LineNumber, line.LinePosition))];

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
