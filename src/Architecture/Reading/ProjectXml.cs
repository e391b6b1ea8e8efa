using System.Xml;
using System.Xml.Linq;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>
/// A project file together with what MSBuild adds to it from the same area of the repository: Directory.Build.props and .targets of the folders around it, its .user file, and what
/// they import. Of the files of the repository's own folder, which are about every project, single items are read.
/// </summary>
internal sealed class ProjectXml
{
    private const int Deepest = 8;

    private static readonly string[] OfRoot = ["Directory.Build.props", "Directory.Packages.props", "Directory.Build.targets"];

    private readonly Dictionary<string, string> _properties = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string File, XElement Root)> _documents = [];
    private readonly List<ProjectItem> _imports = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<(string File, XElement Root)> _forAll;
    private readonly string _root;
    private readonly string _folder;

    private ProjectXml(string root, string path, bool isTests, IReadOnlyList<(string File, XElement Root)> forAll)
    {
        _root = root;
        _forAll = forAll;
        _folder = FolderOf(path);
        var name = Path.GetFileNameWithoutExtension(path);
        _properties["MSBuildProjectName"] = name;
        _properties["MSBuildProjectDirectory"] = Path.Combine(root, _folder).Replace('\\', '/');
        _properties["IsTestProject"] = isTests ? "true" : string.Empty;
        _properties["IsModuleProject"] = path.StartsWith("modules/", StringComparison.Ordinal) && !isTests && !name.EndsWith(".Contracts", StringComparison.Ordinal) ? "true" : string.Empty;
    }

    /// <summary>Files that are imported by name.</summary>
    public IReadOnlyList<ProjectItem> Imports => _imports;

    /// <summary>The SDK that the project file names, or null.</summary>
    public ProjectItem? Sdk { get; private set; }

    /// <summary>The first value of a property in the project file itself, or null.</summary>
    public string? AssemblyName { get; private set; }

    /// <summary>Reads a project.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="path">The project file, relative.</param>
    /// <param name="isTests">Whether it is one of tests.</param>
    /// <param name="forAll">The files of the repository's own folder, as <see cref="ReadForAll"/> reads them.</param>
    /// <exception cref="ArchitectureException">A file is no valid XML.</exception>
    public static ProjectXml Read(string root, string path, bool isTests, IReadOnlyList<(string File, XElement Root)> forAll)
    {
        var xml = new ProjectXml(root, path, isTests, forAll);
        var above = xml.FoldersAbove().ToList();
        above.ForEach(folder => xml.Load(folder + "/Directory.Build.props", 0));
        // What stands below tests may be a repository of its own.
        above.FindAll(static folder => !folder.StartsWith("tests", StringComparison.Ordinal)).ForEach(folder => xml.Load(folder + "/Directory.Packages.props", 0));
        xml.Load(path, 0);
        foreach (var (file, element) in xml._documents.Where(document => document.File == path))
        {
            xml.Sdk = element.Attribute("Sdk") is { Value: var sdk } ? xml.Item(element, file, sdk.Split('/')[0], sdk) : null;
        }

        xml.AssemblyName = xml._documents.Where(document => document.File == path).SelectMany(static document => document.Root.Descendants("AssemblyName")).FirstOrDefault()?.Value;
        xml.Load(path + ".user", 0);
        above.ForEach(folder => xml.Load(folder + "/Directory.Build.targets", 0));
        return xml;
    }

    /// <summary>Reads the files of the repository's own folder that the build adds to every project.</summary>
    /// <param name="root">The repository.</param>
    /// <exception cref="ArchitectureException">One is no valid XML.</exception>
    public static IReadOnlyList<(string File, XElement Root)> ReadForAll(string root) =>
        [.. OfRoot.Where(file => File.Exists(Path.Combine(root, file))).Select(file => (file, Parse(file, Path.Combine(root, file))))];

    private static XElement Parse(string file, string path)
    {
        try
        {
            return XDocument.Load(path, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException exception)
        {
            throw new ArchitectureException($"{file} is no valid XML: {exception.Message}");
        }
    }

    /// <summary>The items of a kind that the files of the repository's own folder add to this project, as far as they name something.</summary>
    public IEnumerable<ProjectItem> ForAll(string element) =>
        from document in _forAll
        from found in document.Root.Descendants(element)
        where Holds(found, document.File)
        from include in Expand((string?)found.Attribute("Include") ?? string.Empty, document.File).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where !include.Contains("@(", StringComparison.Ordinal)
        select Item(found, document.File, include.Split(',')[0].Trim(), include) with { IsForAll = true };

    /// <summary>The assemblies that items of the kind AssemblyAttribute show the internals to.</summary>
    public IEnumerable<ProjectItem> AssemblyFriends() =>
        from document in _documents
        from found in document.Root.Descendants("AssemblyAttribute")
        where Holds(found, document.File) && (string?)found.Attribute("Include") is { } name && (name.EndsWith(".InternalsVisibleTo", StringComparison.Ordinal) || name.EndsWith(".InternalsVisibleToAttribute", StringComparison.Ordinal))
        let parameter = found.Element("_Parameter1")
        let friend = Expand(parameter?.Value ?? (string?)found.Attribute("_Parameter1") ?? string.Empty, document.File)
        where friend.Length > 0
        select Item(parameter ?? found, document.File, friend.Split(',')[0].Trim(), friend);

    /// <summary>Where the project, or a folder around it, sets versions of packages by itself.</summary>
    public List<ProjectItem> Versions() =>
        [.. from document in _documents
            from found in document.Root.Descendants()
            where Holds(found, document.File)
            let name = found.Name.LocalName switch
            {
                "PackageVersion" => (string?)found.Attribute("Include") ?? (string?)found.Attribute("Update"),
                "PackageReference" or "GlobalPackageReference" when found.Attribute("Update") is { } update && HasVersion(found) => update.Value,
                "ManagePackageVersionsCentrally" when found.Value.Trim().Equals("false", StringComparison.OrdinalIgnoreCase) => "all packages",
                _ => null,
            }
            where name is not null
            select Item(found, document.File, name, name) with { HasVersion = true }];

    private static bool HasVersion(XElement found) =>
        found.Attribute("Version") is not null || found.Attribute("VersionOverride") is not null || found.Element("Version") is not null || found.Element("VersionOverride") is not null;

    /// <summary>The items of a kind.</summary>
    /// <param name="element">The element's name.</param>
    /// <param name="name">How an item is called, by what it includes.</param>
    public List<ProjectItem> Items(string element, Func<string, string> name) =>
        [.. from document in _documents
            from found in document.Root.Descendants(element)
            where Holds(found, document.File)
            from include in Expand((string?)found.Attribute("Include") ?? string.Empty, document.File).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            select Item(found, document.File, name(include), include)];

    private ProjectItem Item(XElement found, string file, string name, string include)
    {
        var line = (IXmlLineInfo)found;
        return new ProjectItem(
            name, include, HasVersion(found),
            new SourceSpan(file, line.LineNumber, line.LinePosition - 1, line.LineNumber, line.LinePosition))
        {
            Resolved = Resolve(include),
            Hint = (string?)found.Attribute("HintPath") ?? found.Element("HintPath")?.Value.Trim(),
            Exclude = Expand((string?)found.Attribute("Exclude") ?? string.Empty, file).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(Resolve).OfType<string>().ToArray(),
        };
    }

    private void Load(string file, int depth)
    {
        var path = Path.Combine(_root, file);
        if (depth > Deepest || !_seen.Add(file) || !File.Exists(path))
        {
            return;
        }

        var root = Parse(file, path);
        foreach (var property in root.Descendants("PropertyGroup").Where(group => Holds(group, file)).Elements().Where(property => Holds(property, file)))
        {
            _properties[property.Name.LocalName] = Expand(property.Value.Trim(), file);
        }

        _documents.Add((file, root));
        foreach (var import in root.Descendants("Import").Where(import => import.Attribute("Project") is not null && Holds(import, file)))
        {
            var named = Expand((string)import.Attribute("Project")!, file);
            var item = Item(import, file, Path.GetFileName(named), named);
            // A relative import is meant from the file that it stands in.
            item = item with { Resolved = Resolve(Path.IsPathRooted(named) ? named : FolderOf(file) + "/" + named, string.Empty) };
            _imports.Add(item);
            if (item.Resolved is { } imported && imported.Contains('/', StringComparison.Ordinal))
            {
                Load(imported, depth + 1);
            }
        }
    }

    // From the outermost folder below the repository to the project's own.
    private IEnumerable<string> FoldersAbove()
    {
        var parts = _folder.Split('/');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts.Take(count)));
    }

    private string? Resolve(string include) => Resolve(include, _folder);

    // Relative to the repository, or null where it lies outside or is not known before the build.
    private string? Resolve(string include, string folder)
    {
        include = include.Replace('\\', '/');
        if (include.Contains("$(", StringComparison.Ordinal) || include.Contains("@(", StringComparison.Ordinal))
        {
            return null;
        }

        var whole = Path.GetFullPath(Path.Combine(_root, folder, include)).Replace('\\', '/');
        var root = _root.Replace('\\', '/') + "/";
        return whole.StartsWith(root, StringComparison.Ordinal) ? whole[root.Length..] : null;
    }

    private string Expand(string text, string file)
    {
        for (var depth = 0; depth < Deepest && text.IndexOf("$(", StringComparison.Ordinal) is >= 0 and var start; depth++)
        {
            var end = text.IndexOf(')', start);
            if (end < 0)
            {
                break;
            }

            var name = text[(start + 2)..end];
            var value = name == "MSBuildThisFileDirectory" ? Path.Combine(_root, FolderOf(file)).Replace('\\', '/') + "/" : _properties.GetValueOrDefault(name);
            if (value is null)
            {
                break;
            }

            text = text[..start] + value + text[(end + 1)..];
        }

        return text;
    }

    // Only comparisons of known properties are judged; what else a condition says is taken to hold.
    private bool Holds(XElement element, string file) =>
        element.AncestorsAndSelf().All(around => around.Attribute("Condition") is not { Value: var condition } || Holds(Expand(condition, file)));

    private static bool Holds(string condition)
    {
        var isEqual = condition.Contains("==", StringComparison.Ordinal);
        var sides = condition.Split(isEqual ? "==" : "!=");
        if (sides.Length != 2 || !IsText(sides[0].Trim()) || !IsText(sides[1].Trim()))
        {
            return true;
        }

        return string.Equals(sides[0].Trim(), sides[1].Trim(), StringComparison.OrdinalIgnoreCase) == isEqual;
    }

    private static bool IsText(string side) => side.Length >= 2 && side[0] == '\'' && side[^1] == '\'' && side.IndexOf('\'', 1) == side.Length - 1 && !side.Contains("$(", StringComparison.Ordinal);

    private static string FolderOf(string path) => Path.GetDirectoryName(path)!.Replace('\\', '/');
}
