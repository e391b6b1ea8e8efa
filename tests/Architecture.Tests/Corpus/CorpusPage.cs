using System.Text;
using ModularMonolith.Architecture.Reading;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>The table of the corpus: what the engine finds in each case, and beside it what plain rules of NetArchTest find.</summary>
internal static class CorpusPage
{
    public const string Path = "docs/corpus.md";

    public static string Write(CorpusCheckout checkout)
    {
        var violations = CorpusCase.All.Where(static found => found.IsViolation).ToList();
        var lookalikes = CorpusCase.All.Where(static found => !found.IsViolation).ToList();
        var text = new StringBuilder()
            .Append("# What the rules find, and what they leave alone\n\n")
            .Append("Each case is a small change of a made-up repository of three modules, below `tests/Architecture.Tests/Corpus`. The tests lay it over the repository, compile it and read it as `mm verify` reads a checkout. ")
            .Append("What must be found stands in a comment on its line, and nothing else may be found.\n\n")
            .Append("Beside it stand twelve rules as teams write them with NetArchTest alone (`PlainRules.cs`), over the same assemblies. They see types and namespaces of compiled code: no constants, projects, SQL or members, and they name a type, not a line.\n\n")
            .Append("This page is made from the tests: `CORPUS_PAGE=write dotnet test tests/Architecture.Tests --filter CorpusTests` writes it.\n\n")
            .Append($"| | `mm verify` | NetArchTest |\n|---|---|---|\n| violations found | {violations.Count(seeded => checkout.Of(seeded).Findings.Count > 0)} of {violations.Count} | {violations.Count(seeded => checkout.Of(seeded).Plain.Count > 0)} of {violations.Count} |\n")
            .Append($"| legal look-alikes reported | {lookalikes.Count(seeded => checkout.Of(seeded).Findings.Count > 0)} of {lookalikes.Count} | {lookalikes.Count(seeded => checkout.Of(seeded).Plain.Count > 0)} of {lookalikes.Count} |\n");
        Table(text, "Violations", violations, checkout, "not found");
        Table(text, "Legal look-alikes", lookalikes, checkout, "nothing");
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, List<CorpusCase> cases, CorpusCheckout checkout, string nothing)
    {
        text.Append("\n## ").Append(title).Append("\n\n| Case | `mm verify` | NetArchTest |\n|---|---|---|\n");
        foreach (var seeded in cases)
        {
            var judgement = checkout.Of(seeded);
            var found = judgement.Findings.Select(static finding => $"`{finding.Rule}` {Short(finding.Span?.File)}:{finding.Span?.Line}: {Plain(finding.ToString())}").ToList();
            text.Append($"| {seeded.Title} | {Or(found, nothing)} | {Or([.. judgement.Plain.Select(TypeNames.Written)], nothing)} |\n");
        }
    }

    private static string Or(List<string> found, string nothing) => found.Count == 0 ? nothing : string.Join("<br>", found.Distinct());

    private static string Short(string? file) => file is null ? string.Empty : file[(file.LastIndexOf('/') + 1)..];

    private static string Plain(string sentence) => sentence.Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
}
