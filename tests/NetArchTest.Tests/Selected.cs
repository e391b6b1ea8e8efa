using NetArchTest.Rules;

namespace ModularMonolith.NetArchTest.Tests;

/// <summary>Selects the types of one fixture and checks a rule on them in each of its forms.</summary>
internal static class Selected
{
    public const string Root = "ModularMonolith.NetArchTest.Tests.Fixtures.";

    public static PredicateList Fixture(string name) =>
        Types.InAssembly(typeof(Selected).Assembly).That().ResideInNamespaceMatching($"^{Root.Replace(".", @"\.", StringComparison.Ordinal)}{name}(\\.|$)");

    public static IEnumerable<string> Names(IEnumerable<Type>? types) =>
        (types ?? []).Select(type => type.Name).Order(StringComparer.Ordinal);

    /// <summary>A predicate, its negation, the condition and its negation must all divide the fixture in the same way.</summary>
    public static void Divide(string fixture, Func<Predicates, PredicateList> predicate, Func<Predicates, PredicateList> negatedPredicate,
        Func<Conditions, ConditionList> condition, Func<Conditions, ConditionList> negatedCondition, params string[] expected)
    {
        expected = [.. expected.Order(StringComparer.Ordinal)];
        string[] rest = [.. Names(Fixture(fixture).GetTypes()).Except(expected)];
        Assert.NotEmpty(rest);

        Assert.Equal(expected, Names(predicate(Fixture(fixture).And()).GetTypes()));
        Assert.Equal(rest, Names(negatedPredicate(Fixture(fixture).And()).GetTypes()));
        Check(condition, expected, rest);
        Check(negatedCondition, rest, expected);

        void Check(Func<Conditions, ConditionList> rule, string[] meeting, string[] failing)
        {
            Assert.Equal(meeting, Names(rule(Fixture(fixture).Should()).GetTypes()));
            Assert.Equal(meeting.Length, rule(Fixture(fixture).Should()).Count());
            Assert.Equal(failing, Names(rule(Fixture(fixture).Should()).GetResult().FailingTypes));
            Assert.Equal(meeting, Names(rule(Fixture(fixture).ShouldNot()).GetResult().FailingTypes));
        }
    }
}
