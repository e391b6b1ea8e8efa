using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>What a rule found.</summary>
public sealed class TestResult
{
    private readonly Lazy<IReadOnlyList<Type>?> _failingTypes;

    internal TestResult(IReadOnlyList<TypeDefinition> failing)
    {
        IsSuccessful = failing.Count == 0;
        FailingTypeNames = IsSuccessful ? null : failing.Select(TypeIdentity.ReflectionName).ToList();
        _failingTypes = new Lazy<IReadOnlyList<Type>?>(() => IsSuccessful ? null : failing.Select(TypeIdentity.Load).ToList());
    }

    /// <summary>True when no type breaks the rule; also when no type was selected at all.</summary>
    public bool IsSuccessful { get; }

    /// <summary>The types that break the rule, loaded when first read; null when there is none.</summary>
    /// <exception cref="FileNotFoundException">The assembly of a type cannot be loaded into this process.</exception>
    public IReadOnlyList<Type>? FailingTypes => _failingTypes.Value;

    /// <summary>The full names of the types that break the rule, available even when the types cannot be loaded; null when there is none.</summary>
    public IReadOnlyList<string>? FailingTypeNames { get; }
}
