using static ModularMonolith.NetArchTest.Tests.Selected;

namespace ModularMonolith.NetArchTest.Tests;

public sealed class KindTests
{
    [Fact]
    public void Abstract_types() => Divide("Kinds", types => types.AreAbstract(), types => types.AreNotAbstract(),
        types => types.BeAbstract(), types => types.NotBeAbstract(), "AbstractClass", "StaticClass", "IContract");

    [Fact]
    public void Classes_are_everything_but_interfaces() => Divide("Kinds", types => types.AreNotClasses(), types => types.AreClasses(),
        types => types.NotBeClasses(), types => types.BeClasses(), "IContract");

    [Fact]
    public void Generic_types() => Divide("Kinds", types => types.AreGeneric(), types => types.AreNotGeneric(),
        types => types.BeGeneric(), types => types.NotBeGeneric(), "GenericClass`1");

    [Fact]
    public void Interfaces() => Divide("Kinds", types => types.AreInterfaces(), types => types.AreNotInterfaces(),
        types => types.BeInterfaces(), types => types.NotBeInterfaces(), "IContract");

    [Fact]
    public void Static_classes() => Divide("Kinds", types => types.AreStatic(), types => types.AreNotStatic(),
        types => types.BeStatic(), types => types.NotBeStatic(), "StaticClass");

    [Fact]
    public void Nested_types() => Divide("Kinds", types => types.AreNested(), types => types.AreNotNested(),
        types => types.BeNested(), types => types.NotBeNested(), "NestedInternal", "NestedPrivate", "NestedPublic");

    [Fact]
    public void Nested_public_types() => Divide("Kinds", types => types.AreNestedPublic(), types => types.AreNotNestedPublic(),
        types => types.BeNestedPublic(), types => types.NotBeNestedPublic(), "NestedPublic");

    [Fact]
    public void Nested_private_types() => Divide("Kinds", types => types.AreNestedPrivate(), types => types.AreNotNestedPrivate(),
        types => types.BeNestedPrivate(), types => types.NotBeNestedPrivate(), "NestedPrivate");

    [Fact]
    public void Public_types() => Divide("Kinds", types => types.AreNotPublic(), types => types.ArePublic(),
        types => types.NotBePublic(), types => types.BePublic(), "InternalClass", "NestedInternal", "NestedPrivate");

    [Fact]
    public void Sealed_types() => Divide("Kinds", types => types.AreSealed(), types => types.AreNotSealed(),
        types => types.BeSealed(), types => types.NotBeSealed(), "Enumeration", "SealedClass", "StaticClass", "Structure");

    [Fact]
    public void Immutable_types() => Divide("Members", types => types.AreMutable(), types => types.AreImmutable(),
        types => types.BeMutable(), types => types.BeImmutable(), "InitSetter", "PublicField", "PublicSetter");

    [Fact]
    public void Types_with_nullable_members_only() => Divide("Members", types => types.HaveSomeNonNullableMembers(), types => types.OnlyHaveNullableMembers(),
        types => types.HaveSomeNonNullableMembers(), types => types.OnlyHaveNullableMembers(), "Constants", "PlainValue", "PrivatePlainValue");
}
