namespace NetArchTest.Rules.Policies;

/// <summary>What one rule of a policy found.</summary>
public sealed class PolicyResult
{
    private readonly TestResult _result;

    internal PolicyResult(TestResult result, string? name, string? description)
    {
        _result = result;
        Name = name;
        Description = description;
    }

    /// <summary>The rule's name; null when it was added without one.</summary>
    public string? Name { get; }

    /// <summary>What the rule is for; null when it was added without a description.</summary>
    public string? Description { get; }

    /// <summary>True when no type breaks the rule.</summary>
    public bool IsSuccessful => _result.IsSuccessful;

    /// <summary>The types that break the rule; null when there is none.</summary>
    public IEnumerable<Type>? FailingTypes => _result.FailingTypes;
}
