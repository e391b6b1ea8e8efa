using System.Reflection;
using Marten;
using NetArchTest.Rules;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>What others can see of a module.</summary>
internal static class VisibilityRules
{
    public static readonly Rule ModuleTypesAreInternal = new(
        "module-types-are-internal",
        "What is public will be used, and then it cannot change. Only Contracts are for others.",
        "Make the type internal; move what another module needs to the Contracts project.",
        codebase => Outcome.Of(Slices(codebase), slice =>
            (Types.InAssembly(slice.Assembly).Should().NotBePublic().GetResult().FailingTypeNames ?? [])
            .Select(type => new Finding(type, "is public"))));

    public static readonly Rule ModuleTypesAreSealed = new(
        "module-types-are-sealed",
        "A class is either a leaf or made to be inherited from; everything between is inheritance that nobody planned.",
        "Make the class sealed, or abstract when other classes of the module derive from it.",
        codebase => Outcome.Of(
            Slices(codebase).SelectMany(slice => slice.Types).Where(type => type is { IsClass: true, IsAbstract: false } && !type.IsSubclassOf(typeof(Delegate))),
            type => type.IsSealed ? [] : [new Finding(type.FullName!, "is neither sealed nor abstract")]));

    public static readonly Rule StoreMarkersAreInternal = new(
        "store-markers-are-internal",
        "Whoever sees a module's store marker can open a session on its data. It must not compile anywhere else.",
        "Make the interface internal, and ask the owning module for its data with a request.",
        codebase => Outcome.Of(
            codebase.ModuleAssemblies.SelectMany(pair => pair.Assembly.Types).Where(type => type.IsInterface && type.IsAssignableTo(typeof(IDocumentStore))),
            type => type.IsVisible ? [new Finding(type.FullName!, "is public")] : []));

    public static readonly Rule StoreMarkersHaveNamesOfTheirOwn = new(
        "store-markers-have-distinct-names",
        "Marten builds a class for each marker under the marker's simple name in one assembly; two of one name stop the host.",
        "Name the marker after the module: IOrderingStore.",
        codebase => Outcome.Of(
            codebase.ModuleAssemblies.SelectMany(pair => pair.Assembly.Types).Where(type => type.IsInterface && type.IsAssignableTo(typeof(IDocumentStore))).GroupBy(type => type.Name),
            same => same.Count() == 1 ? [] : [new Finding(same.Key, "is the name of " + string.Join(" and ", same.Select(type => type.FullName).Order(StringComparer.Ordinal)))]));

    public static readonly Rule EventMethodsArePublic = new(
        "event-methods-are-public",
        "The published Marten finds the methods that apply events to an aggregate only when they are public, also on internal classes.",
        "Make the method public; the class stays internal.",
        codebase => Outcome.Of(
            from slice in Slices(codebase)
            from type in slice.Types
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.Name is "Apply" or "ShouldDelete" || (method.Name == "Create" && method.ReturnType == type)
            select method,
            method => method.IsPublic ? [] : [new Finding(method.DeclaringType!.Name + "." + method.Name, "is not public")]));

    public static readonly Rule NamespacesFollowFolders = new(
        "namespaces-follow-folders",
        "Folders are the module's business concepts. A type whose namespace says something else is looked for in the wrong place.",
        "Name the namespace after the project and the folder.",
        codebase => Outcome.Of(
            codebase.ModuleAssemblies.SelectMany(pair => pair.Assembly.Types.Select(type => (Type: type, File: pair.Assembly.FileOf(type)))).Where(pair => pair.File is not null && !pair.Type.IsNested),
            pair => ("ModularMonolith." + string.Join('.', pair.File!.Split('/')[2..^1])) is var expected && expected == pair.Type.Namespace
                ? []
                : [new Finding(pair.Type.FullName!, $"stands in {pair.File}, which is {expected}")]));

    private static IEnumerable<CompiledAssembly> Slices(Codebase codebase) => codebase.Modules.Select(module => module.Slice).Where(slice => slice is { Types.Count: > 0 })!;
}
