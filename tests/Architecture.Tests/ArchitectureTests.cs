using System.Reflection;

namespace ModularMonolith.Architecture.Tests;

public sealed class ArchitectureTests
{
    private static readonly Rule[] Rules =
    [
        .. Assembly.GetExecutingAssembly().GetTypes().Where(type => type.Namespace == typeof(Rules.BoundaryRules).Namespace)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(Rule)).Select(field => (Rule)field.GetValue(null)!),
    ];

    public static TheoryData<string> RuleNames => [.. Rules.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_rule_holds(string name)
    {
        var rule = Find(name);
        var findings = rule.FindIn(RepositoryUnderTest.Codebase);
        Assert.True(findings.Count == 0, rule.Describe(findings));
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_rule_bites(string name)
    {
        Assert.True(BadCodebase.Findings.TryGetValue(name, out var expected), $"Show in {nameof(BadCodebase)} what {name} finds in the fixtures.");
        var found = Find(name).FindIn(BadCodebase.Codebase).Select(finding => finding.ToString());
        Assert.Equal(expected.Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_rule_fails_when_it_selects_nothing(string name)
    {
        var nothing = new Codebase { Root = Path.Combine(AppContext.BaseDirectory, "nothing"), Solution = "none.sln" };
        var finding = Assert.Single(Find(name).FindIn(nothing));
        Assert.Equal("the rule selects nothing", finding.What);
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_message_says_where_what_why_and_what_to_do_instead(string name)
    {
        var rule = Find(name);
        var message = rule.Describe([new Finding("Orders.PlaceOrder", "waits", "Orders/PlaceOrder.cs:12")]);
        Assert.Contains("Orders/PlaceOrder.cs:12: Orders.PlaceOrder: waits", message, StringComparison.Ordinal);
        Assert.Contains("Why: " + rule.Because, message, StringComparison.Ordinal);
        Assert.Contains("Instead: " + rule.Instead, message, StringComparison.Ordinal);
        Assert.All([rule.Because, rule.Instead], sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_have_names_of_their_own() => Assert.Equal(Rules.Length, Rules.DistinctBy(rule => rule.Name).Count());

    [Fact]
    public void Findings_in_code_name_file_and_line()
    {
        var finding = Assert.Single(Find("time-comes-from-time-provider").FindIn(BadCodebase.Codebase), finding => finding.What.EndsWith(".Now", StringComparison.Ordinal));
        Assert.Matches("^modules/Careless/Careless/Haste/Hurry\\.cs:[0-9]+$", finding.Location);
    }

    [Fact]
    public void Every_excuse_has_a_reason_and_is_still_needed()
    {
        foreach (var excuse in Excuses.All)
        {
            Assert.False(string.IsNullOrWhiteSpace(excuse.Reason));
            Assert.True(
                Find(excuse.Rule).Check(RepositoryUnderTest.Codebase).Findings.Any(finding => finding.Where == excuse.Where),
                $"{excuse.Where} does not break {excuse.Rule} any more. Remove the excuse.");
        }
    }

    private static Rule Find(string name) => Rules.Single(rule => rule.Name == name);
}
