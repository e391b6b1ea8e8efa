namespace NetArchTest.Rules.Policies;

/// <summary>Names a set of rules that are tested and reported together.</summary>
public sealed class Policy
{
    private readonly string _name;
    private readonly string _description;

    private Policy(string name, string description)
    {
        _name = name;
        _description = description;
    }

    /// <summary>Starts a policy.</summary>
    /// <param name="name">Its name in reports.</param>
    /// <param name="description">What it is for.</param>
    /// <returns>The policy, to be given types.</returns>
    public static Policy Define(string name, string description) => new(name, description);

    /// <summary>Sets the types that the rules are tested on, found when the policy is evaluated.</summary>
    /// <param name="types">Finds the types.</param>
    /// <returns>The policy, to be given rules.</returns>
    public PolicyDefinition For(Func<Types> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        return new PolicyDefinition(types, _name, _description);
    }

    /// <summary>Sets the types that the rules are tested on.</summary>
    /// <param name="types">The types.</param>
    /// <returns>The policy, to be given rules.</returns>
    public PolicyDefinition For(Types types)
    {
        ArgumentNullException.ThrowIfNull(types);
        return For(() => types);
    }
}
