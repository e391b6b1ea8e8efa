using System.CommandLine;
using System.Xml.Linq;
using ModularMonolith.Architecture;
using ModularMonolith.Architecture.Reading;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Verification;
using ModularMonolith.Cli.Contracts;

namespace ModularMonolith.Cli.Architecture;

/// <summary>The repository that a command looks at: compiled as its sources are, and read.</summary>
internal static class Checkout
{
    private static readonly Option<string?> Root = new("--root") { Description = "The folder that holds the solution; otherwise the nearest one above." };
    private static readonly Option<bool> NoBuild = new("--no-build") { Description = "Judge what is compiled, also where sources have changed since." };
    private static readonly Option<bool> NoCache = new("--no-cache") { Description = "Read everything anew, and keep nothing." };

    /// <summary>The options that all commands share that look at the code.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Root);
        command.Add(NoBuild);
        command.Add(NoCache);
    }

    /// <summary>The folder that holds the solution.</summary>
    public static string RootOf(ParseResult parsed) => parsed.GetValue(Root) is { } root ? Path.GetFullPath(root) : Repository.RootAbove(Environment.CurrentDirectory);

    /// <summary>Compiles what has changed, and reads.</summary>
    /// <exception cref="ArchitectureException">Something does not compile, or cannot be read.</exception>
    public static async Task<RuleContext> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var root = RootOf(parsed);
        var useCache = !parsed.GetValue(NoCache);
        var repository = Repository.Open(root);
        if (!parsed.GetValue(NoBuild) && repository.Stale is { Count: > 0 } stale)
        {
            repository = await BuildAsync(root, stale, cancellationToken);
        }

        var graph = repository.Read(useCache);
        if (!parsed.GetValue(NoBuild) && repository.Outlived(graph) is { Count: > 0 } outlived)
        {
            repository = await BuildAsync(root, outlived, cancellationToken);
            graph = repository.Read(useCache);
        }

        if (graph.Assemblies.Count == 0)
        {
            throw new ArchitectureException($"Nothing in {root} is compiled. Leave --no-build away, or run dotnet build first.");
        }

        return new RuleContext(graph, PolicyLoader.Load(repository.PolicyAssembly));
    }

    // Analyzers refuse some of what the rules are to report, and end the build there. Then they are left out, and what was compiled without them is
    // taken from the next build, which must not take it for their word.
    private static async Task<Repository> BuildAsync(string root, IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"Compiling {projects.Count} project{(projects.Count == 1 ? string.Empty : "s")} whose sources have changed…");
        try
        {
            await BuildAsync(root, projects, "BoundaryAnalyzer=true", cancellationToken);
        }
        catch (HostException)
        {
            try
            {
                await BuildAsync(root, projects, "BoundaryAnalyzer=false;RunAnalyzers=false;TreatWarningsAsErrors=false", cancellationToken);
            }
            catch (HostException exception)
            {
                throw new ArchitectureException($"What does not compile cannot be judged.\n{exception.Message}");
            }

            foreach (var compiled in projects.Select(project => new DirectoryInfo(Path.Combine(root, Path.GetDirectoryName(project)!, "obj"))).Where(static folder => folder.Exists)
                .SelectMany(static folder => folder.EnumerateFiles("*.dll", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })))
            {
                compiled.Delete();
            }
        }

        return Repository.Open(root);
    }

    private static async Task BuildAsync(string root, IReadOnlyList<string> projects, string properties, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetTempPath(), $"mm-{Guid.CreateVersion7():N}.proj");
        var items = projects.Select(project => new XElement("Stale", new XAttribute("Include", Path.Combine(root, project))));
        var build = new XElement(
            "Project", new XElement("ItemGroup", items), new XElement("Target", new XAttribute("Name", "Build"), Run("Restore", "MSBuildRestoreSessionId=mm"), Run("Build", properties)));
        try
        {
            await File.WriteAllTextAsync(file, build.ToString(), cancellationToken);
            await OtherProgram.RunAsync("dotnet", ["msbuild", file, "-nologo", "-v:q", "-m", "-clp:NoSummary;ErrorsOnly"], root, cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }

        static XElement Run(string target, string properties) => new(
            "MSBuild", new XAttribute("Projects", "@(Stale)"), new XAttribute("Targets", target), new XAttribute("Properties", properties), new XAttribute("BuildInParallel", "true"));
    }

    /// <summary>Runs a command: what cannot be judged is a sentence and exit code 2.</summary>
    public static async Task<int> GuardedAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is ArchitectureException or HostException or IOException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }
}
