namespace NetArchTest.Rules.Policies;

/// <summary>A policy with its types and the rules added so far.</summary>
public sealed class PolicyDefinition
{
    private readonly Func<Types> _types;
    private readonly List<(Func<Types, ConditionList> Rule, string? Name, string? Description)> _rules = [];

    internal PolicyDefinition(Func<Types> types, string name, string description)
    {
        _types = types;
        Name = name;
        Description = description;
    }

    /// <summary>The policy's name.</summary>
    public string Name { get; }

    /// <summary>What the policy is for.</summary>
    public string Description { get; }

    /// <summary>Adds a rule without a name.</summary>
    /// <param name="definition">States the rule about the policy's types.</param>
    /// <returns>This policy.</returns>
    public PolicyDefinition Add(Func<Types, ConditionList> definition) => AddRule(definition, null, null);

    /// <summary>Adds a rule.</summary>
    /// <param name="definition">States the rule about the policy's types.</param>
    /// <param name="name">The rule's name in reports.</param>
    /// <param name="description">What the rule is for.</param>
    /// <returns>This policy.</returns>
    public PolicyDefinition Add(Func<Types, ConditionList> definition, string name, string description) => AddRule(definition, name, description);

    /// <summary>Finds the types once and tests every rule on them.</summary>
    /// <returns>The results in the order the rules were added.</returns>
    public PolicyResults Evaluate()
    {
        var types = _types();
        return new PolicyResults(
            _rules.Select(rule => new PolicyResult(rule.Rule(types).GetResult(), rule.Name, rule.Description)).ToList(), Name, Description);
    }

    private PolicyDefinition AddRule(Func<Types, ConditionList> definition, string? name, string? description)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _rules.Add((definition, name, description));
        return this;
    }
}
