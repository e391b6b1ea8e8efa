using Microsoft.CodeAnalysis;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Tests.Corpus;

/// <summary>What the engine finds in a case, and what plain rules of NetArchTest find.</summary>
internal sealed record Judgement(IReadOnlyList<Finding> Findings, IReadOnlyList<string> Plain);

/// <summary>The made-up repository, compiled, with what was found in each case so far. The tests of one class use it one after the other.</summary>
public abstract class CorpusCheckout : IDisposable
{
    private static readonly Policy Policy = new()
    {
        Layers = new Dictionary<string, IReadOnlyList<string>> { ["Platform.Contracts"] = [], ["Platform"] = ["Platform.Contracts"], ["Host"] = ["Platform"] },
    };

    private readonly MadeUpCheckout _checkout;
    private readonly Dictionary<string, Judgement> _judged = new(StringComparer.Ordinal);
    private readonly Lazy<Judgement> _basis;

    private protected CorpusCheckout(OptimizationLevel level)
    {
        _checkout = new MadeUpCheckout(CorpusCase.Basis, level);
        _basis = new(() => Judge(_checkout.Read()));
    }

    internal Judgement OfBasis => _basis.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        _checkout.Dispose();
        GC.SuppressFinalize(this);
    }

    internal Judgement Of(CorpusCase seeded)
    {
        if (!_judged.TryGetValue(seeded.Path, out var judgement))
        {
            _judged[seeded.Path] = judgement = _checkout.With(seeded.Files, Judge);
        }

        return judgement;
    }

    internal void Check(string path)
    {
        var seeded = CorpusCase.All.Single(found => found.Path == path);
        var findings = Of(seeded).Findings;
        var missing = seeded.Expected.Where(expected => !findings.Any(expected.Meets)).Select(static expected => "missing: " + expected);
        var unexpected = findings.Where(finding => !seeded.Expected.Any(expected => expected.Meets(finding))).Select(static finding => "not expected: " + Show(finding));
        var wrong = missing.Concat(unexpected).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    internal static string Show(Finding finding) => $"{finding.Span?.ToString() ?? "nowhere"}: {finding.Rule}: {finding} → {finding.To ?? "nothing"}";

    // What is found in the platform's own code is a matter of this repository, whose sources lie elsewhere.
    private static Judgement Judge(CodeGraph graph)
    {
        var context = new RuleContext(graph, Policy);
        return new Judgement(
            [.. RuleCatalog.All.SelectMany(rule => rule.FindIn(context))
                .Where(static finding => finding.Span is null || (!Path.IsPathRooted(finding.Span.File) && !finding.Span.File.StartsWith("src/Platform/", StringComparison.Ordinal)))],
            PlainRules.FindIn(graph.Root));
    }
}

/// <summary>Without optimisation.</summary>
public sealed class DebugCheckout() : CorpusCheckout(OptimizationLevel.Debug);

/// <summary>With optimisation.</summary>
public sealed class ReleaseCheckout() : CorpusCheckout(OptimizationLevel.Release);
