using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Tests;

public sealed class ArchitectureTests
{
    private static readonly IReadOnlyList<Rule> Rules = [.. RuleCatalog.All, .. RepositoryUnderTest.Context.Policy.Rules, .. PayloadRules.All];

    public static TheoryData<string> RuleNames => [.. Rules.Select(static rule => rule.Name)];

    /// <summary>Those that are about files of every repository and not about the fixtures' alone: the repository's own and the catalogue's.</summary>
    public static TheoryData<string> CatalogueNames => [.. RuleCatalog.All.Concat(PayloadRules.All).Select(static rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_rule_holds(string name)
    {
        var rule = Find(name);
        var findings = rule.FindIn(RepositoryUnderTest.Context).Where(static finding => !IsAccepted(finding)).ToList();
        Assert.True(findings.Count == 0, $"{string.Join('\n', findings.Select(static finding => $"{finding.Span}: {finding}. {finding.Suggestion}"))}\nWhy: {rule.Because}\nInstead: {rule.Instead}");
    }

    [Theory]
    [MemberData(nameof(CatalogueNames))]
    public void The_rule_bites(string name)
    {
        Assert.True(BadCodebase.Findings.TryGetValue(name, out var expected), $"Show in {nameof(BadCodebase)} what {name} finds in the fixtures.");
        var found = Find(name).FindIn(BadCodebase.Context).Select(static finding => finding.ToString()).Distinct();
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_rule_fails_when_it_selects_nothing(string name)
    {
        var nothing = Path.Combine(AppContext.BaseDirectory, "nothing");
        var finding = Assert.Single(Find(name).FindIn(new RuleContext(new CodeGraph(nothing, [], []), Policy.Default)));
        Assert.Equal("the rule selects nothing", finding.What);
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_rule_says_why_it_exists_and_what_to_do_instead(string name)
    {
        var rule = Find(name);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", rule.Name);
        Assert.All([rule.Because, rule.Instead], static sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CatalogueNames))]
    public void What_the_rule_finds_has_a_place_that_can_be_opened(string name) => Assert.All(Find(name).FindIn(BadCodebase.Context), finding =>
    {
        Assert.NotNull(finding.Span);
        var file = Path.Combine(BadCodebase.Context.Graph.Root, finding.Span.File);
        Assert.True(File.Exists(file), $"{finding.Span} is no file.");
        Assert.InRange(finding.Span.Line, 1, File.ReadLines(file).Count());
    });

    [Fact]
    public void Rules_have_names_of_their_own() => Assert.Equal(Rules.Count, Rules.DistinctBy(static rule => rule.Name).Count());

    [Fact]
    public void Every_rule_breaks_itself_in_one_way() =>
        Assert.All(RuleCatalog.All.Concat(RepositoryUnderTest.Context.Policy.Rules), static rule => Assert.True(rule.Plant is null != rule.PlantOnce is null, $"{rule.Name} needs either Plant or PlantOnce."));

    [Fact]
    public void What_is_accepted_has_a_reason_and_is_still_found()
    {
        foreach (var accepted in RepositoryUnderTest.Context.Policy.Accepted)
        {
            Assert.False(string.IsNullOrWhiteSpace(accepted.Because));
            Assert.True(
                Find(accepted.Rule).FindIn(RepositoryUnderTest.Context).Any(finding => finding.From == accepted.From),
                $"{accepted.From} does not break {accepted.Rule} any more. Remove what accepts it.");
        }
    }

    private static bool IsAccepted(Finding finding) => RepositoryUnderTest.Context.Policy.Accepted.Any(accepted => accepted.Rule == finding.Rule && accepted.From == finding.From);

    private static Rule Find(string name) => Rules.Single(rule => rule.Name == name);
}
