using ModularMonolith.Architecture.Graph;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What others can see of a module.</summary>
public static class VisibilityRules
{
    /// <summary>Slices show nothing.</summary>
    public static readonly Rule ModuleTypesAreInternal = new(
        "module-types-are-internal",
        "What is public will be used, and then it cannot change. Only Contracts are for others.",
        "Make the type internal; move what another module needs to the Contracts project.",
        static context => Outcome.Of(context.Graph.SliceTypes(), pair => context.Graph.IsVisible(pair.Type) ? [OfType(pair.Module, pair.Type, "is public")] : []))
    {
        Plant = static canary => Change(canary.Class("Shown"), TypeAttributes.Public),
    };

    /// <summary>Classes are leaves or made to be inherited from.</summary>
    public static readonly Rule ModuleTypesAreSealed = new(
        "module-types-are-sealed",
        "A class is either a leaf or made to be inherited from; everything between is inheritance that nobody planned.",
        "Make the class sealed, or abstract when other classes of the module derive from it.",
        static context => Outcome.Of(
            context.Graph.SliceTypes().Where(static pair => pair.Type is { Kind: TypeKind.Class, IsAbstract: false }),
            static pair => pair.Type.IsSealed ? [] : [OfType(pair.Module, pair.Type, "is neither sealed nor abstract")]))
    {
        Plant = static canary => canary.Class("Open").IsSealed = false,
    };

    /// <summary>Store markers are seen by their module alone.</summary>
    public static readonly Rule StoreMarkersAreInternal = new(
        "store-markers-are-internal",
        "Whoever sees a module's store marker can open a session on its data. It must not compile anywhere else.",
        "Make the interface internal, and ask the owning module for its data with a request.",
        static context => Outcome.Of(Markers(context.Graph), pair => context.Graph.IsVisible(pair.Type) ? [OfType(pair.Module, pair.Type, "is public")] : []))
    {
        Plant = static canary => Change(Marker(canary, "ICanaryStore"), TypeAttributes.Public),
    };

    /// <summary>Store markers have names of their own.</summary>
    public static readonly Rule StoreMarkersHaveNamesOfTheirOwn = new(
        "store-markers-have-distinct-names",
        "Marten builds a class for each marker under the marker's simple name in one assembly; two of one name stop the host.",
        "Name the marker after the module: IOrderingStore.",
        static context => Outcome.Of(
            Markers(context.Graph).GroupBy(static pair => pair.Type.Name.Name, StringComparer.Ordinal),
            static same => same.Count() == 1 ? [] : same.Select(pair => new Finding(same.Key, "is the name of " + string.Join(" and ", same.Select(static other => Subjects.FullName(other.Type)).Order(StringComparer.Ordinal)))
            {
                Module = pair.Module.Folder,
                Span = pair.Type.Place,
            })))
    {
        Plant = static canary => Marker(canary, Markers(canary.Context.Graph).First(pair => pair.Module.Folder != canary.Module.Folder).Type.Name.Name),
    };

    /// <summary>Methods that Marten calls are public.</summary>
    public static readonly Rule EventMethodsArePublic = new(
        "event-methods-are-public",
        "The published Marten finds the methods that apply events to an aggregate only when they are public, also on internal classes.",
        "Make the method public; the class stays internal.",
        static context => Outcome.Of(
            from pair in context.Graph.SliceTypes()
            from member in pair.Type.Members
            where member.Kind == MemberKind.Method && (member.Name is "Apply" or "ShouldDelete" || (member.Name == "Create" && member.Type == pair.Type.Name))
            select (pair.Module, pair.Type, member),
            item => item.member.Visibility == Visibility.Public
                ? []
                : [Finding.Of(item.Type, item.member, item.Module, "is not public") with { Span = SourceLines.Declaration(context.Graph, item.Type, item.member) ?? item.member.Place ?? item.Type.Place }]))
    {
        Plant = static canary => canary.Class("Hidden").Methods.Add(new MethodDefinition("Apply", MethodAttributes.Private, canary.Slice.TypeSystem.Void) { Body = { } }),
    };

    /// <summary>Namespaces say where the file is.</summary>
    public static readonly Rule NamespacesFollowFolders = new(
        "namespaces-follow-folders",
        "Folders are the module's business concepts. A type whose namespace says something else is looked for in the wrong place.",
        "Name the namespace after the project and the folder.",
        static context => Outcome.Of(
            from pair in context.Graph.ModuleAssemblies()
            let project = context.Graph.ProjectOf(pair.Assembly.Name)
            from type in pair.Assembly.Types
            where !type.IsNested && type.Place is { File: var file } && !file.Contains("/obj/", StringComparison.Ordinal)
            select (pair.Module, project, type),
            static item => Expected(item.project, item.type.Place!.File) is var expected && expected == item.type.Name.Namespace
                ? []
                : [OfType(item.Module, item.type, $"stands in {item.type.Place.File}, which is {expected ?? "outside of its project"}")]))
    {
        Plant = static canary => canary.Borrow(canary.Class("Lost")),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
        [ModuleTypesAreInternal, ModuleTypesAreSealed, StoreMarkersAreInternal, StoreMarkersHaveNamesOfTheirOwn, EventMethodsArePublic, NamespacesFollowFolders];

    internal static Finding OfType(Module module, TypeFacts type, string what) => new(Subjects.FullName(type), what) { Module = module.Folder, Span = type.Place };

    private static string? Expected(ProjectFacts project, string file) => file.StartsWith(project.Folder + "/", StringComparison.Ordinal)
        ? string.Join('.', Path.GetDirectoryName(file[(project.Folder.Length + 1)..])!.Split('/', '\\').Where(static part => part.Length > 0).Prepend(project.AssemblyName))
        : null;

    private static IEnumerable<(Module Module, TypeFacts Type)> Markers(CodeGraph graph) =>
        graph.ModuleTypes().Where(pair => pair.Type.Kind == TypeKind.Interface && graph.IsA(pair.Type, WellKnown.DocumentStore));

    private static TypeDefinition Marker(Canary canary, string name)
    {
        var marker = canary.Class(name);
        marker.Attributes = TypeAttributes.NotPublic | TypeAttributes.Interface | TypeAttributes.Abstract;
        marker.BaseType = null;
        marker.Interfaces.Add(new InterfaceImplementation(Canary.Type(canary.Slice, "Marten", WellKnown.DocumentStore)));
        return marker;
    }

    private static void Change(TypeDefinition type, TypeAttributes visibility) => type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | visibility;
}
