namespace NetArchTest.Rules;

public sealed partial class Conditions
{
    /// <summary>Met by types whose full name begins with a text, whatever its case; <c>Orders</c> selects <c>OrdersArchive</c> too.</summary>
    public ConditionList ResideInNamespace(string name) => With(Rules.InNamespace(name));

    /// <summary>Met by types other than those whose full name begins with a text, whatever its case; <c>Orders</c> selects <c>OrdersArchive</c> too.</summary>
    public ConditionList NotResideInNamespace(string name) => With(Rules.Not(Rules.InNamespace(name)));

    /// <summary>Met by types whose namespace matches a regular expression, whatever its case.</summary>
    public ConditionList ResideInNamespaceMatching(string pattern) => With(Rules.NamespaceMatching(pattern));

    /// <summary>Met by types other than those whose namespace matches a regular expression, whatever its case.</summary>
    public ConditionList NotResideInNamespaceMatching(string pattern) => With(Rules.Not(Rules.NamespaceMatching(pattern)));

    /// <summary>Met by types whose namespace starts with a text, whatever its case.</summary>
    public ConditionList ResideInNamespaceStartingWith(string name) => With(Rules.NamespaceStartingWith(name));

    /// <summary>Met by types other than those whose namespace starts with a text, whatever its case.</summary>
    public ConditionList NotResideInNamespaceStartingWith(string name) => With(Rules.Not(Rules.NamespaceStartingWith(name)));

    /// <summary>Met by types whose namespace ends with a text, whatever its case.</summary>
    public ConditionList ResideInNamespaceEndingWith(string name) => With(Rules.NamespaceEndingWith(name));

    /// <summary>Met by types other than those whose namespace ends with a text, whatever its case.</summary>
    public ConditionList NotResideInNamespaceEndingWith(string name) => With(Rules.Not(Rules.NamespaceEndingWith(name)));

    /// <summary>Met by types whose namespace contains a text, whatever its case.</summary>
    public ConditionList ResideInNamespaceContaining(string name) => With(Rules.NamespaceContaining(name));

    /// <summary>Met by types other than those whose namespace contains a text, whatever its case.</summary>
    public ConditionList NotResideInNamespaceContaining(string name) => With(Rules.Not(Rules.NamespaceContaining(name)));
}
