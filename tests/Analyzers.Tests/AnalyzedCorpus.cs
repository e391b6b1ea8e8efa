using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Tests.Corpus;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>What is found in a case of the corpus: in compiled code by the engine, and while typing by the analyzer.</summary>
internal sealed record SeenCase(IReadOnlyList<SeenFinding> Compiled, IReadOnlyList<SeenFinding> Typed);

/// <summary>A finding: the rule, where it stands, and what is said.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="File">The file, relative to the checkout; empty where none is said.</param>
/// <param name="Line">The line; 0 where none is said.</param>
/// <param name="Sentence">What is said: from where, and what.</param>
internal sealed record SeenFinding(string Rule, string File, int Line, string Sentence)
{
    public bool IsSamePlace(SeenFinding other) => Rule == other.Rule && File == other.File && Line == other.Line;

    public override string ToString() => $"{File}:{Line}: {Rule}: {Sentence}";
}

/// <summary>The made-up repository, whose cases are compiled in memory and looked at by both. The tests of one class use it one after the other.</summary>
public sealed class AnalyzedCorpus : IDisposable
{
    private const string Contracts = ".Contracts";

    private readonly MadeUpCheckout _checkout = new(CorpusCase.Basis, OptimizationLevel.Debug);

    private readonly Dictionary<string, SeenCase> _seen = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => _checkout.Dispose();

    internal SeenCase Of(CorpusCase seeded)
    {
        if (!_seen.TryGetValue(seeded.Path, out var seen))
        {
            _seen[seeded.Path] = seen = _checkout.WithCompiled(seeded.Files, compiled => new SeenCase(
                seeded.IsViolation ? [.. Compiled()] : [],
                [.. compiled.Where(static pair => pair.Project.Path.StartsWith("modules/", StringComparison.Ordinal)).SelectMany(pair => Typed(pair.Project, pair.Compilation)).Distinct()]));
        }

        return seen;
    }

    // Of rules that the analyzer does not have nothing needs to be looked for.
    private IEnumerable<SeenFinding> Compiled()
    {
        var context = new RuleContext(_checkout.Read(), new Policy());
        var names = Rules.All.Select(static rule => RuleTests.NameOf(rule)).ToHashSet(StringComparer.Ordinal);
        return RuleCatalog.All.Where(rule => names.Contains(rule.Name)).SelectMany(rule => rule.FindIn(context))
            .Where(static finding => finding.Module is not null)
            .Select(static finding => new SeenFinding(finding.Rule, finding.Span?.File ?? string.Empty, finding.Span?.Line ?? 0, finding.From + " " + finding.What));
    }

    private IEnumerable<SeenFinding> Typed(MadeUpProject project, Compilation compilation)
    {
        var modules = Directory.GetDirectories(Path.Combine(_checkout.Root, "modules")).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);
        var build = new BuildOptions(new Dictionary<string, string>
        {
            ["build_property.BoundaryModule"] = project.Path.Split('/')[1],
            ["build_property.BoundaryPart"] = project.Name.EndsWith(Contracts, StringComparison.Ordinal) ? "Contracts" : "Slice",
            ["build_property.BoundaryModules"] = string.Join('|', modules.Select(static module => $"{module}={module.ToLowerInvariant()}")),
            ["build_property.ProjectDir"] = Path.Combine(_checkout.Root, project.Folder) + "/",
        });
        var found = compilation.WithAnalyzers(AnalyzedModule.Analyzers, new AnalyzerOptions([], build)).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return found.Select(finding =>
        {
            var place = finding.Location.GetLineSpan();
            var file = finding.Location.IsInSource ? Path.GetRelativePath(_checkout.Root, place.Path).Replace('\\', '/') : string.Empty;
            return new SeenFinding(RuleTests.NameOf(finding.Descriptor), file, finding.Location.IsInSource ? place.StartLinePosition.Line + 1 : 0, Sentence(finding));
        });
    }

    // The message without the way out, which is the same for all of a rule.
    private static string Sentence(Diagnostic finding)
    {
        var message = finding.GetMessage(CultureInfo.InvariantCulture);
        var instead = finding.Descriptor.MessageFormat.ToString(CultureInfo.InvariantCulture)["{0} {1}".Length..];
        return message.EndsWith(instead, StringComparison.Ordinal) ? message[..^instead.Length] : message;
    }
}
