using NetArchTest.Rules.Dependencies;

namespace NetArchTest.Rules;

public sealed partial class Conditions
{
    /// <summary>Met by types that refer to a namespace or type.</summary>
    public ConditionList HaveDependencyOn(string dependency) => With(DependencyRule.OnAny(dependency));

    /// <summary>Met by types other than those that refer to a namespace or type.</summary>
    public ConditionList NotHaveDependencyOn(string dependency) => With(Rules.Not(DependencyRule.OnAny(dependency)));

    /// <summary>Met by types that refer to at least one of several namespaces or types.</summary>
    public ConditionList HaveDependencyOnAny(params string[] dependencies) => With(DependencyRule.OnAny(dependencies));

    /// <summary>Met by types other than those that refer to at least one of several namespaces or types.</summary>
    public ConditionList NotHaveDependencyOnAny(params string[] dependencies) => With(Rules.Not(DependencyRule.OnAny(dependencies)));

    /// <summary>Met by types that refer to each of several namespaces or types.</summary>
    public ConditionList HaveDependencyOnAll(params string[] dependencies) => With(DependencyRule.OnAll(dependencies));

    /// <summary>Met by types other than those that refer to each of several namespaces or types.</summary>
    public ConditionList NotHaveDependencyOnAll(params string[] dependencies) => With(Rules.Not(DependencyRule.OnAll(dependencies)));

    /// <summary>Met by types that refer to nothing but the given namespaces and types. A type that uses itself needs to be among them.</summary>
    public ConditionList OnlyHaveDependenciesOn(params string[] dependencies) => With(DependencyRule.OnlyOn(dependencies));

    /// <summary>Met by types that refer to something outside the given namespaces and types.</summary>
    public ConditionList HaveDependenciesOtherThan(params string[] dependencies) => With(Rules.Not(DependencyRule.OnlyOn(dependencies)));
}
