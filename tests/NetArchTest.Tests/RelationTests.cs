using ModularMonolith.NetArchTest.Tests.Fixtures.Relations;
using Mono.Cecil;
using NetArchTest.Rules;
using static ModularMonolith.NetArchTest.Tests.Selected;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class RelationTests
{
    [Fact]
    public void Types_that_carry_an_attribute() => Divide("Relations",
        types => types.HaveCustomAttribute(typeof(PlainAttribute)), types => types.DoNotHaveCustomAttribute(typeof(PlainAttribute)),
        types => types.HaveCustomAttribute(typeof(PlainAttribute)), types => types.NotHaveCustomAttribute(typeof(PlainAttribute)), "Marked");

    [Fact]
    public void Types_that_carry_a_generic_attribute()
    {
        Assert.Equal(["MarkedByGeneric"], Names(Fixture("Relations").And().HaveCustomAttribute(typeof(GenericAttribute<>)).GetTypes()));
        Assert.Equal(["MarkedByGeneric"], Names(Fixture("Relations").And().HaveCustomAttribute(typeof(GenericAttribute<int>)).GetTypes()));
        Assert.Empty(Fixture("Relations").And().HaveCustomAttribute(typeof(GenericAttribute<long>)).GetTypes());
    }

    [Fact]
    public void Types_that_carry_an_attribute_or_a_derived_one() => Divide("Relations",
        types => types.HaveCustomAttributeOrInherit(typeof(PlainAttribute)), types => types.DoNotHaveCustomAttributeOrInherit(typeof(PlainAttribute)),
        types => types.HaveCustomAttributeOrInherit(typeof(PlainAttribute)), types => types.NotHaveCustomAttributeOrInherit(typeof(PlainAttribute)),
        "Marked", "MarkedByDerived");

    [Fact]
    public void Types_that_inherit_directly_or_not() => Divide("Relations",
        types => types.Inherit(typeof(Root)), types => types.DoNotInherit(typeof(Root)),
        types => types.Inherit(typeof(Root)), types => types.NotInherit(typeof(Root)), "Child", "Grandchild");

    [Fact]
    public void Types_that_inherit_from_another_assembly()
    {
        Assert.Equal(["FarException"], Names(Fixture("Relations").And().Inherit(typeof(Exception)).GetTypes()));
        Assert.Equal(["FarException"], Names(Fixture("Relations").And().Inherit(typeof(SystemException)).GetTypes()));
    }

    [Theory]
    [InlineData(typeof(GenericRoot<>))]
    [InlineData(typeof(GenericRoot<int>))]
    [InlineData(typeof(GenericRoot<string>))]
    public void Constructions_of_a_generic_base_class_are_not_told_apart(Type type) =>
        Assert.Equal(["GenericChild"], Names(Fixture("Relations").And().Inherit(type).GetTypes()));

    [Fact]
    public void Types_that_list_an_interface() => Divide("Relations",
        types => types.ImplementInterface(typeof(IContract)), types => types.DoNotImplementInterface(typeof(IContract)),
        types => types.ImplementInterface(typeof(IContract)), types => types.NotImplementInterface(typeof(IContract)),
        "Direct", "IWider", "ThroughInterface");

    [Theory]
    [InlineData(typeof(IGeneric<>), "OfNumber,OfTexts")]
    [InlineData(typeof(IGeneric<int>), "OfNumber")]
    [InlineData(typeof(IGeneric<string[]>), "OfTexts")]
    [InlineData(typeof(IGeneric<string>), "")]
    [InlineData(typeof(Holder.INested), "OfNested")]
    public void Generic_and_nested_interfaces_are_found(Type type, string expected) =>
        Assert.Equal(expected, string.Join(",", Names(Fixture("Relations").And().ImplementInterface(type).GetTypes())));

    [Fact]
    public void Only_interfaces_can_be_implemented() =>
        Assert.Throws<ArgumentException>(() => Fixture("Relations").And().ImplementInterface(typeof(Root)));

    [Fact]
    public void Types_that_meet_a_rule_of_one_s_own()
    {
        var rule = new ChildRule();

        Assert.Equal(["Child"], Names(Fixture("Relations").And().MeetCustomRule(rule).GetTypes()));
        Assert.Equal(["Child"], Names(Fixture("Relations").Should().MeetCustomRule(rule).GetTypes()));
        Assert.Equal(["Child"], Names(Fixture("Relations").ShouldNot().MeetCustomRule(rule).GetResult().FailingTypes));
    }

    private sealed class ChildRule : ICustomRule
    {
        public bool MeetsRule(TypeDefinition type) => type.Name == "Child";
    }
}
