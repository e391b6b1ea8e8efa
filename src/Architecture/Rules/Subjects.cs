using System.IO.Enumeration;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What rules about modules and projects look at.</summary>
internal static class Subjects
{
    /// <summary>The modules' own code: one assembly each, and what else a module's folder is compiled to.</summary>
    public static IEnumerable<(Module Module, AssemblyFacts Assembly)> Slices(this CodeGraph graph) => Of(graph, ProjectKind.Slice);

    /// <summary>What others see of the modules.</summary>
    public static IEnumerable<(Module Module, AssemblyFacts Assembly)> Contracts(this CodeGraph graph) => Of(graph, ProjectKind.Contracts);

    /// <summary>Both.</summary>
    public static IEnumerable<(Module Module, AssemblyFacts Assembly)> ModuleAssemblies(this CodeGraph graph) => graph.Slices().Concat(graph.Contracts());

    /// <summary>The types of both.</summary>
    public static IEnumerable<(Module Module, TypeFacts Type)> ModuleTypes(this CodeGraph graph) => graph.ModuleAssemblies().SelectMany(static pair => pair.Assembly.Types.Select(type => (pair.Module, type)));

    /// <summary>The types of the slices.</summary>
    public static IEnumerable<(Module Module, TypeFacts Type)> SliceTypes(this CodeGraph graph) => graph.Slices().SelectMany(static pair => pair.Assembly.Types.Select(type => (pair.Module, type)));

    /// <summary>The assemblies below src that are no editions of packages.</summary>
    public static IEnumerable<(ProjectFacts Project, AssemblyFacts Assembly)> Sources(this CodeGraph graph) =>
        from project in graph.Projects
        where project.Kind == ProjectKind.Source
        let assembly = graph.Assembly(project.AssemblyName)
        where assembly is not null
        select (project, assembly);

    /// <summary>The members of an assembly whose code uses something, in their order.</summary>
    /// <param name="graph">The code base.</param>
    /// <param name="assembly">The assembly.</param>
    /// <param name="isMeant">Whether it is what is looked for, by the type and its member.</param>
    public static IEnumerable<(TypeFacts Type, MemberFacts Member)> MembersUsing(this CodeGraph graph, AssemblyFacts assembly, Func<TypeName, string?, bool> isMeant) => graph.UsesOf(assembly).Users(isMeant);

    /// <summary>What a type implements and derives from. Compilers list the interfaces that an interface brings along, so only base classes are followed.</summary>
    public static IEnumerable<TypeName> Kinds(this CodeGraph graph, TypeFacts type)
    {
        for (TypeFacts? current = type; current is not null; current = current.BaseType is null ? null : graph.Find(current.BaseType))
        {
            foreach (var contract in current.Interfaces)
            {
                yield return contract;
            }

            if (current.BaseType is not null)
            {
                yield return current.BaseType;
            }
        }
    }

    /// <summary>Whether a type implements or derives from another one.</summary>
    public static bool IsA(this CodeGraph graph, TypeFacts type, string fullName) => (type.BaseType is not null || type.Interfaces.Count > 0) && graph.Kinds(type).Any(kind => kind.FullName == fullName);

    /// <summary>The first type argument of each closed form of an open type that a type implements or derives from.</summary>
    public static IEnumerable<TypeName> Closing(this CodeGraph graph, TypeFacts type, params string[] open) =>
        graph.Kinds(type).Where(kind => kind.Arguments.Count > 0 && Array.IndexOf(open, kind.FullName) >= 0).Select(static kind => kind.Arguments[0]);

    /// <summary>The projects that an item refers to; by its name where the path is not known before the build.</summary>
    public static IEnumerable<ProjectFacts> Targets(this CodeGraph graph, ProjectItem item) => graph.Projects.Where(project => item.Resolved is not { } path
        ? project.Name == item.Name
        : path.Contains('*', StringComparison.Ordinal) ? Matches(path, project.Path) && !item.Exclude.Any(left => Matches(left, project.Path)) : path == project.Path);

    /// <summary>Whether a path is one that a pattern with wildcards means, as MSBuild reads it.</summary>
    public static bool Matches(string pattern, string path) => Matches(pattern.Split('/'), path.Split('/'));

    /// <summary>The beginning of a file.</summary>
    public static SourceSpan Start(string file) => new(file, 1, 1, 1, 1);

    /// <summary>A type's name with its namespace, as people say it.</summary>
    public static string FullName(TypeFacts type) => Describe.Target(type.Name, null);

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path) =>
        pattern.IsEmpty ? path.IsEmpty
        : pattern[0] == "**" ? Matches(pattern[1..], path) || (!path.IsEmpty && Matches(pattern, path[1..]))
        : !path.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], path[0]) && Matches(pattern[1..], path[1..]);

    private static IEnumerable<(Module Module, AssemblyFacts Assembly)> Of(CodeGraph graph, ProjectKind kind) =>
        from module in graph.Modules
        from project in module.Projects
        where project.Kind == kind
        let assembly = graph.Assembly(project.AssemblyName)
        where assembly is not null
        select (module, assembly);
}
