using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Tests.Corpus;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>The corpus of violations and look-alikes, on which the engine is shown, while it is typed.</summary>
public sealed class CorpusTests(AnalyzedCorpus corpus) : IClassFixture<AnalyzedCorpus>
{
    public static TheoryData<string> Lookalikes => [.. CorpusCase.All.Where(static found => !found.IsViolation).Select(static found => found.Path)];

    [Theory]
    [MemberData(nameof(Lookalikes))]
    public void Legal_code_that_looks_like_a_violation_is_not_reported(string path) => Assert.Empty(corpus.Typed(CorpusCase.All.Single(found => found.Path == path)).Select(static finding => finding.ToString()));

    /// <summary>The tables of the page are made from what both find. With the environment variable <c>ANALYZER_PAGE</c> at <c>write</c> the test writes them.</summary>
    [Fact]
    public void The_page_says_what_is_reported_while_typing()
    {
        var path = Path.Combine(Repository.Root, AnalyzerPage.Path);
        var expected = AnalyzerPage.Write(File.ReadAllText(path).ReplaceLineEndings("\n"), corpus);
        if (Environment.GetEnvironmentVariable("ANALYZER_PAGE") == "write")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.ReadAllText(path).ReplaceLineEndings("\n") == expected, $"{AnalyzerPage.Path} does not say what is reported. Run this test with ANALYZER_PAGE=write, and commit the page.");
    }

    [Fact]
    public void The_page_of_the_corpus_says_what_the_engine_finds_in_every_violation() =>
        Assert.Empty(CorpusCase.All.Where(static found => found.IsViolation && AnalyzedCorpus.Compiled(found).Count == 0).Select(static found => found.Path));

    [Fact]
    public void Where_the_analyzer_is_narrower_the_page_says_why() =>
        Assert.Equal(
            CorpusCase.All.Where(static found => found.IsViolation).SelectMany(Missing).Select(static finding => finding.Rule).Distinct().Order(StringComparer.Ordinal),
            AnalyzerPage.Narrower.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_rule_of_the_engine_is_the_analyzers_too_or_the_page_says_why_not() =>
        Assert.Equal(
            RuleCatalog.All.Select(static rule => rule.Name).Except(Rules.All.Select(static rule => RuleTests.NameOf(rule))).Order(StringComparer.Ordinal), AnalyzerPage.EngineOnly.Keys.Order(StringComparer.Ordinal));

    private IEnumerable<SeenFinding> Missing(CorpusCase seeded)
    {
        var typed = corpus.Typed(seeded);
        return AnalyzedCorpus.Compiled(seeded).Where(finding => !AnalyzerPage.EngineOnly.ContainsKey(finding.Rule) && !typed.Any(finding.IsSamePlace));
    }
}
