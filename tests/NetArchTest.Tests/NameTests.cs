using static ModularMonolith.NetArchTest.Tests.Selected;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class NameTests
{
    [Fact]
    public void Names_are_compared_whole_without_regard_to_case() => Divide("Kinds",
        types => types.HaveName("publicclass"), types => types.DoNotHaveName("publicclass"),
        types => types.HaveName("publicclass"), types => types.NotHaveName("publicclass"), "PublicClass");

    [Fact]
    public void Several_names_are_wanted_at_once()
    {
        Assert.Empty(Fixture("Kinds").And().HaveName("Structure", "SealedClass").GetTypes());
        Assert.DoesNotContain(Names(Fixture("Kinds").And().DoNotHaveName("Structure", "SealedClass").GetTypes()),
            name => name is "Structure" or "SealedClass");
    }

    [Fact]
    public void The_name_of_a_generic_type_ends_with_its_arity() => Divide("Kinds",
        types => types.HaveName("GenericClass`1"), types => types.DoNotHaveName("GenericClass`1"),
        types => types.HaveName("GenericClass`1"), types => types.NotHaveName("GenericClass`1"), "GenericClass`1");

    [Fact]
    public void Names_match_regular_expressions_without_regard_to_case() => Divide("Kinds",
        types => types.HaveNameMatching("^s.*e$"), types => types.DoNotHaveNameMatching("^s.*e$"),
        types => types.HaveNameMatching("^s.*e$"), types => types.NotHaveNameMatching("^s.*e$"), "Structure");

    [Fact]
    public void Names_start_with_a_text_without_regard_to_case() => Divide("Kinds",
        types => types.HaveNameStartingWith("nested"), types => types.DoNotHaveNameStartingWith("nested"),
        types => types.HaveNameStartingWith("nested"), types => types.NotHaveNameStartingWith("nested"),
        "NestedInternal", "NestedPrivate", "NestedPublic");

    [Fact]
    public void Several_beginnings_are_wanted_at_once()
    {
        Assert.Equal(["NestedPrivate", "NestedPublic"], Names(Fixture("Kinds").And().HaveNameStartingWith("Nested", "NestedP").GetTypes()));
        Assert.DoesNotContain(Names(Fixture("Kinds").And().DoNotHaveNameStartingWith("Nested", "S").GetTypes()),
            name => name[0] is 'S' or 'N');
    }

    [Fact]
    public void Names_start_with_a_text_in_a_given_comparison()
    {
        Divide("Kinds",
            types => types.HaveNameStartingWith("Nested", StringComparison.Ordinal), types => types.DoNotHaveNameStartingWith("Nested", StringComparison.Ordinal),
            types => types.HaveNameStartingWith("Nested", StringComparison.Ordinal), types => types.NotHaveNameStartingWith("Nested", StringComparison.Ordinal),
            "NestedInternal", "NestedPrivate", "NestedPublic");
        Assert.Empty(Fixture("Kinds").And().HaveNameStartingWith("nested", StringComparison.Ordinal).GetTypes());
    }

    [Fact]
    public void Names_end_with_a_text_without_regard_to_case() => Divide("Kinds",
        types => types.HaveNameEndingWith("CLASS"), types => types.DoNotHaveNameEndingWith("CLASS"),
        types => types.HaveNameEndingWith("CLASS"), types => types.NotHaveNameEndingWith("CLASS"),
        "AbstractClass", "InternalClass", "PublicClass", "SealedClass", "StaticClass");

    [Fact]
    public void Names_end_with_a_text_in_a_given_comparison()
    {
        Divide("Kinds",
            types => types.HaveNameEndingWith("dClass", StringComparison.Ordinal), types => types.DoNotHaveNameEndingWith("dClass", StringComparison.Ordinal),
            types => types.HaveNameEndingWith("dClass", StringComparison.Ordinal), types => types.NotHaveNameEndingWith("dClass", StringComparison.Ordinal),
            "SealedClass");
        Assert.Empty(Fixture("Kinds").And().HaveNameEndingWith("CLASS", StringComparison.Ordinal).GetTypes());
    }
}
