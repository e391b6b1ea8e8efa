using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>A rule of the caller's own, for what the built-in predicates and conditions cannot say.</summary>
public interface ICustomRule
{
    /// <summary>Tells whether a type meets the rule.</summary>
    /// <param name="type">The type as the assembly file describes it.</param>
    /// <returns>True when it does.</returns>
    bool MeetsRule(TypeDefinition type);
}
