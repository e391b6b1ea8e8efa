using System.Text.RegularExpressions;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Impact;

/// <summary>Chooses the test projects that a change calls for: those that refer to a changed project on any way, as far as the change can reach them.</summary>
internal static class TestSelection
{
    private const string Architecture = "tests/Architecture.Tests/";
    private const string EndToEnd = "tests/EndToEnd.Tests/";

    // What every module and the host are made of.
    private static readonly string[] Shared = ["Platform", "Platform.Contracts"];

    public static (IReadOnlyList<NeededTests> Tests, string? Everything) Of(
        CodeGraph graph, IReadOnlyList<ChangedFile> files, IReadOnlyList<Module> changed, IReadOnlyList<Module> touched, bool reachesEndpoints)
    {
        var tests = graph.Projects.Where(static project => project.Kind == ProjectKind.Tests && project.Name.EndsWith(".Tests", StringComparison.Ordinal)).ToList();
        var code = files.Where(static file => !IsDocument(file)).ToList();
        if (Everything(graph, code) is { } reason)
        {
            return ([.. tests.Select(project => new NeededTests(project.Path, reason))], reason);
        }

        var needed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var project in code.SelectMany(file => ProjectsOf(graph, file)).Distinct())
        {
            if (project.Kind == ProjectKind.Tests && tests.Contains(project))
            {
                needed.TryAdd(project.Path, "it is changed itself");
            }
            else if (project.Module is null)
            {
                foreach (var user in tests.Where(test => Reaches(graph, test, project)))
                {
                    needed.TryAdd(user.Path, $"it stands on {project.Path}");
                }
            }
        }

        var inModules = changed.Where(module => code.Any(file => ChangeImpact.IsIn(file, $"modules/{module.Folder}/"))).ToList();
        foreach (var project in tests.Where(project => project.Module is not null))
        {
            if (inModules.Any(module => module.Folder == project.Module))
            {
                needed.TryAdd(project.Path, "its module is changed");
            }
            else if (touched.Any(module => module.Folder == project.Module))
            {
                needed.TryAdd(project.Path, "its module uses what is changed");
            }
        }

        if (code.Count > 0)
        {
            Add(tests, needed, Architecture, "every change of code can break a rule");
        }

        if (reachesEndpoints || code.Any(static file => file.Path.EndsWith(".openapi.json", StringComparison.Ordinal) || file.Path.EndsWith(".access.txt", StringComparison.Ordinal)))
        {
            Add(tests, needed, EndToEnd, "operations of the API run changed code");
        }

        return ([.. needed.Select(static pair => new NeededTests(pair.Key, pair.Value))], null);
    }

    private static void Add(List<ProjectFacts> tests, SortedDictionary<string, string> needed, string folder, string because)
    {
        foreach (var project in tests.Where(project => project.Path.StartsWith(folder, StringComparison.Ordinal)))
        {
            needed.TryAdd(project.Path, because);
        }
    }

    private static string? Everything(CodeGraph graph, List<ChangedFile> code)
    {
        foreach (var file in code)
        {
            if (Array.Find(Shared, name => ChangeImpact.IsIn(file, $"src/{name}/")) is { } shared)
            {
                return $"{file.Path} belongs to src/{shared}, which every module stands on";
            }

            // Projects name packages; that an edition stands for one is decided by the build, for all of them.
            if (ProjectsOf(graph, file).Any(static project => project.Kind == ProjectKind.Edition))
            {
                return $"{file.Path} belongs to an edition of a package, which every module stands on";
            }

            if (!ProjectsOf(graph, file).Any())
            {
                return $"{file.Path} belongs to no project: what it does to the others is not known";
            }
        }

        return null;
    }

    public static bool IsDocument(ChangedFile file) => IsDocument(file.Path) && IsDocument(file.FormerPath);

    private static bool IsDocument(string path) => path.EndsWith(".md", StringComparison.Ordinal) || path.StartsWith("docs/", StringComparison.Ordinal) || path is "LICENSE";

    // A file of a module that is in none of its projects, such as a contract of the API, is all of them's.
    private static IEnumerable<ProjectFacts> ProjectsOf(CodeGraph graph, ChangedFile file) =>
        graph.Projects.Where(project => ChangeImpact.IsIn(file, project.Folder + "/")) is var inside && inside.Any()
            ? inside
            : graph.Projects.Where(project => project.Module is not null && project.Kind != ProjectKind.Tests && ChangeImpact.IsIn(file, $"modules/{project.Module}/"));

    private static bool Reaches(CodeGraph graph, ProjectFacts from, ProjectFacts to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from.Path };
        var waiting = new Queue<ProjectFacts>([from]);
        while (waiting.TryDequeue(out var project))
        {
            foreach (var next in project.References.SelectMany(reference => Referred(graph, project, reference.Include)))
            {
                if (next == to)
                {
                    return true;
                }

                if (seen.Add(next.Path))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return false;
    }

    // A reference by wildcard takes in what is there; tests are never referred to that way.
    private static IEnumerable<ProjectFacts> Referred(CodeGraph graph, ProjectFacts project, string include)
    {
        var path = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", project.Folder, include.Replace('\\', '/')))).Replace('\\', '/');
        if (!path.Contains('*', StringComparison.Ordinal))
        {
            return graph.Projects.Where(other => other.Path == path);
        }

        var pattern = new Regex("^" + Regex.Escape(path).Replace("\\*\\*/", "(.*/)?", StringComparison.Ordinal).Replace("\\*", "[^/]*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return graph.Projects.Where(other => other.Kind != ProjectKind.Tests && pattern.IsMatch(other.Path));
    }
}
