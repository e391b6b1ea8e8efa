namespace NetArchTest.Rules;

public sealed partial class Predicates
{
    /// <summary>Selects types whose full name begins with a text, whatever its case; <c>Orders</c> selects <c>OrdersArchive</c> too.</summary>
    public PredicateList ResideInNamespace(string name) => With(Rules.InNamespace(name));

    /// <summary>Selects types other than those whose full name begins with a text, whatever its case; <c>Orders</c> selects <c>OrdersArchive</c> too.</summary>
    public PredicateList DoNotResideInNamespace(string name) => With(Rules.Not(Rules.InNamespace(name)));

    /// <summary>Selects types whose namespace matches a regular expression, whatever its case.</summary>
    public PredicateList ResideInNamespaceMatching(string pattern) => With(Rules.NamespaceMatching(pattern));

    /// <summary>Selects types other than those whose namespace matches a regular expression, whatever its case.</summary>
    public PredicateList DoNotResideInNamespaceMatching(string pattern) => With(Rules.Not(Rules.NamespaceMatching(pattern)));

    /// <summary>Selects types whose namespace starts with a text, whatever its case.</summary>
    public PredicateList ResideInNamespaceStartingWith(string name) => With(Rules.NamespaceStartingWith(name));

    /// <summary>Selects types other than those whose namespace starts with a text, whatever its case.</summary>
    public PredicateList DoNotResideInNamespaceStartingWith(string name) => With(Rules.Not(Rules.NamespaceStartingWith(name)));

    /// <summary>Selects types whose namespace ends with a text, whatever its case.</summary>
    public PredicateList ResideInNamespaceEndingWith(string name) => With(Rules.NamespaceEndingWith(name));

    /// <summary>Selects types other than those whose namespace ends with a text, whatever its case.</summary>
    public PredicateList DoNotResideInNamespaceEndingWith(string name) => With(Rules.Not(Rules.NamespaceEndingWith(name)));

    /// <summary>Selects types whose namespace contains a text, whatever its case.</summary>
    public PredicateList ResideInNamespaceContaining(string name) => With(Rules.NamespaceContaining(name));

    /// <summary>Selects types other than those whose namespace contains a text, whatever its case.</summary>
    public PredicateList DoNotResideInNamespaceContaining(string name) => With(Rules.Not(Rules.NamespaceContaining(name)));
}
