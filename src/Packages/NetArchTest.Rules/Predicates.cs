using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>
/// What types can be selected by. Names of dependencies are namespaces or full type names, compared case-sensitively and by whole
/// segments: <c>Foo</c> covers <c>Foo</c> and <c>Foo.Bar</c>, not <c>FooBar</c>.
/// </summary>
public sealed partial class Predicates
{
    private readonly IReadOnlyList<TypeDefinition> _types;
    private readonly Selection _selection;

    internal Predicates(IReadOnlyList<TypeDefinition> types, Selection selection)
    {
        _types = types;
        _selection = selection;
    }

    /// <summary>Selects types that meet a rule of the caller's own.</summary>
    public PredicateList MeetCustomRule(ICustomRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return With(rule.MeetsRule);
    }

    private PredicateList With(Func<TypeDefinition, bool> rule) => new(_types, _selection.And(rule));

    private PredicateList With(IEnumerable<Func<TypeDefinition, bool>> rules) => new(_types, _selection.And(rules));
}
