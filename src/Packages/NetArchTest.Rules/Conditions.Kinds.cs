namespace NetArchTest.Rules;

public sealed partial class Conditions
{
    /// <summary>Met by abstract types; static classes and interfaces are abstract in an assembly file.</summary>
    public ConditionList BeAbstract() => With(Rules.Abstract);

    /// <summary>Met by types that are not abstract.</summary>
    public ConditionList NotBeAbstract() => With(Rules.Not(Rules.Abstract));

    /// <summary>Met by classes; structs and enums are classes in an assembly file.</summary>
    public ConditionList BeClasses() => With(Rules.Class);

    /// <summary>Met by interfaces, the only types that are not classes in an assembly file.</summary>
    public ConditionList NotBeClasses() => With(Rules.Not(Rules.Class));

    /// <summary>Met by types with generic parameters.</summary>
    public ConditionList BeGeneric() => With(Rules.Generic);

    /// <summary>Met by types without generic parameters.</summary>
    public ConditionList NotBeGeneric() => With(Rules.Not(Rules.Generic));

    /// <summary>Met by interfaces.</summary>
    public ConditionList BeInterfaces() => With(Rules.Interface);

    /// <summary>Met by types that are not interfaces.</summary>
    public ConditionList NotBeInterfaces() => With(Rules.Not(Rules.Interface));

    /// <summary>Met by static classes.</summary>
    public ConditionList BeStatic() => With(Rules.Static);

    /// <summary>Met by types that are not static classes.</summary>
    public ConditionList NotBeStatic() => With(Rules.Not(Rules.Static));

    /// <summary>Met by nested types.</summary>
    public ConditionList BeNested() => With(Rules.Nested);

    /// <summary>Met by types that are not nested.</summary>
    public ConditionList NotBeNested() => With(Rules.Not(Rules.Nested));

    /// <summary>Met by nested public types.</summary>
    public ConditionList BeNestedPublic() => With(Rules.NestedPublic);

    /// <summary>Met by types that are not both nested and public.</summary>
    public ConditionList NotBeNestedPublic() => With(Rules.Not(Rules.NestedPublic));

    /// <summary>Met by nested private types.</summary>
    public ConditionList BeNestedPrivate() => With(Rules.NestedPrivate);

    /// <summary>Met by types that are not both nested and private.</summary>
    public ConditionList NotBeNestedPrivate() => With(Rules.Not(Rules.NestedPrivate));

    /// <summary>Met by public types; a nested type is one when it is itself public.</summary>
    public ConditionList BePublic() => With(Rules.Public);

    /// <summary>Met by types that are not public.</summary>
    public ConditionList NotBePublic() => With(Rules.Not(Rules.Public));

    /// <summary>Met by sealed types; structs, enums and static classes are sealed in an assembly file.</summary>
    public ConditionList BeSealed() => With(Rules.Sealed);

    /// <summary>Met by types that are not sealed.</summary>
    public ConditionList NotBeSealed() => With(Rules.Not(Rules.Sealed));

    /// <summary>Met by types without public setters and without public fields that can be assigned; a public <c>init</c> setter counts as a setter.</summary>
    public ConditionList BeImmutable() => With(Rules.Immutable);

    /// <summary>Met by types with a public setter, <c>init</c> included, or a public field that can be assigned.</summary>
    public ConditionList BeMutable() => With(Rules.Not(Rules.Immutable));

    /// <summary>Met by types whose fields and properties are all of reference types or of <see cref="Nullable{T}"/>.</summary>
    public ConditionList OnlyHaveNullableMembers() => With(Rules.OnlyNullableMembers);

    /// <summary>Met by types with a field or property of a value type other than <see cref="Nullable{T}"/>.</summary>
    public ConditionList HaveSomeNonNullableMembers() => With(Rules.Not(Rules.OnlyNullableMembers));
}
