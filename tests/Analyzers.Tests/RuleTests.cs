using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Analyzers.Tests;

public sealed partial class RuleTests
{
    public static TheoryData<string> Ids => [.. Rules.All.Select(static rule => rule.Id)];

    [Fact]
    public void Rules_have_ids_in_a_row_and_pages_of_their_own()
    {
        Assert.Equal(Enumerable.Range(1, Rules.All.Length).Select(static number => $"MM{number:0000}"), Rules.All.Select(static rule => rule.Id));
        Assert.Equal(Rules.All.Length, Rules.All.Select(static rule => rule.HelpLinkUri).Distinct().Count());
        Assert.Equal(typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static).Count(static field => field.FieldType == typeof(DiagnosticDescriptor)), Rules.All.Length);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_rule_is_an_error_with_a_reason_a_way_out_and_a_page(string id)
    {
        var rule = Rules.All.Single(rule => rule.Id == id);
        var message = rule.MessageFormat.ToString(System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(DiagnosticSeverity.Error, rule.DefaultSeverity);
        Assert.True(rule.IsEnabledByDefault);
        Assert.Equal("Boundaries", rule.Category);
        Assert.Matches(@"^\{0\} \{1\}\. [A-Z].*\.$", message);
        Assert.EndsWith(".", rule.Description.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Matches("^docs/rules\\.md#[a-z0-9]+(-[a-z0-9]+)*$", rule.HelpLinkUri);
    }

    [Fact]
    public void Reasons_and_ways_out_are_those_of_the_rules_about_compiled_code()
    {
        var compiled = RuleCatalog.All.ToDictionary(static rule => rule.Name, StringComparer.Ordinal);
        var shared = Rules.All.Where(rule => compiled.ContainsKey(NameOf(rule))).ToList();

        Assert.Equal(Rules.All.Select(NameOf), shared.Select(NameOf));
        Assert.All(shared, rule =>
        {
            Assert.Equal(compiled[NameOf(rule)].Because, rule.Description.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal("{0} {1}. " + compiled[NameOf(rule)].Instead, rule.MessageFormat.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public void Every_rule_is_reported_by_one_analyzer()
    {
        var supported = typeof(Rules).Assembly.GetTypes().Where(static type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .SelectMany(static type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics).Select(static rule => rule.Id).ToList();
        Assert.Equal(Rules.All.Select(static rule => rule.Id), supported.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_on_the_analyzer_lists_every_rule()
    {
        var listed = ListedRule().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/analyzer.md"))).Select(static row => row.Value);
        Assert.Equal(Rules.All.Select(static rule => $"| {rule.Id} | {NameOf(rule)} |"), listed);
    }

    internal static string NameOf(DiagnosticDescriptor rule) => rule.HelpLinkUri.Split('#')[1];

    [GeneratedRegex(@"^\| MM\d{4} \| [a-z0-9-]+ \|", RegexOptions.Multiline)]
    private static partial Regex ListedRule();
}
