using System.Globalization;
using System.Text.RegularExpressions;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Projects, solution and files.</summary>
public static partial class ProjectRules
{
    /// <summary>The solution is whole.</summary>
    public static readonly Rule SolutionHoldsEveryProject = new(
        "solution-holds-every-project",
        "A project that is not in the solution is neither built nor tested by the commands that everybody uses.",
        "Run dotnet sln add <project>, or remove the entry of a project that is gone.",
        static context =>
        {
            var graph = context.Graph;
            var solution = Directory.Exists(graph.Root) ? Directory.EnumerateFiles(graph.Root, "*.sln").Order(StringComparer.Ordinal).FirstOrDefault() : null;
            var (name, text) = solution is null ? ("the solution", string.Empty) : (Path.GetFileName(solution), File.ReadAllText(solution));
            var listed = SolutionEntry().Matches(text).Select(static match => (Path: match.Groups[1].Value.Replace('\\', '/'), At: match.Groups[1])).ToList();
            var paths = listed.Select(static entry => entry.Path).ToHashSet(StringComparer.Ordinal);
            return new Outcome(graph.Projects.Count, [
                .. graph.Projects.Where(project => !paths.Contains(project.Path)).Select(project => new Finding(project.Path, "is not in " + name) { Module = project.Module, Span = Subjects.Start(project.Path) }),
                .. listed.Where(entry => !File.Exists(Path.Combine(graph.Root, entry.Path))).Select(entry => new Finding(entry.Path, $"is in {name} and does not exist") { Span = SourceText.At(name, text, entry.At.Index, entry.At.Length) }),
            ]);
        })
    {
        PlantOnce = static context => context.Graph.Projects.Count == 0 ? throw new ArchitectureException("There are no projects.")
            : context with { Graph = context.Graph.Changed([.. context.Graph.Projects, context.Graph.Projects[0] with { Path = "src/Canary/Canary.csproj", AssemblyName = "Canary" }]) },
    };

    /// <summary>Modules are three projects.</summary>
    public static readonly Rule ModulesHaveThreeProjects = new(
        "modules-have-three-projects",
        "A module is a slice, what others see of it, and its tests; each of them is found by its name.",
        "Create a module with build/mm new module; docs/adding-a-module.md says what each of its projects is for. and no other project.",
        static context => Outcome.Of(context.Graph.Modules, static module =>
        {
            var expected = new[] { module.Folder, module.Folder + ".Contracts", module.Folder + ".Tests" }.Select(name => (Name: name, Path: $"modules/{module.Folder}/{name}/{name}.csproj")).ToList();
            return expected.Where(project => module.Projects.All(other => other.Path != project.Path))
                .Select(project => new Finding(module.Folder, "has no project " + project.Name) { Module = module.Folder, Span = Subjects.Start(module.Projects[0].Path) })
                .Concat(module.Projects.Where(project => expected.TrueForAll(known => known.Path != project.Path))
                    .Select(project => new Finding(module.Folder, "has the project " + project.Path) { Module = module.Folder, Span = Subjects.Start(project.Path) }));
        }))
    {
        Plant = static canary => canary.SliceProject = canary.SliceProject with { Module = null },
    };

    /// <summary>Files stay short.</summary>
    public static readonly Rule FilesStayShort = new(
        "files-stay-short",
        "A file that is longer than a few screens is seldom one thing.",
        "Split it by concept; when it is one thing, list it among the accepted findings with the reason.",
        static context => Outcome.Of(
            context.Graph.Projects.SelectMany(project => project.Kind == ProjectKind.Tests ? TestFiles(context.Graph.Root, project) : project.Sources.Select(file => (project.Module, file.Path, file.Lines))),
            file => file.Lines > context.Policy.LinesAtMost
                ? [new Finding(file.Path, string.Create(CultureInfo.InvariantCulture, $"has more than {context.Policy.LinesAtMost} lines"))
                {
                    Module = file.Module,
                    Span = new SourceSpan(file.Path, context.Policy.LinesAtMost + 1, 1, file.Lines, 1),
                    Suggestion = string.Create(CultureInfo.InvariantCulture, $"It has {file.Lines}."),
                }]
                : []))
    {
        Plant = static canary => canary.SliceProject = canary.SliceProject with
        {
            Sources = [.. canary.SliceProject.Sources, new SourceFile(canary.SliceProject.Folder + "/Canary.cs", canary.Context.Policy.LinesAtMost + 1, [], [], [])],
        },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [SolutionHoldsEveryProject, ModulesHaveThreeProjects, FilesStayShort];

    // The code of tests is not read otherwise.
    private static IEnumerable<(string? Module, string Path, int Lines)> TestFiles(string root, ProjectFacts project) =>
        from file in RepositoryFiles.Below(root, project.Folder, ".cs")
        select (project.Module, file, RepositoryFiles.Lines(Path.Combine(root, file)));

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "([^"]+\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex SolutionEntry();
}
