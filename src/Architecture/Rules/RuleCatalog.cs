namespace ModularMonolith.Architecture.Rules;

/// <summary>The rules that hold in every repository of this shape.</summary>
public static class RuleCatalog
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. ReferenceRules.All,
        .. ContractRules.All,
        .. DependencyRules.All,
        .. LayerRules.All,
        .. FriendRules.All,
        .. PackageRules.All,
        .. VisibilityRules.All,
        .. EndpointRules.All,
        .. UseCaseRules.All,
        .. MessageRules.All,
        .. NamingRules.All,
        .. ProjectRules.All,
        .. DocumentRules.All,
        .. CodeRules.All,
        .. StateRules.All,
        .. SchemaRules.All,
        .. ServiceRules.All,
        .. ReflectionRules.All,
        .. SharedNameRules.All,
        .. AddressRules.All,
    ];
}
