namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>Seeded violations are found at their places with their messages, and nothing else is found; legal code that looks like them is not. Compiled as developers compile.</summary>
public sealed class CorpusTests(DebugCheckout checkout) : IClassFixture<DebugCheckout>
{
    // At least so many of each must be shown.
    private const int CasesAtLeast = 40;

    public static TheoryData<string> Cases => [.. CorpusCase.All.Select(static found => found.Path)];

    [Fact]
    public void Legal_code_has_no_findings() => Assert.Empty(checkout.OfBasis.Findings.Select(CorpusCheckout.Show));

    [Fact]
    public void Legal_code_breaks_no_plain_rule_either() => Assert.Empty(checkout.OfBasis.Plain);

    [Fact]
    public void There_are_enough_cases()
    {
        Assert.InRange(CorpusCase.All.Count(static found => found.IsViolation), CasesAtLeast, int.MaxValue);
        Assert.InRange(CorpusCase.All.Count(static found => !found.IsViolation), CasesAtLeast, int.MaxValue);
        Assert.DoesNotContain(CorpusCase.All, static found => found.IsViolation != found.Expected.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_wrong_is_found_and_nothing_else(string path) => checkout.Check(path);

    /// <summary>The table beside plain rules of NetArchTest is made from what both find. With the environment variable <c>CORPUS_PAGE</c> at <c>write</c> the test writes it.</summary>
    [Fact]
    public void The_page_of_the_corpus_says_what_is_found()
    {
        var path = Path.Combine(RepositoryUnderTest.Root, CorpusPage.Path);
        var expected = CorpusPage.Write(checkout);
        if (Environment.GetEnvironmentVariable("CORPUS_PAGE") == "write")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == expected, $"{CorpusPage.Path} does not say what is found. Run this test with CORPUS_PAGE=write, and commit the page.");
    }
}

/// <summary>The cases about code, compiled as CI compiles: other state machines, fewer local variables.</summary>
public sealed class OptimizedCorpusTests(ReleaseCheckout checkout) : IClassFixture<ReleaseCheckout>
{
    public static TheoryData<string> Cases => [.. CorpusCase.All.Where(static found => found.IsAboutCode).Select(static found => found.Path)];

    [Fact]
    public void Legal_code_has_no_findings() => Assert.Empty(checkout.OfBasis.Findings.Select(CorpusCheckout.Show));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_wrong_is_found_and_nothing_else(string path) => checkout.Check(path);
}
