using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>Conditions stated so far, to extend or to test.</summary>
public sealed class ConditionList
{
    private readonly IReadOnlyList<TypeDefinition> _types;
    private readonly bool _should;
    private readonly Selection _selection;

    internal ConditionList(IReadOnlyList<TypeDefinition> types, bool should, Selection selection)
    {
        _types = types;
        _should = should;
        _selection = selection;
    }

    /// <summary>Tests the types.</summary>
    /// <returns>A success when every type (after <c>Should</c>) or no type (after <c>ShouldNot</c>) meets the conditions.</returns>
    public TestResult GetResult() => new(_types.Where(type => _selection.Includes(type) != _should).ToList());

    /// <summary>Counts the types that meet the conditions, after <c>ShouldNot</c> as after <c>Should</c>.</summary>
    /// <returns>Their number.</returns>
    public int Count() => _types.Count(_selection.Includes);

    /// <summary>Loads the types that meet the conditions, after <c>ShouldNot</c> as after <c>Should</c>.</summary>
    /// <returns>The types.</returns>
    public IEnumerable<Type> GetTypes() => _types.Where(_selection.Includes).Select(TypeIdentity.Load);

    /// <summary>Adds a condition that must be met as well. "And" binds tighter than "or".</summary>
    /// <returns>The conditions to choose from.</returns>
    public Conditions And() => new(_types, _should, _selection);

    /// <summary>Starts an alternative: meeting what comes before or what comes after is enough.</summary>
    /// <returns>The conditions to choose from.</returns>
    public Conditions Or() => new(_types, _should, _selection.Or());
}
