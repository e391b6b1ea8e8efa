using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>
/// What types can be required or forbidden to be. Names of dependencies are namespaces or full type names, compared case-sensitively
/// and by whole segments: <c>Foo</c> covers <c>Foo</c> and <c>Foo.Bar</c>, not <c>FooBar</c>.
/// </summary>
public sealed partial class Conditions
{
    private readonly IReadOnlyList<TypeDefinition> _types;
    private readonly bool _should;
    private readonly Selection _selection;

    internal Conditions(IReadOnlyList<TypeDefinition> types, bool should, Selection selection)
    {
        _types = types;
        _should = should;
        _selection = selection;
    }

    /// <summary>Met by types that meet a rule of the caller's own.</summary>
    public ConditionList MeetCustomRule(ICustomRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return With(rule.MeetsRule);
    }

    private ConditionList With(Func<TypeDefinition, bool> rule) => new(_types, _should, _selection.And(rule));
}
