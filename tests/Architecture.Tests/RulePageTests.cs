using System.Text;
using ModularMonolith.Architecture.Declared;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Architecture.Tests;

/// <summary>The page of the rules is made from the rules. With the environment variable <c>RULE_PAGE</c> at <c>write</c> the test writes it.</summary>
public sealed class RulePageTests
{
    private const string Page = "docs/rules.md";

    [Fact]
    public void The_page_of_the_rules_says_what_the_rules_say()
    {
        var path = Path.Combine(RepositoryUnderTest.Root, Page);
        var expected = Text();
        if (Environment.GetEnvironmentVariable("RULE_PAGE") == "write")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == expected, $"{Page} does not say what the rules say. Run this test with RULE_PAGE=write, and commit the page.");
    }

    private static string Text()
    {
        var text = new StringBuilder().Append("# Rules\n\n")
            .Append("What `build/mm verify` checks ([how](boundaries.md)). This page is made from the rules: `RULE_PAGE=write dotnet test tests/Architecture.Tests --filter RulePageTests` writes it.\n");
        Add(text, "Rules that hold everywhere", RuleCatalog.All);
        Add(text, "Rules of this repository", new ThisRepository().Declare().Rules);
        Add(text, "Rules that need the code to run", PayloadRules.All, "The tests of the architecture check these; they read payloads with the real types.");
        Add(text, "Rules about exceptions", [Verifier.BaselineRule, Verifier.AcceptedRule]);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string title, IEnumerable<Rule> rules, string? note = null)
    {
        text.Append("\n## ").Append(title).Append('\n');
        if (note is not null)
        {
            text.Append('\n').Append(note).Append('\n');
        }

        foreach (var rule in rules)
        {
            text.Append("\n### ").Append(rule.Name).Append("\n\n").Append(Plain(rule.Because)).Append("\n\nInstead: ").Append(Plain(rule.Instead)).Append('\n');
        }
    }

    // Angle brackets would be read as markup.
    private static string Plain(string sentence) => sentence.Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
