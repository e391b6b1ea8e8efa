using ModularMonolith.Architecture.Tests.Corpus;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>The corpus of violations and look-alikes, on which the engine is shown, while it is typed.</summary>
public sealed class CorpusTests(AnalyzedCorpus corpus) : IClassFixture<AnalyzedCorpus>
{
    public static TheoryData<string> Lookalikes => [.. CorpusCase.All.Where(static found => !found.IsViolation).Select(static found => found.Path)];

    public static TheoryData<string> Violations => [.. CorpusCase.All.Where(static found => found.IsViolation).Select(static found => found.Path)];

    [Theory]
    [MemberData(nameof(Lookalikes))]
    public void Legal_code_that_looks_like_a_violation_is_not_reported(string path) => Assert.Empty(Seen(path).Typed.Select(static finding => finding.ToString()));

    [Fact]
    public void Dump()
    {
        var lines = new List<string>();
        foreach (var seeded in CorpusCase.All.Where(static found => found.IsViolation))
        {
            var seen = corpus.Of(seeded);
            foreach (var finding in seen.Compiled)
            {
                var at = seen.Typed.Where(finding.IsSamePlace).ToList();
                lines.Add($"{(at.Count == 0 ? "MISSING" : at.Any(other => other.Sentence == finding.Sentence) ? "SAME" : "OTHER")} {seeded.Name} {finding}" + (at.Count > 0 && !at.Any(other => other.Sentence == finding.Sentence) ? "\n      typed: " + string.Join("\n      typed: ", at.Select(o => o.Sentence)) : ""));
            }

            foreach (var extra in seen.Typed.Where(typed => !seen.Compiled.Any(typed.IsSamePlace)))
            {
                lines.Add($"EXTRA {seeded.Name} {extra}");
            }
        }

        File.WriteAllLines("/tmp/analyzer2-dump.txt", lines);
    }

    private SeenCase Seen(string path) => corpus.Of(CorpusCase.All.Single(found => found.Path == path));
}
