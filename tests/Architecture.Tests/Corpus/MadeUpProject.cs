using System.Xml.Linq;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>A project of a made-up checkout, read as far as compiling it takes: conditions are not evaluated.</summary>
internal sealed class MadeUpProject
{
    private readonly string _root;

    private MadeUpProject(string root, string path)
    {
        _root = root;
        Path = path;
        var documents = new[] { "Directory.Build.props", "Directory.Build.targets" }.SelectMany(file => new[] { System.IO.Path.Combine(Folder, file), System.IO.Path.Combine(Folder, "..", file) })
            .Append(path).Select(file => System.IO.Path.Combine(root, file)).Where(File.Exists).Select(XDocument.Load).ToList();
        References = [.. Items(documents, "ProjectReference").SelectMany(Expand).Except(Items(documents, "ProjectReference", "Exclude").SelectMany(Expand)).Select(System.IO.Path.GetFileNameWithoutExtension).OfType<string>()];
        // The repository's own Directory.Build.targets adds these two to each module.
        var added = path.StartsWith("modules/", StringComparison.Ordinal) && !path.EndsWith(".Contracts.csproj", StringComparison.Ordinal) ? new[] { "Marten.DynamicStores", AssemblyName + ".Tests" } : [];
        Friends = [.. Items(documents, "InternalsVisibleTo").Select(friend => friend.Replace("$(AssemblyName)", AssemblyName, StringComparison.Ordinal)).Concat(added)];
        Usings = [.. Items(documents, "Using")];
        var linked = Items(documents, "Compile").SelectMany(Expand);
        Sources = [.. Directory.EnumerateFiles(System.IO.Path.Combine(root, Folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)).Concat(linked).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The project file, relative to the checkout.</summary>
    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public string AssemblyName => "ModularMonolith." + Name;

    public string Output => System.IO.Path.Combine(_root, Folder, "bin", "Debug", "net10.0", AssemblyName + ".dll");

    /// <summary>The names of the projects that it refers to.</summary>
    public IReadOnlyList<string> References { get; }

    public IReadOnlyList<string> Friends { get; }

    public IReadOnlyList<string> Usings { get; }

    /// <summary>The sources, linked ones included, as absolute paths.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>The projects of a checkout whose sources are there; tests are never compiled, because nothing reads them.</summary>
    public static IReadOnlyList<MadeUpProject> Below(string root) =>
    [
        .. new[] { "modules", "src" }.SelectMany(area => Directory.EnumerateFiles(System.IO.Path.Combine(root, area), "*.csproj", SearchOption.AllDirectories))
            .Where(static file => !file.EndsWith(".Tests.csproj", StringComparison.Ordinal) && System.IO.Path.GetFileName(file) is not ("Platform.csproj" or "Platform.Contracts.csproj"))
            .Order(StringComparer.Ordinal).Select(file => new MadeUpProject(root, System.IO.Path.GetRelativePath(root, file))),
    ];

    private static IEnumerable<string> Items(List<XDocument> documents, string element, string attribute = "Include") =>
        documents.SelectMany(document => document.Descendants(element)).SelectMany(found => ((string?)found.Attribute(attribute) ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    // Stars stand for one folder or a part of a name, as far as made-up projects use them; two stars for any depth.
    private IEnumerable<string> Expand(string include)
    {
        include = include.Replace("$(MSBuildThisFileDirectory)", string.Empty, StringComparison.Ordinal).Replace('\\', '/');
        var paths = new[] { System.IO.Path.GetFullPath(System.IO.Path.Combine(_root, Folder)) }.AsEnumerable();
        var parts = include.Split('/');
        foreach (var (part, isLast) in parts.Select((part, i) => (part, i == parts.Length - 1)))
        {
            paths = part switch
            {
                ".." or "." => paths.Select(path => System.IO.Path.GetFullPath(System.IO.Path.Combine(path, part))),
                "**" => paths.SelectMany(path => Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Prepend(path)),
                _ when part.Contains('*', StringComparison.Ordinal) => paths.Where(Directory.Exists).SelectMany(path => isLast ? Directory.EnumerateFiles(path, part) : Directory.EnumerateDirectories(path, part)),
                _ => paths.Select(path => System.IO.Path.Combine(path, part)),
            };
        }

        return paths.Where(File.Exists).ToList();
    }
}
