using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Who may see what is internal.</summary>
public static class FriendRules
{
    private const string Friend = "System.Runtime.CompilerServices.InternalsVisibleToAttribute";
    private const string Intruder = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

    // Marten makes the classes of store markers in this assembly while the host starts.
    private const string MadeByMarten = "Marten.DynamicStores";

    /// <summary>Internal is internal.</summary>
    public static readonly Rule InternalsStayInternal = new(
        "internals-stay-internal",
        "Internal types are what a module can change without asking anybody. An assembly that sees them is a part of the module, whatever its name says.",
        "Remove the InternalsVisibleTo, and move what the other assembly needs to the module's Contracts. Only a project's own tests and Marten.DynamicStores may see its internals.",
        static context => Outcome.Of(context.Graph.Projects.Where(static project => project.Kind is ProjectKind.Slice or ProjectKind.Contracts or ProjectKind.Source), project => Findings(context.Graph, project)))
    {
        Plant = static canary => canary.SliceProject = canary.SliceProject with { Friends = [.. canary.SliceProject.Friends, Planted.Item(canary.SliceProject, canary.Other.Slice!.Name)] },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [InternalsStayInternal];

    private static IEnumerable<Finding> Findings(CodeGraph graph, ProjectFacts project)
    {
        var module = project.Module;
        var from = module ?? project.Path;
        var items = project.Friends.Where(item => !IsOwn(graph, project, item.Name)).ToList();
        foreach (var item in items.Where(item => !item.IsForAll || IsFirst(graph, project)))
        {
            yield return Shows(item.Name, item.Place);
        }

        foreach (var attribute in graph.Assembly(project.AssemblyName)?.Attributes ?? [])
        {
            var name = attribute.Arguments.Count == 0 ? string.Empty : attribute.Arguments[0].Split(',')[0].Trim();
            if (attribute.Type.FullName == Friend && !IsOwn(graph, project, name) && items.TrueForAll(item => item.Name != name))
            {
                yield return Shows(name, Locate(graph, project, name));
            }
            else if (attribute.Type.FullName == Intruder)
            {
                yield return new Finding(project.Name, $"reads the internals of {name} without its leave") { Module = module, To = name, Span = Locate(graph, project, name) };
            }
        }

        Finding Shows(string name, SourceSpan place) => new(from, $"shows the internals of {project.AssemblyName} to {name}")
        {
            Module = module,
            To = name,
            Span = place,
            Suggestion = graph.OwnerOf(name) is { } other && other.Folder != module ? $"Move what {other.Folder} needs to {module ?? project.Name}.Contracts, or let it send a request." : null,
        };
    }

    // What every project shows is told of once.
    private static bool IsFirst(CodeGraph graph, ProjectFacts project) => graph.Projects.First(static other => other.Kind is ProjectKind.Slice) is var first && first.Path == project.Path;

    private static bool IsOwn(CodeGraph graph, ProjectFacts project, string friend) => friend == MadeByMarten || (project.Module is not null
        ? graph.Modules.Any(module => module.Folder == project.Module && module.Projects.Any(own => own.Kind == ProjectKind.Tests && own.AssemblyName == friend)) || friend == Own(project) + ".Tests"
        : graph.ProjectOf(friend) is { Kind: ProjectKind.Tests, Module: null } || friend.StartsWith(project.AssemblyName + ".", StringComparison.Ordinal));

    private static string Own(ProjectFacts project) =>
        project.Kind == ProjectKind.Contracts && project.AssemblyName.EndsWith(".Contracts", StringComparison.Ordinal) ? project.AssemblyName[..^".Contracts".Length] : project.AssemblyName;

    // An attribute in the code, or an item that becomes one.
    private static SourceSpan Locate(CodeGraph graph, ProjectFacts project, string name)
    {
        var shortName = name.StartsWith(PrefixOf(project), StringComparison.Ordinal) ? name[PrefixOf(project).Length..] : name;
        return SourceText.Find(graph.Root, project, $"\"{name}", "[assembly:") ?? SourceText.Find(graph.Root, project, shortName, "[assembly:")
            ?? SourceText.FindIn(graph.Root, project.Path, name) ?? SourceText.FindIn(graph.Root, project.Path, shortName) ?? Subjects.Start(project.Path);
    }

    private static string PrefixOf(ProjectFacts project) => project.AssemblyName.EndsWith(project.Name, StringComparison.Ordinal) ? project.AssemblyName[..^project.Name.Length] : string.Empty;
}
