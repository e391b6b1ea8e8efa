namespace NetArchTest.Rules;

public sealed partial class Predicates
{
    /// <summary>Selects abstract types; static classes and interfaces are abstract in an assembly file.</summary>
    public PredicateList AreAbstract() => With(Rules.Abstract);

    /// <summary>Selects types that are not abstract.</summary>
    public PredicateList AreNotAbstract() => With(Rules.Not(Rules.Abstract));

    /// <summary>Selects classes; structs and enums are classes in an assembly file.</summary>
    public PredicateList AreClasses() => With(Rules.Class);

    /// <summary>Selects interfaces, the only types that are not classes in an assembly file.</summary>
    public PredicateList AreNotClasses() => With(Rules.Not(Rules.Class));

    /// <summary>Selects types with generic parameters.</summary>
    public PredicateList AreGeneric() => With(Rules.Generic);

    /// <summary>Selects types without generic parameters.</summary>
    public PredicateList AreNotGeneric() => With(Rules.Not(Rules.Generic));

    /// <summary>Selects interfaces.</summary>
    public PredicateList AreInterfaces() => With(Rules.Interface);

    /// <summary>Selects types that are not interfaces.</summary>
    public PredicateList AreNotInterfaces() => With(Rules.Not(Rules.Interface));

    /// <summary>Selects static classes.</summary>
    public PredicateList AreStatic() => With(Rules.Static);

    /// <summary>Selects types that are not static classes.</summary>
    public PredicateList AreNotStatic() => With(Rules.Not(Rules.Static));

    /// <summary>Selects nested types.</summary>
    public PredicateList AreNested() => With(Rules.Nested);

    /// <summary>Selects types that are not nested.</summary>
    public PredicateList AreNotNested() => With(Rules.Not(Rules.Nested));

    /// <summary>Selects nested public types.</summary>
    public PredicateList AreNestedPublic() => With(Rules.NestedPublic);

    /// <summary>Selects types that are not both nested and public.</summary>
    public PredicateList AreNotNestedPublic() => With(Rules.Not(Rules.NestedPublic));

    /// <summary>Selects nested private types.</summary>
    public PredicateList AreNestedPrivate() => With(Rules.NestedPrivate);

    /// <summary>Selects types that are not both nested and private.</summary>
    public PredicateList AreNotNestedPrivate() => With(Rules.Not(Rules.NestedPrivate));

    /// <summary>Selects public types; a nested type is one when it is itself public.</summary>
    public PredicateList ArePublic() => With(Rules.Public);

    /// <summary>Selects types that are not public.</summary>
    public PredicateList AreNotPublic() => With(Rules.Not(Rules.Public));

    /// <summary>Selects sealed types; structs, enums and static classes are sealed in an assembly file.</summary>
    public PredicateList AreSealed() => With(Rules.Sealed);

    /// <summary>Selects types that are not sealed.</summary>
    public PredicateList AreNotSealed() => With(Rules.Not(Rules.Sealed));

    /// <summary>Selects types without public setters and without public fields that can be assigned; a public <c>init</c> setter counts as a setter.</summary>
    public PredicateList AreImmutable() => With(Rules.Immutable);

    /// <summary>Selects types with a public setter, <c>init</c> included, or a public field that can be assigned.</summary>
    public PredicateList AreMutable() => With(Rules.Not(Rules.Immutable));

    /// <summary>Selects types whose fields and properties are all of reference types or of <see cref="Nullable{T}"/>.</summary>
    public PredicateList OnlyHaveNullableMembers() => With(Rules.OnlyNullableMembers);

    /// <summary>Selects types with a field or property of a value type other than <see cref="Nullable{T}"/>.</summary>
    public PredicateList HaveSomeNonNullableMembers() => With(Rules.Not(Rules.OnlyNullableMembers));
}
