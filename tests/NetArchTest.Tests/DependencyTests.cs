using ModularMonolith.NetArchTest.Tests.Fixtures.Targets;
using NetArchTest.Rules;
using static ModularMonolith.NetArchTest.Tests.Selected;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class DependencyTests
{
    private const string Targets = Root + "Targets";
    private const string Between = Root + "Between";
    private const string Others = Root + "TargetsOther";

    [Fact]
    public void A_reference_is_found_wherever_it_stands()
    {
        var result = Fixture("Dependents").Should().HaveDependencyOn(Targets).GetResult();

        Assert.Equal([], result.FailingTypeNames ?? []);
        Assert.True(Fixture("Dependents").Should().HaveDependencyOn(Targets).Count() > 30);
    }

    [Fact]
    public void What_assembly_files_do_not_tell_and_what_is_not_looked_at_is_no_dependency()
    {
        var result = Fixture("Independents").ShouldNot().HaveDependencyOn(Targets).GetResult();

        Assert.Equal([], result.FailingTypeNames ?? []);
    }

    [Fact]
    public void One_namespace() => Divide("(Dependents|Independents)",
        types => types.DoNotHaveDependencyOn(Targets), types => types.HaveDependencyOn(Targets),
        types => types.NotHaveDependencyOn(Targets), types => types.HaveDependencyOn(Targets),
        [.. Names(Fixture("Independents").GetTypes())]);

    [Fact]
    public void Any_of_several() => Divide("Independents",
        types => types.HaveDependencyOnAny(Others, Between), types => types.DoNotHaveDependencyOnAny(Others, Between),
        types => types.HaveDependencyOnAny(Others, Between), types => types.NotHaveDependencyOnAny(Others, Between),
        "OfAttributeArgument", "OfCatchWithoutVariable", "OfDecoy", "OfParameterTypeOfCall", "OfReturnTypeOfCall");

    [Fact]
    public void All_of_several() => Divide("Dependents",
        types => types.HaveDependencyOnAll(Targets, Between), types => types.DoNotHaveDependencyOnAll(Targets, Between),
        types => types.HaveDependencyOnAll(Targets, Between), types => types.NotHaveDependencyOnAll(Targets, Between), "InGenericCall", "InLocal");

    [Fact]
    public void Nothing_but_some() => Divide("Independents",
        types => types.OnlyHaveDependenciesOn("System", Others), types => types.HaveDependenciesOtherThan("System", Others),
        types => types.OnlyHaveDependenciesOn("System", Others), types => types.HaveDependenciesOtherThan("System", Others),
        "OfConstant", "OfDecoy", "OfFunctionPointer", "OfName", "OfNothing");

    [Theory]
    [InlineData("Targets", true)]
    [InlineData("Targets.Target", true)]
    [InlineData("Targets.Target.Inner", false)]
    [InlineData("Target", false)]
    [InlineData("targets", false)]
    [InlineData("Targets.Tar", false)]
    public void Names_cover_whole_segments_and_case_counts(string term, bool found) =>
        Assert.Equal(found, Fixture("Dependents").And().HaveName("InField").And().HaveDependencyOn(Root + term).GetTypes().Any());

    [Fact]
    public void A_nested_type_is_named_as_reflection_names_it_and_covered_by_what_is_around_it()
    {
        var nested = Fixture("Dependents").And().HaveName("InNestedTarget");

        Assert.Single(nested.And().HaveDependencyOn(typeof(Target.Inner).FullName!).GetTypes());
        Assert.Single(nested.And().HaveDependencyOn(typeof(Target).FullName!).GetTypes());
    }

    [Fact]
    public void A_generic_type_is_named_with_its_arity()
    {
        var generic = Fixture("Dependents").And().HaveName("InGenericField");

        Assert.Single(generic.And().HaveDependencyOn(typeof(List<>).FullName!).GetTypes());
        Assert.Empty(generic.And().HaveDependencyOn("System.Collections.Generic.List").GetTypes());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void An_empty_name_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => Types.InAssembly(typeof(Target).Assembly).That().HaveDependencyOn(name));
        Assert.Throws<ArgumentException>(() => Types.InAssembly(typeof(Target).Assembly).Should().OnlyHaveDependenciesOn("System", name));
    }
}
