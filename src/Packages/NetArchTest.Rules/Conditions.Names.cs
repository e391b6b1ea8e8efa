namespace NetArchTest.Rules;

public sealed partial class Conditions
{
    /// <summary>Met by types whose name, without namespace, equals the given one, whatever its case.</summary>
    public ConditionList HaveName(string name) => With(Rules.Name(name));

    /// <summary>Met by types other than those whose name, without namespace, equals the given one, whatever its case.</summary>
    public ConditionList NotHaveName(string name) => With(Rules.Not(Rules.Name(name)));

    /// <summary>Met by types whose name matches a regular expression, whatever its case.</summary>
    public ConditionList HaveNameMatching(string pattern) => With(Rules.NameMatching(pattern));

    /// <summary>Met by types other than those whose name matches a regular expression, whatever its case.</summary>
    public ConditionList NotHaveNameMatching(string pattern) => With(Rules.Not(Rules.NameMatching(pattern)));

    /// <summary>Met by types whose name starts with a text, whatever its case.</summary>
    public ConditionList HaveNameStartingWith(string start) => With(Rules.NameStartingWith(start));

    /// <summary>Met by types other than those whose name starts with a text, whatever its case.</summary>
    public ConditionList NotHaveNameStartingWith(string start) => With(Rules.Not(Rules.NameStartingWith(start)));

    /// <summary>Met by types whose name starts with a text in the given comparison.</summary>
    public ConditionList HaveNameStartingWith(string start, StringComparison comparer) => With(Rules.NameStartingWith(start, comparer));

    /// <summary>Met by types other than those whose name starts with a text in the given comparison.</summary>
    public ConditionList NotHaveNameStartingWith(string start, StringComparison comparer) => With(Rules.Not(Rules.NameStartingWith(start, comparer)));

    /// <summary>Met by types whose name ends with a text, whatever its case; the name of a generic type ends with its arity, as in <c>Handler`1</c>.</summary>
    public ConditionList HaveNameEndingWith(string end) => With(Rules.NameEndingWith(end));

    /// <summary>Met by types other than those whose name ends with a text, whatever its case; the name of a generic type ends with its arity, as in <c>Handler`1</c>.</summary>
    public ConditionList NotHaveNameEndingWith(string end) => With(Rules.Not(Rules.NameEndingWith(end)));

    /// <summary>Met by types whose name ends with a text in the given comparison.</summary>
    public ConditionList HaveNameEndingWith(string end, StringComparison comparer) => With(Rules.NameEndingWith(end, comparer));

    /// <summary>Met by types other than those whose name ends with a text in the given comparison.</summary>
    public ConditionList NotHaveNameEndingWith(string end, StringComparison comparer) => With(Rules.Not(Rules.NameEndingWith(end, comparer)));

    /// <summary>Met by types that carry an attribute.</summary>
    public ConditionList HaveCustomAttribute(Type attribute) => With(Rules.Attribute(attribute));

    /// <summary>Met by types other than those that carry an attribute.</summary>
    public ConditionList NotHaveCustomAttribute(Type attribute) => With(Rules.Not(Rules.Attribute(attribute)));

    /// <summary>Met by types that carry an attribute or one derived from it.</summary>
    public ConditionList HaveCustomAttributeOrInherit(Type attribute) => With(Rules.AttributeOrDerived(attribute));

    /// <summary>Met by types other than those that carry an attribute or one derived from it.</summary>
    public ConditionList NotHaveCustomAttributeOrInherit(Type attribute) => With(Rules.Not(Rules.AttributeOrDerived(attribute)));

    /// <summary>Met by types that derive from a class, directly or not; constructions of a generic class are not told apart.</summary>
    public ConditionList Inherit(Type type) => With(Rules.Ancestor(type));

    /// <summary>Met by types other than those that derive from a class, directly or not; constructions of a generic class are not told apart.</summary>
    public ConditionList NotInherit(Type type) => With(Rules.Not(Rules.Ancestor(type)));

    /// <summary>Met by types that list an interface themselves; one that comes with a base class or with another interface is not seen unless the compiler lists it too.</summary>
    public ConditionList ImplementInterface(Type interfaceType) => With(Rules.Interface(interfaceType));

    /// <summary>Met by types other than those that list an interface themselves; one that comes with a base class or with another interface is not seen unless the compiler lists it too.</summary>
    public ConditionList NotImplementInterface(Type interfaceType) => With(Rules.Not(Rules.Interface(interfaceType)));
}
