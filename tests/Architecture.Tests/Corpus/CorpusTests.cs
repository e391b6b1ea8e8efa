using Microsoft.CodeAnalysis;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>Seeded violations are found at their places with their messages, and nothing else is found; legal code that looks like them is not.</summary>
public abstract class CorpusTests(CorpusCheckout checkout)
{
    public static TheoryData<string> Cases => [.. CorpusCase.All.Select(static found => (found.IsViolation ? "violations/" : "lookalikes/") + found.Name)];

    [Fact]
    public void Legal_code_has_no_findings() => Assert.Empty(CorpusCheckout.Judge(checkout.Value.Read()).Select(CorpusCheckout.Show));

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_wrong_is_found_and_nothing_else(string name)
    {
        var seeded = CorpusCase.All.Single(found => found.Folder.EndsWith(name, StringComparison.Ordinal));
        var findings = checkout.Value.With(seeded.Files, CorpusCheckout.Judge);
        Assert.Equal(seeded.IsViolation, seeded.Expected.Count > 0);
        var missing = seeded.Expected.Where(expected => !findings.Any(expected.Meets)).Select(static expected => "missing: " + expected);
        var unexpected = findings.Where(finding => !seeded.Expected.Any(expected => expected.Meets(finding))).Select(static finding => "not expected: " + CorpusCheckout.Show(finding));
        var wrong = missing.Concat(unexpected).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}

/// <summary>As developers compile.</summary>
public sealed class DebugCorpusTests(DebugCheckout checkout) : CorpusTests(checkout), IClassFixture<DebugCheckout>;

/// <summary>As CI compiles: other state machines, fewer locals.</summary>
public sealed class ReleaseCorpusTests(ReleaseCheckout checkout) : CorpusTests(checkout), IClassFixture<ReleaseCheckout>;

/// <summary>The made-up repository, compiled.</summary>
public abstract class CorpusCheckout : IDisposable
{
    private static readonly Policy Policy = new()
    {
        Layers = new Dictionary<string, IReadOnlyList<string>> { ["Platform.Contracts"] = [], ["Platform"] = ["Platform.Contracts"], ["Host"] = ["Platform"] },
    };

    private readonly MadeUpCheckout _checkout;

    private protected CorpusCheckout(OptimizationLevel level) => _checkout = new MadeUpCheckout(CorpusCase.Basis, level);

    internal MadeUpCheckout Value => _checkout;

    /// <inheritdoc/>
    public void Dispose()
    {
        _checkout.Dispose();
        GC.SuppressFinalize(this);
    }

    // What is found in the platform's own code is a matter of this repository, whose sources lie elsewhere.
    internal static IReadOnlyList<Finding> Judge(CodeGraph graph)
    {
        var context = new RuleContext(graph, Policy);
        return [.. RuleCatalog.All.SelectMany(rule => rule.FindIn(context)).Where(static finding => finding.Span is null || (!Path.IsPathRooted(finding.Span.File) && !finding.Span.File.StartsWith("src/Platform/", StringComparison.Ordinal)))];
    }

    internal static string Show(Finding finding) => $"{finding.Span?.ToString() ?? "nowhere"}: {finding.Rule}: {finding} → {finding.To ?? "nothing"}";
}

/// <summary>Without optimisation.</summary>
public sealed class DebugCheckout() : CorpusCheckout(OptimizationLevel.Debug);

/// <summary>With optimisation.</summary>
public sealed class ReleaseCheckout() : CorpusCheckout(OptimizationLevel.Release);
