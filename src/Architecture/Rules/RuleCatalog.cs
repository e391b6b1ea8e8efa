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
        .. RouteRules.All,
        .. UseCaseRules.All,
        .. PipelineRules.All,
        .. MessageRules.All,
        .. NamingRules.All,
        .. ProjectRules.All,
        .. SettingRules.All,
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
