using System.Collections.Immutable;
using Mono.Cecil;

namespace NetArchTest.Rules;

/// <summary>Rules joined by "and" into groups, and groups joined by "or". Adding to one makes a new one.</summary>
internal sealed class Selection
{
    public static readonly Selection Everything = new([[]]);

    private readonly ImmutableArray<ImmutableArray<Func<TypeDefinition, bool>>> _groups;

    private Selection(ImmutableArray<ImmutableArray<Func<TypeDefinition, bool>>> groups) => _groups = groups;

    public Selection And(Func<TypeDefinition, bool> rule) => new(_groups.SetItem(_groups.Length - 1, _groups[^1].Add(rule)));

    public Selection And(IEnumerable<Func<TypeDefinition, bool>> rules) => rules.Aggregate(this, (selection, rule) => selection.And(rule));

    public Selection Or() => new(_groups.Add([]));

    public bool Includes(TypeDefinition type) => _groups.Any(group => group.All(rule => rule(type)));
}
