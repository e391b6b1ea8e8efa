using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ModularMonolith.Architecture.Tests.Corpus;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>A finding: the rule, where it stands, and what is said.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="File">The file's name; empty where none is said.</param>
/// <param name="Line">The line; 0 where none is said.</param>
/// <param name="Sentence">What is said: from where, and what.</param>
internal sealed record SeenFinding(string Rule, string File, int Line, string Sentence)
{
    public bool IsSamePlace(SeenFinding other) => Rule == other.Rule && File == other.File && Line == other.Line;

    public override string ToString() => $"{File}:{Line}: {Rule}: {Sentence}";
}

/// <summary>The made-up repository, whose cases are compiled in memory. The tests of one class use it one after the other.</summary>
public sealed partial class AnalyzedCorpus : IDisposable
{
    private const string Contracts = ".Contracts";

    private readonly MadeUpCheckout _checkout = new(CorpusCase.Basis, OptimizationLevel.Debug);

    private readonly Dictionary<string, IReadOnlyList<SeenFinding>> _typed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => _checkout.Dispose();

    // The engine's own tests write down what it finds, in the order of the cases.
    private static readonly Lazy<Dictionary<string, IReadOnlyList<SeenFinding>>> Page = new(static () => File.ReadAllLines(Path.Combine(Repository.Root, "docs/corpus.md"))
        .SkipWhile(static line => line != "## Violations").TakeWhile(static line => line != "## Legal look-alikes").Select(static line => line.Split(" | ")).Where(static cells => cells.Length == 3 && cells[1] != "`mm verify`")
        .Zip(CorpusCase.All.Where(static found => found.IsViolation), static (cells, seeded) => (cells, seeded))
        .ToDictionary(static pair => pair.seeded.Path, static pair => pair.cells[0] == "| " + pair.seeded.Title ? (IReadOnlyList<SeenFinding>)[.. pair.cells[1].Split("<br>").Select(Read)] : []));

    /// <summary>What the engine finds in a violation.</summary>
    internal static IReadOnlyList<SeenFinding> Compiled(CorpusCase seeded) => Page.Value.GetValueOrDefault(seeded.Path) ?? [];

    /// <summary>What the analyzer finds in a case.</summary>
    internal IReadOnlyList<SeenFinding> Typed(CorpusCase seeded)
    {
        if (!_typed.TryGetValue(seeded.Path, out var seen))
        {
            _typed[seeded.Path] = seen = _checkout.WithCompiled(seeded.Files, compiled => (IReadOnlyList<SeenFinding>)
                [.. compiled.Where(static pair => pair.Project.Path.StartsWith("modules/", StringComparison.Ordinal)).SelectMany(pair => Typed(pair.Project, pair.Compilation)).Distinct()]);
        }

        return seen;
    }

    // `rule` File.cs:7: From: what
    private static SeenFinding Read(string cell)
    {
        var match = Cell().Match(cell);
        Assert.True(match.Success, cell);
        var sentence = $"{match.Groups["from"].Value} {match.Groups["what"].Value}".Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("\\|", "|", StringComparison.Ordinal);
        return new SeenFinding(match.Groups["rule"].Value, match.Groups["file"].Value, int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture), sentence);
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
            var file = finding.Location.IsInSource ? Path.GetFileName(place.Path) : string.Empty;
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

    [GeneratedRegex("^`(?<rule>[a-z0-9-]+)` (?<file>[^:]+):(?<line>[0-9]+): (?<from>.+?): (?<what>.+)$")]
    private static partial Regex Cell();
}
