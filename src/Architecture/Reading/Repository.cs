using System.Collections.Concurrent;
using System.Xml.Linq;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Architecture.Reading;

/// <summary>A checkout: finds its projects and what was compiled of them, and reads both into a graph.</summary>
public sealed class Repository
{
    private readonly List<ProjectOutput> _outputs;

    private readonly ProjectOutput? _policy;

    private Repository(string root, List<ProjectOutput> outputs, ProjectOutput? policy)
    {
        Root = root;
        _outputs = outputs;
        _policy = policy;
    }

    /// <summary>The folder that holds the solution.</summary>
    public string Root { get; }

    /// <summary>The projects that are compiled less recently than their sources were changed, or not at all. Tests are not among them; the repository's own declaration is.</summary>
    public IReadOnlyList<string> Stale => [.. _outputs.Where(static output => output.IsRead).Concat(_policy is null ? [] : [_policy]).Where(static output => output.IsStale).Select(static output => output.Project)];

    /// <summary>The compiled declaration of the repository's architects; null where there is none.</summary>
    public string? PolicyAssembly => _policy?.Assembly?.FullName;

    /// <summary>Looks at a checkout.</summary>
    /// <param name="root">The folder that holds <c>modules</c> and <c>src</c>.</param>
    /// <returns>What is there.</returns>
    /// <exception cref="ArchitectureException">There are no projects.</exception>
    public static Repository Open(string root)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var prefix = PrefixOf(root);
        var projects = ProjectReader.Find(root).ToList();
        if (projects.Count == 0)
        {
            throw new ArchitectureException($"{root} has no project below modules, src or tests. Run this in a checkout, or name one with --root.");
        }

        var outputs = new ProjectOutput[projects.Count];
        Parallel.For(0, projects.Count, i => outputs[i] = ProjectOutput.Of(root, projects[i], prefix));
        var policy = projects.Contains(PolicyLoader.Project) ? ProjectOutput.Of(root, PolicyLoader.Project, prefix, isRead: true) : null;
        return new Repository(root, [.. outputs], policy);
    }

    /// <summary>The nearest folder that holds a solution, from a folder upwards.</summary>
    /// <exception cref="ArchitectureException">None does.</exception>
    public static string RootAbove(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            if (Directory.Exists(Path.Combine(current.FullName, "modules")) && current.EnumerateFiles("*.sln*").Any())
            {
                return current.FullName;
            }
        }

        throw new ArchitectureException($"No folder above {folder} holds a solution and a folder of modules. Run this in a checkout, or name one with --root.");
    }

    /// <summary>The projects whose compiled code names source files that are not there any more: they were compiled before something was removed.</summary>
    public IReadOnlyList<string> Outlived(CodeGraph graph) =>
    [
        .. from assembly in graph.Assemblies
           let project = graph.ProjectOf(assembly.Name)!
           let there = project.Sources.Select(static source => source.Path).ToHashSet(StringComparer.Ordinal)
           where FilesOf(assembly).Any(file => !there.Contains(file) && !Path.IsPathRooted(file) && !file.Contains("/obj/", StringComparison.Ordinal) && !File.Exists(Path.Combine(Root, file)))
           select project.Path,
    ];

    /// <summary>Reads the graph. What has not changed since the last time comes from a copy in the projects' <c>obj</c> folders.</summary>
    /// <param name="useCache">Whether copies are read and kept.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="ArchitectureException">A project file cannot be read.</exception>
    public CodeGraph Read(bool useCache = true)
    {
        var projects = new ConcurrentDictionary<string, ProjectFacts>(StringComparer.Ordinal);
        var assemblies = new ConcurrentDictionary<string, AssemblyFacts>(StringComparer.Ordinal);
        var forAll = ProjectXml.ReadForAll(Root);
        // The largest first: the last one to be read decides when all are.
        Parallel.ForEach(Partitioner.Create(_outputs.OrderByDescending(static output => output.Size).ToList(), loadBalance: true), output =>
        {
            var (assembly, sources) = output.Read(Root, useCache);
            var project = ProjectReader.Read(Root, output.Project, output.Prefix, sources, forAll);
            projects[output.Project] = project with { Scripts = ScriptReader.Of(Root, project) };
            if (assembly is not null)
            {
                assemblies[output.Project] = assembly;
            }
        });
        return new CodeGraph(
            Root, [.. projects.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value)],
            [.. assemblies.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value)],
            _outputs.Where(output => assemblies.ContainsKey(output.Project)).ToDictionary(output => assemblies[output.Project].Name, static output => output.Assembly!.FullName, StringComparer.Ordinal));
    }

    private static HashSet<string> FilesOf(AssemblyFacts assembly)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;
        foreach (var type in assembly.Types)
        {
            Add(type.Place?.File);
            foreach (var member in type.Members)
            {
                Add(member.Place?.File);
            }
        }

        return files;

        void Add(string? file)
        {
            if (file is not null && !ReferenceEquals(file, last))
            {
                files.Add(file);
                last = file;
            }
        }
    }

    private static string PrefixOf(string root)
    {
        var file = Path.Combine(root, "Directory.Build.props");
        var pattern = File.Exists(file) ? XDocument.Load(file).Descendants("AssemblyName").FirstOrDefault()?.Value : null;
        return pattern?.EndsWith("$(MSBuildProjectName)", StringComparison.Ordinal) == true ? pattern[..^"$(MSBuildProjectName)".Length] : string.Empty;
    }
}
