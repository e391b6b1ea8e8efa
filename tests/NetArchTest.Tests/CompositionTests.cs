using NetArchTest.Rules;
using static ModularMonolith.NetArchTest.Tests.Selected;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class CompositionTests
{
    [Fact]
    public void And_binds_tighter_than_or_in_predicates()
    {
        var types = Types.InAssembly(typeof(Selected).Assembly).That()
            .ResideInNamespace(Root + "Kinds").And().AreInterfaces()
            .Or()
            .ResideInNamespace(Root + "Kinds").And().AreStatic()
            .GetTypes();

        Assert.Equal(["IContract", "StaticClass"], Names(types));
    }

    [Fact]
    public void And_binds_tighter_than_or_in_conditions()
    {
        var result = Fixture("Kinds").Should().BePublic().And().BeSealed().Or().BeInterfaces().And().BePublic();

        Assert.Equal(["Enumeration", "IContract", "SealedClass", "StaticClass", "Structure"], Names(result.GetTypes()));
    }

    [Fact]
    public void A_type_that_meets_both_sides_of_or_counts_once()
    {
        var rule = Fixture("Kinds").And().HaveNameMatching("^(SealedClass|PublicClass)$").Should().BeSealed().Or().HaveName("SealedClass");

        Assert.Equal(1, rule.Count());
        Assert.Single(rule.GetTypes());
        Assert.Equal(["PublicClass"], Names(rule.GetResult().FailingTypes));
    }

    [Fact]
    public void Extending_a_list_leaves_it_unchanged()
    {
        var kinds = Fixture("Kinds");
        var interfaces = kinds.And().AreInterfaces();
        var statics = kinds.And().AreStatic();

        Assert.Equal(["IContract"], Names(interfaces.GetTypes()));
        Assert.Equal(["StaticClass"], Names(statics.GetTypes()));
        Assert.Equal(["IContract", "StaticClass"], Names(interfaces.Or().HaveName("StaticClass").GetTypes()));
    }

    [Fact]
    public void A_success_names_no_types()
    {
        var result = Fixture("Kinds").And().AreInterfaces().Should().BePublic().GetResult();

        Assert.True(result.IsSuccessful);
        Assert.Null(result.FailingTypes);
        Assert.Null(result.FailingTypeNames);
    }

    [Fact]
    public void A_failure_names_the_types_in_full()
    {
        var result = Fixture("Kinds").ShouldNot().BeNestedPrivate().GetResult();

        Assert.False(result.IsSuccessful);
        Assert.Equal([Root + "Kinds.Outer+NestedPrivate"], result.FailingTypeNames);
        Assert.Equal(result.FailingTypeNames, result.FailingTypes!.Select(type => type.FullName));
    }

    [Fact]
    public void A_rule_about_nothing_succeeds()
    {
        Assert.True(Fixture("Nowhere").Should().BePublic().GetResult().IsSuccessful);
        Assert.True(Fixture("Nowhere").ShouldNot().BePublic().GetResult().IsSuccessful);
    }

    [Fact]
    public void Conditions_can_follow_types_directly()
    {
        var types = Types.InAssembly(typeof(Selected).Assembly);

        Assert.False(types.Should().BeInterfaces().GetResult().IsSuccessful);
        Assert.Contains(Root + "Kinds.IContract", types.ShouldNot().BeInterfaces().GetResult().FailingTypeNames!);
    }
}
