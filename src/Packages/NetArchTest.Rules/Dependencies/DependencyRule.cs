using Mono.Cecil;

namespace NetArchTest.Rules.Dependencies;

/// <summary>Relates what a type refers to with a list of namespaces and type names.</summary>
internal static class DependencyRule
{
    public static Func<TypeDefinition, bool> OnAny(params string[] dependencies)
    {
        var terms = Parse(dependencies);
        return type => DependencyFinder.NamesIn(type).Any(name => terms.Any(term => term.Covers(name)));
    }

    public static Func<TypeDefinition, bool> OnAll(params string[] dependencies)
    {
        var terms = Parse(dependencies);
        return type =>
        {
            var names = DependencyFinder.NamesIn(type).ToHashSet(StringComparer.Ordinal);
            return terms.All(term => names.Any(term.Covers));
        };
    }

    public static Func<TypeDefinition, bool> OnlyOn(params string[] dependencies)
    {
        var terms = Parse(dependencies);
        return type => DependencyFinder.NamesIn(type).All(name => IsSynthesized(name) || terms.Any(term => term.Covers(name)));
    }

    private static List<NamespaceTerm> Parse(string[] dependencies)
    {
        ArgumentNullException.ThrowIfNull(dependencies);
        return dependencies.Select(NamespaceTerm.Parse).ToList();
    }

    // Anonymous types and the holder of array literals: the compiler puts them into the root namespace, no source names them.
    private static bool IsSynthesized(string name) => name.StartsWith('<');
}
