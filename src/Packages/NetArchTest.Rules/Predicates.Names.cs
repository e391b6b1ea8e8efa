namespace NetArchTest.Rules;

public sealed partial class Predicates
{
    /// <summary>Selects types whose name, without namespace, equals each of the given ones, whatever their case; two different names select nothing.</summary>
    public PredicateList HaveName(params string[] name) => With(name.Select(Rules.Name));

    /// <summary>Selects types whose name, without namespace, is none of the given ones, whatever their case.</summary>
    public PredicateList DoNotHaveName(params string[] name) => With(name.Select(Rules.Name).Select(Rules.Not));

    /// <summary>Selects types whose name matches a regular expression, whatever its case.</summary>
    public PredicateList HaveNameMatching(string pattern) => With(Rules.NameMatching(pattern));

    /// <summary>Selects types other than those whose name matches a regular expression, whatever its case.</summary>
    public PredicateList DoNotHaveNameMatching(string pattern) => With(Rules.Not(Rules.NameMatching(pattern)));

    /// <summary>Selects types whose name starts with each of the given texts, whatever their case.</summary>
    public PredicateList HaveNameStartingWith(params string[] start) => With(start.Select(text => Rules.NameStartingWith(text)));

    /// <summary>Selects types whose name starts with none of the given texts, whatever their case.</summary>
    public PredicateList DoNotHaveNameStartingWith(params string[] start) => With(start.Select(text => Rules.Not(Rules.NameStartingWith(text))));

    /// <summary>Selects types whose name starts with a text in the given comparison.</summary>
    public PredicateList HaveNameStartingWith(string start, StringComparison comparer) => With(Rules.NameStartingWith(start, comparer));

    /// <summary>Selects types other than those whose name starts with a text in the given comparison.</summary>
    public PredicateList DoNotHaveNameStartingWith(string start, StringComparison comparer) => With(Rules.Not(Rules.NameStartingWith(start, comparer)));

    /// <summary>Selects types whose name ends with a text, whatever its case; the name of a generic type ends with its arity, as in <c>Handler`1</c>.</summary>
    public PredicateList HaveNameEndingWith(string end) => With(Rules.NameEndingWith(end));

    /// <summary>Selects types other than those whose name ends with a text, whatever its case; the name of a generic type ends with its arity, as in <c>Handler`1</c>.</summary>
    public PredicateList DoNotHaveNameEndingWith(string end) => With(Rules.Not(Rules.NameEndingWith(end)));

    /// <summary>Selects types whose name ends with a text in the given comparison.</summary>
    public PredicateList HaveNameEndingWith(string end, StringComparison comparer) => With(Rules.NameEndingWith(end, comparer));

    /// <summary>Selects types other than those whose name ends with a text in the given comparison.</summary>
    public PredicateList DoNotHaveNameEndingWith(string end, StringComparison comparer) => With(Rules.Not(Rules.NameEndingWith(end, comparer)));

    /// <summary>Selects types that carry an attribute.</summary>
    public PredicateList HaveCustomAttribute(Type attribute) => With(Rules.Attribute(attribute));

    /// <summary>Selects types other than those that carry an attribute.</summary>
    public PredicateList DoNotHaveCustomAttribute(Type attribute) => With(Rules.Not(Rules.Attribute(attribute)));

    /// <summary>Selects types that carry an attribute or one derived from it.</summary>
    public PredicateList HaveCustomAttributeOrInherit(Type attribute) => With(Rules.AttributeOrDerived(attribute));

    /// <summary>Selects types other than those that carry an attribute or one derived from it.</summary>
    public PredicateList DoNotHaveCustomAttributeOrInherit(Type attribute) => With(Rules.Not(Rules.AttributeOrDerived(attribute)));

    /// <summary>Selects types that derive from a class, directly or not; constructions of a generic class are not told apart.</summary>
    public PredicateList Inherit(Type type) => With(Rules.Ancestor(type));

    /// <summary>Selects types other than those that derive from a class, directly or not; constructions of a generic class are not told apart.</summary>
    public PredicateList DoNotInherit(Type type) => With(Rules.Not(Rules.Ancestor(type)));

    /// <summary>Selects types that list an interface themselves; one that comes with a base class or with another interface is not seen unless the compiler lists it too.</summary>
    public PredicateList ImplementInterface(Type interfaceType) => With(Rules.Interface(interfaceType));

    /// <summary>Selects types other than those that list an interface themselves; one that comes with a base class or with another interface is not seen unless the compiler lists it too.</summary>
    public PredicateList DoNotImplementInterface(Type interfaceType) => With(Rules.Not(Rules.Interface(interfaceType)));
}
