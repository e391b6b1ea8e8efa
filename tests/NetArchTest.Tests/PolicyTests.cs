using NetArchTest.Rules;
using NetArchTest.Rules.Policies;
using static ModularMonolith.NetArchTest.Tests.Selected;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class PolicyTests
{
    private static Types All => Types.InAssembly(typeof(Selected).Assembly);

    private static ConditionList Broken(Types types) => types.That().ResideInNamespace(Root + "Kinds").Should().BePublic();

    private static ConditionList Kept(Types types) => types.That().AreInterfaces().Should().BeAbstract();

    [Fact]
    public void A_policy_reports_each_rule_in_order()
    {
        var results = Policy.Define("policy", "purpose").For(All)
            .Add(Kept, "kept", "always")
            .Add(Broken, "broken", "never")
            .Add(Kept)
            .Evaluate();

        Assert.Equal(("policy", "purpose"), (results.Name, results.Description));
        Assert.Equal(["kept", "broken", null], results.Results.Select(result => result.Name));
        Assert.Equal(["always", "never", null], results.Results.Select(result => result.Description));
        Assert.Equal([true, false, true], results.Results.Select(result => result.IsSuccessful));
        Assert.Null(results.Results[0].FailingTypes);
        Assert.Equal(["InternalClass", "NestedInternal", "NestedPrivate"], Names(results.Results[1].FailingTypes));
        Assert.True(results.HasViolations);
    }

    [Fact]
    public void A_policy_without_a_broken_rule_has_no_violations()
    {
        Assert.False(Policy.Define("policy", "purpose").For(All).Add(Kept).Evaluate().HasViolations);
        Assert.False(Policy.Define("policy", "purpose").For(All).Evaluate().HasViolations);
    }

    [Fact]
    public void The_types_are_found_at_each_evaluation()
    {
        var searches = 0;
        var policy = Policy.Define("policy", "purpose").For(() =>
        {
            searches++;
            return All;
        }).Add(Kept).Add(Broken);
        Assert.Equal(0, searches);

        policy.Evaluate();
        policy.Evaluate();

        Assert.Equal(2, searches);
        Assert.Equal(("policy", "purpose"), (policy.Name, policy.Description));
    }

    [Fact]
    public void Types_and_rules_are_required()
    {
        var policy = Policy.Define("policy", "purpose");

        Assert.Throws<ArgumentNullException>(() => policy.For((Types)null!));
        Assert.Throws<ArgumentNullException>(() => policy.For((Func<Types>)null!));
        Assert.Throws<ArgumentNullException>(() => policy.For(All).Add(null!));
        Assert.Throws<ArgumentNullException>(() => policy.For(All).Add(null!, "name", "description"));
        Assert.Throws<ArgumentNullException>(() => All.That().MeetCustomRule(null!));
        Assert.Throws<ArgumentNullException>(() => All.Should().MeetCustomRule(null!));
    }
}
