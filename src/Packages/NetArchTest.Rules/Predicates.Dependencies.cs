using NetArchTest.Rules.Dependencies;

namespace NetArchTest.Rules;

public sealed partial class Predicates
{
    /// <summary>Selects types that refer to a namespace or type.</summary>
    public PredicateList HaveDependencyOn(string dependency) => With(DependencyRule.OnAny(dependency));

    /// <summary>Selects types other than those that refer to a namespace or type.</summary>
    public PredicateList DoNotHaveDependencyOn(string dependency) => With(Rules.Not(DependencyRule.OnAny(dependency)));

    /// <summary>Selects types that refer to at least one of several namespaces or types.</summary>
    public PredicateList HaveDependencyOnAny(params string[] dependencies) => With(DependencyRule.OnAny(dependencies));

    /// <summary>Selects types other than those that refer to at least one of several namespaces or types.</summary>
    public PredicateList DoNotHaveDependencyOnAny(params string[] dependencies) => With(Rules.Not(DependencyRule.OnAny(dependencies)));

    /// <summary>Selects types that refer to each of several namespaces or types.</summary>
    public PredicateList HaveDependencyOnAll(params string[] dependencies) => With(DependencyRule.OnAll(dependencies));

    /// <summary>Selects types other than those that refer to each of several namespaces or types.</summary>
    public PredicateList DoNotHaveDependencyOnAll(params string[] dependencies) => With(Rules.Not(DependencyRule.OnAll(dependencies)));

    /// <summary>Selects types that refer to nothing but the given namespaces and types. A type that uses itself needs to be among them.</summary>
    public PredicateList OnlyHaveDependenciesOn(params string[] dependencies) => With(DependencyRule.OnlyOn(dependencies));

    /// <summary>Selects types that refer to something outside the given namespaces and types.</summary>
    public PredicateList HaveDependenciesOtherThan(params string[] dependencies) => With(Rules.Not(DependencyRule.OnlyOn(dependencies)));
}
