using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>Projects, solution and files.</summary>
internal static partial class ProjectRules
{
    private const int LinesAtMost = 300;

    public static readonly Rule SolutionHoldsEveryProject = new(
        "solution-holds-every-project",
        "A project that is not in the solution is neither built nor tested by the commands that everybody uses.",
        "Run dotnet sln add <project>, or remove the entry of a project that is gone.",
        codebase =>
        {
            var solution = Path.Combine(codebase.Root, codebase.Solution);
            var listed = File.Exists(solution) ? SolutionEntry().Matches(File.ReadAllText(solution)).Select(match => match.Groups[1].Value.Replace('\\', '/')).ToList() : [];
            return new Outcome(codebase.Projects.Count, [
                .. codebase.Projects.Select(project => project.Path).Except(listed).Select(path => new Finding(path, "is not in " + codebase.Solution)),
                .. listed.Where(path => !File.Exists(Path.Combine(codebase.Root, path))).Select(path => new Finding(path, $"is in {codebase.Solution} and does not exist")),
            ]);
        });

    public static readonly Rule ModulesHaveThreeProjects = new(
        "modules-have-three-projects",
        "A module is a slice, what others see of it, and its tests; each of them is found by its name.",
        "Create a module with build/mm new module; docs/adding-a-module.md says what each of its projects is for.",
        codebase => Outcome.Of(codebase.Modules, module =>
            new[] { module.Folder, module.Folder + ".Contracts", module.Folder + ".Tests" }
                .Where(name => codebase.Projects.All(project => project.Path != $"modules/{module.Folder}/{name}/{name}.csproj"))
                .Select(name => new Finding(module.Folder, "has no project " + name))));

    public static readonly Rule SourcesAreLayered = new(
        "sources-are-layered",
        "Dependencies below src point one way; a shortcut back makes two projects into one.",
        "Move the shared part down, or add the project to the layering in RepositoryUnderTest.cs with what it stands on.",
        codebase => Outcome.Of(
            codebase.Projects.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal) && !project.Path.StartsWith("src/Packages/", StringComparison.Ordinal)),
            project => codebase.Layering.TryGetValue(project.Name, out var allowed)
                ? project.References.Except(allowed).Select(name => new Finding(project.Path, "refers to " + name))
                : [new Finding(project.Path, "has no place in the layering")]));

    public static readonly Rule EditionsStandInForPackages = new(
        "editions-stand-in-for-packages",
        "An edition takes the place of a package only under the same id and version, and only when the build swaps it.",
        "Make folder, project, PackageId and AssemblyName the package's id, Version the one in Directory.Packages.props, and list the id in Directory.Build.targets.",
        codebase =>
        {
            var versions = Elements(codebase, "Directory.Packages.props", "PackageVersion").ToLookup(element => (string?)element.Attribute("Include"), element => (string?)element.Attribute("Version"));
            var swapped = Elements(codebase, "Directory.Build.targets", "_Edition").Select(element => (string?)element.Attribute("Include") ?? string.Empty).ToList();
            return Outcome.Of(codebase.Projects.Where(project => project.Path.StartsWith("src/Packages/", StringComparison.Ordinal)), project =>
                new[]
                {
                    Value(project, "PackageId") == project.Name ? null : $"has the package id '{Value(project, "PackageId")}'",
                    Value(project, "AssemblyName") == project.Name ? null : $"has the assembly name '{Value(project, "AssemblyName")}'",
                    versions[project.Name].Contains(Value(project, "Version")) ? null : $"has version {Value(project, "Version")}, not {versions[project.Name].SingleOrDefault() ?? "one of the central versions"}",
                    swapped.Any(include => include.Contains($"'{project.Name}'", StringComparison.Ordinal)) ? null : "is not swapped in Directory.Build.targets",
                }.OfType<string>().Select(what => new Finding(project.Path, what)));
        });

    public static readonly Rule VersionsAreCentral = new(
        "versions-are-central",
        "Two projects with two versions of one package meet at run time, where only one of them is there.",
        "Put the version into Directory.Packages.props.",
        codebase => Outcome.Of(codebase.Projects, project => project.Xml.Descendants("PackageReference")
            .Where(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null)
            .Select(reference => new Finding(project.Path, $"sets the version of {(string?)reference.Attribute("Include")}"))));

    public static readonly Rule FilesStayShort = new(
        "files-stay-short",
        $"A file of more than {LinesAtMost} lines is seldom one thing.",
        "Split it by concept; when it is one thing, list it in Excuses.cs with the reason.",
        codebase => Outcome.Of(Sources(codebase), file => File.ReadLines(Path.Combine(codebase.Root, file)).Count() is > LinesAtMost and var lines
            ? [new Finding(file, $"has {lines} lines")]
            : []));

    private static IEnumerable<string> Sources(Codebase codebase) =>
        from project in codebase.Projects
        let folder = Path.GetDirectoryName(Path.Combine(codebase.Root, project.Path))!
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(codebase.Root, file).Replace('\\', '/')
        where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
        select path;

    private static string? Value(ProjectFile project, string property) => project.Xml.Descendants(property).FirstOrDefault()?.Value;

    private static IEnumerable<XElement> Elements(Codebase codebase, string file, string name) =>
        Path.Combine(codebase.Root, file) is var path && File.Exists(path) ? XDocument.Load(path).Descendants(name) : [];

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "([^"]+\.csproj)",""", RegexOptions.Multiline)]
    private static partial Regex SolutionEntry();
}
