using System.Xml;
using System.Xml.Linq;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Packages, their versions and their editions.</summary>
public static class PackageRules
{
    private const string Web = "Microsoft.AspNetCore.App";

    private static readonly string[] InContracts = ["MediatR.Contracts"];

    /// <summary>Modules use the packages that they may.</summary>
    public static readonly Rule PackagePolicy = new(
        "package-policy",
        "Every package is code that somebody has to keep up to date, and what one module uses of it comes to all others that share its host. Contracts bring theirs to every module that reads them.",
        "Do without it, use what the platform offers, or give the module the package with a reason in the repository's architecture (ModulePackages).",
        static context =>
        {
            var framework = new FrameworkAssemblies();
            var told = new HashSet<SourceSpan>();
            return Outcome.Of(
                context.Graph.Modules.SelectMany(static module => module.Projects.Where(static project => project.Kind is ProjectKind.Slice or ProjectKind.Contracts).Select(project => (module, project))),
                pair => Findings(context, framework, pair.module, pair.project, told).Concat(Others(context, framework, pair.module, pair.project)));
        })
    {
        Plant = static canary => canary.SliceProject = canary.SliceProject with { Packages = [.. canary.SliceProject.Packages, Planted.Item(canary.SliceProject, "Canary.Package")] },
    };

    /// <summary>One version of each package.</summary>
    public static readonly Rule VersionsAreCentral = new(
        "versions-are-central",
        "Two projects with two versions of one package meet at run time, where only one of them is there.",
        "Put the version into Directory.Packages.props.",
        static context => Outcome.Of(context.Graph.Projects, static project => project.Packages.Where(static item => item.HasVersion && !item.IsForAll).Concat(project.Versions)
            .Select(item => new Finding(project.Path, "sets the version of " + item.Name) { Module = project.Module, To = item.Name, Kind = EdgeKind.Package, Span = item.Place })))
    {
        Plant = static canary => canary.SliceProject = canary.SliceProject with { Packages = [.. canary.SliceProject.Packages, Planted.Item(canary.SliceProject, "Canary.Package") with { HasVersion = true }] },
    };

    /// <summary>Editions are what they stand in for.</summary>
    public static readonly Rule EditionsStandInForPackages = new(
        "editions-stand-in-for-packages",
        "An edition takes the place of a package only under the same id and version, and only when the build swaps it.",
        "Make folder, project, PackageId and AssemblyName the package's id, Version the one in Directory.Packages.props, and list the id in Directory.Build.targets.",
        static context =>
        {
            var versions = Elements(context.Graph, "Directory.Packages.props", "PackageVersion").ToLookup(static element => (string?)element.Attribute("Include"), static element => (string?)element.Attribute("Version"));
            var swapped = Elements(context.Graph, "Directory.Build.targets", "_Edition").Select(static element => (string?)element.Attribute("Include") ?? string.Empty).ToList();
            return Outcome.Of(context.Graph.Projects.Where(static project => project.Kind == ProjectKind.Edition), project => Findings(context.Graph, project, versions, swapped));
        })
    {
        PlantOnce = static context =>
        {
            var edition = context.Graph.Projects.FirstOrDefault(static project => project.Kind == ProjectKind.Edition) ?? throw new ArchitectureException("There are no editions of packages.");
            return context.With(edition with { Path = edition.Folder + "/Canary.csproj" }) is var changed
                ? changed with { Graph = changed.Graph.Changed([.. context.Graph.Projects, edition with { Path = edition.Folder + "/Canary.csproj" }]) }
                : changed;
        },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [PackagePolicy, VersionsAreCentral, EditionsStandInForPackages];

    private static IEnumerable<Finding> Findings(RuleContext context, FrameworkAssemblies framework, Module module, ProjectFacts project, HashSet<SourceSpan> told)
    {
        var isContracts = project.Kind == ProjectKind.Contracts;
        var own = isContracts ? [] : context.Policy.ModulePackages.GetValueOrDefault(module.Folder, []);
        var allowed = isContracts ? [.. InContracts] : context.Policy.Packages.Concat(own.Select(static package => package.Id)).ToList();
        foreach (var item in project.Packages.Where(item => !allowed.Contains(item.Name)))
        {
            // What every project gets is told of once.
            if (item.IsForAll && !told.Add(item.Place))
            {
                continue;
            }

            yield return new Finding(project.Name, "refers to the package " + item.Name) { Module = module.Folder, To = item.Name, Kind = EdgeKind.Package, Span = item.Place };
        }

        var used = UsedOf(context.Graph, context.Policy.Platform, framework, project);
        foreach (var (assembly, edge) in used)
        {
            if (!allowed.Exists(id => Brings(id, assembly)) && !project.Packages.Any(item => Brings(item.Name, assembly)))
            {
                yield return new Finding(project.Name, "uses the package " + assembly)
                {
                    Module = module.Folder,
                    To = edge.ToName,
                    Kind = EdgeKind.Package,
                    Span = edge.Span,
                    Suggestion = $"{edge.FromName} uses {edge.ToName}, which comes along with another reference.",
                };
            }
        }

        foreach (var permission in own.Where(permission => !project.Packages.Any(item => item.Name == permission.Id) && !used.Keys.Any(assembly => Brings(permission.Id, assembly))))
        {
            yield return new Finding(project.Name, $"may use the package {permission.Id} and does not")
            {
                Module = module.Folder,
                To = permission.Id,
                Kind = EdgeKind.Package,
                Span = Subjects.Start(project.Path),
                Suggestion = "Remove the permission from the repository's architecture.",
            };
        }
    }

    // What comes along without a reference to a package.
    private static IEnumerable<Finding> Others(RuleContext context, FrameworkAssemblies framework, Module module, ProjectFacts project)
    {
        foreach (var item in project.Frameworks.Where(item => project.Kind == ProjectKind.Contracts || item.Name != Web))
        {
            yield return Of(item, "refers to the framework " + item.Name, null);
        }

        if (project.Sdk is { } sdk && sdk.Name != "Microsoft.NET.Sdk")
        {
            yield return Of(sdk, $"is built with {sdk.Name}", "Build it with Microsoft.NET.Sdk" + (project.Kind == ProjectKind.Contracts ? "." : $", and refer to the framework {Web}."));
        }

        foreach (var item in project.References)
        {
            foreach (var edition in context.Graph.Targets(item).Where(static target => target.Kind == ProjectKind.Edition))
            {
                yield return Of(item, $"refers to the edition of {edition.Name} by its project", $"Refer to the package {edition.Name}, which the build swaps; the module has to be allowed to use it.");
            }
        }

        foreach (var item in project.Files.Where(item => context.Graph.ProjectOf(item.Name) is null && !framework.Contain(item.Name)))
        {
            yield return Of(item, "refers to the file of " + item.Name, null);
        }

        Finding Of(ProjectItem item, string what, string? suggestion) => new(project.Name, what) { Module = module.Folder, To = item.Name, Kind = EdgeKind.Package, Span = item.Place, Suggestion = suggestion };
    }

    // The first use of each assembly that is neither of this repository nor of the framework.
    private static SortedDictionary<string, Edge> UsedOf(CodeGraph graph, IReadOnlyList<string> platform, FrameworkAssemblies framework, ProjectFacts project)
    {
        var used = new SortedDictionary<string, Edge>(StringComparer.Ordinal);
        if (graph.Assembly(project.AssemblyName) is not { } assembly)
        {
            return used;
        }

        var packages = assembly.References.Where(name => graph.ProjectOf(name) is null && !platform.Contains(name) && !framework.Contain(name)).ToHashSet(StringComparer.Ordinal);
        foreach (var edge in packages.Count == 0 ? [] : Edges.InCode(assembly, type => packages.Contains(type.Assembly)))
        {
            if (!used.TryGetValue(edge.To.Assembly, out var first) || IsBefore(edge.Span, first.Span))
            {
                used[edge.To.Assembly] = edge;
            }
        }

        return used;
    }

    private static bool IsBefore(SourceSpan? one, SourceSpan? other) => one is not null && (other is null
        || string.CompareOrdinal(one.File, other.File) is var order && (order < 0 || (order == 0 && (one.Line, one.Column).CompareTo((other.Line, other.Column)) < 0)));

    private static bool Brings(string package, string assembly) =>
        assembly.StartsWith(package, StringComparison.OrdinalIgnoreCase) && (assembly.Length == package.Length || assembly[package.Length] == '.');

    private static IEnumerable<Finding> Findings(CodeGraph graph, ProjectFacts project, ILookup<string?, string?> versions, List<string> swapped)
    {
        var elements = Elements(graph, project.Path, null).ToLookup(static element => element.Name.LocalName, StringComparer.Ordinal);
        string? Value(string name) => elements[name].FirstOrDefault()?.Value;
        var found = new[]
        {
            (Value("PackageId") == project.Name ? null : $"has the package id '{Value("PackageId")}'", "PackageId"),
            (Value("AssemblyName") == project.Name ? null : $"has the assembly name '{Value("AssemblyName")}'", "AssemblyName"),
            (versions[project.Name].Contains(Value("Version")) ? null : $"has version {Value("Version")}, not {versions[project.Name].SingleOrDefault() ?? "one of the central versions"}", "Version"),
            (swapped.Any(include => include.Contains($"'{project.Name}'", StringComparison.Ordinal)) ? null : "is not swapped in Directory.Build.targets", string.Empty),
        };
        foreach (var (what, property) in found)
        {
            if (what is not null)
            {
                yield return new Finding(project.Path, what)
                {
                    Span = elements[property].FirstOrDefault() is IXmlLineInfo line ? new SourceSpan(project.Path, line.LineNumber, line.LinePosition - 1, line.LineNumber, line.LinePosition) : Subjects.Start(project.Path),
                };
            }
        }
    }

    private static IEnumerable<XElement> Elements(CodeGraph graph, string file, string? name)
    {
        var path = Path.Combine(graph.Root, file);
        return !File.Exists(path) ? [] : name is null ? XDocument.Load(path, LoadOptions.SetLineInfo).Descendants() : XDocument.Load(path).Descendants(name);
    }
}
