using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>Predicates stated so far, to extend, or to end with what the selected types should meet.</summary>
public sealed class PredicateList
{
    private readonly IReadOnlyList<TypeDefinition> _types;
    private readonly Selection _selection;

    internal PredicateList(IReadOnlyList<TypeDefinition> types, Selection selection)
    {
        _types = types;
        _selection = selection;
    }

    /// <summary>States what every selected type must meet.</summary>
    /// <returns>The conditions to choose from.</returns>
    public Conditions Should() => new(Selected(), should: true, Selection.Everything);

    /// <summary>States what no selected type may meet.</summary>
    /// <returns>The conditions to choose from.</returns>
    public Conditions ShouldNot() => new(Selected(), should: false, Selection.Everything);

    /// <summary>Loads the selected types.</summary>
    /// <returns>The types.</returns>
    public IEnumerable<Type> GetTypes() => Selected().Select(TypeIdentity.Load);

    /// <summary>Narrows the selection. "And" binds tighter than "or".</summary>
    /// <returns>The predicates to choose from.</returns>
    public Predicates And() => new(_types, _selection);

    /// <summary>Starts an alternative: types that meet what comes before or what comes after are selected.</summary>
    /// <returns>The predicates to choose from.</returns>
    public Predicates Or() => new(_types, _selection.Or());

    private List<TypeDefinition> Selected() => _types.Where(_selection.Includes).ToList();
}
