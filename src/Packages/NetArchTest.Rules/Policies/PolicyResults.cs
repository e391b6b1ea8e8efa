namespace NetArchTest.Rules.Policies;

/// <summary>What the rules of a policy found.</summary>
public sealed class PolicyResults
{
    internal PolicyResults(IReadOnlyList<PolicyResult> results, string name, string description)
    {
        Results = results;
        Name = name;
        Description = description;
    }

    /// <summary>The policy's name.</summary>
    public string Name { get; }

    /// <summary>What the policy is for.</summary>
    public string Description { get; }

    /// <summary>True when a type breaks a rule.</summary>
    public bool HasViolations => Results.Any(result => !result.IsSuccessful);

    /// <summary>The results in the order the rules were added.</summary>
    public IReadOnlyList<PolicyResult> Results { get; }
}
