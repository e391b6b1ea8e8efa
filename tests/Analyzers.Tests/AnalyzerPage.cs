using System.Text;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Tests.Corpus;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>The tables of docs/analyzer.md: what the analyzer reports of the corpus, beside the engine, and which rules it does not have.</summary>
internal static class AnalyzerPage
{
    public const string Path = "docs/analyzer.md";

    private const string Begin = "<!-- made by CorpusTests: begin -->\n";
    private const string End = "<!-- made by CorpusTests: end -->";

    private static readonly Dictionary<string, string> Fixes = new()
    {
        ["module-references"] = "use the type of the same name in the other module's Contracts",
        ["manifest-names-dependencies"] = "add the module to `DependsOn`",
        ["module-types-are-internal"] = "make it internal",
        ["module-types-are-sealed"] = "make it sealed",
        ["store-markers-are-internal"] = "make it internal",
        ["event-methods-are-public"] = "make it public",
        ["time-comes-from-time-provider"] = "ask the `TimeProvider` that is at hand",
        ["ids-are-version-7"] = "make the id with the time of the `TimeProvider` that is at hand",
    };

    /// <summary>What of a rule a single project does not show, where the corpus has such a case.</summary>
    public static IReadOnlyDictionary<string, string> Narrower { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["module-references"] = "project files; what the source does not name (operators, events, members of values) is reported where the value's type is named, an alias and `using static` at the directive",
        ["internals-stay-internal"] = "what a project file shows is reported without a place",
        ["contract-references"] = "project files",
        ["contracts-hold-no-behaviour"] = "a method of an interface is reported at the method, where compiled code tells only the interface",
        ["manifest-names-dependencies"] = "an event by its name in a text",
        ["sql-stays-in-its-schema"] = "files of SQL; tables without their schema",
        ["cache-keys-are-own"] = "a key that two modules share and neither is named after; keys of the request's items, and keys that a method makes",
        ["files-are-own"] = "a file or pipe that two modules share and neither is named after; advisory locks and channels of the database",
        ["no-http-to-ourselves"] = "a link that is sent to; the settings that say where the host listens",
        ["no-static-mutable-state"] = "an array whose elements another class or a sort changes; what can change inside of a frozen collection",
        ["no-service-location"] = "in Contracts, which have nothing to fetch",
        ["no-dynamic"] = "a request that is sent as an object",
        ["no-reflection-by-name"] = "members of a value whose type the code does not tell; names in expression trees and attributes",
        ["services-stay-in-their-module"] = "what another module registers under an interface of the framework, a key or a name: its registrations are not in the project",
        ["use-cases-stand-in-slices"] = "a handler or validator for another module's request",
        ["module-has-manifest"] = "what the names of other modules and of the platform's schemas forbid",
        ["requests-have-one-handler"] = "a request of the Contracts is reported without a place, when the slice is compiled",
        ["events-are-named"] = "a wrong name is reported at the attribute, a line above",
        ["namespaces-follow-folders"] = "types of a linked file are reported at their declarations",
    };

    /// <summary>Why a rule is checked by the engine alone.</summary>
    public static IReadOnlyDictionary<string, string> EngineOnly { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["no-module-cycles"] = "needs what all modules use",
        ["store-markers-have-distinct-names"] = "needs the markers of all modules",
        ["events-by-name"] = "needs the events of modules to which the project does not refer",
        ["endpoints-say-who-may-call"] = "a route may be protected by a group or a method elsewhere, which the compiled code of the module shows as a whole",
        ["endpoints-have-names"] = "names are unique over all modules",
        ["handlers-are-sent-to"] = "who makes or calls a handler is looked up in the compiled code of the module",
        ["events-go-through-the-log"] = "who publishes past the log is looked up in the compiled code of the module",
        ["settings-are-own"] = "which sections belong to whom needs what all modules read",
        ["contracts-stay-small"] = "the limit is declared in `tests/Architecture.Rules`, which is code that no build runs",
        ["package-policy"] = "which module may use which package is declared in `tests/Architecture.Rules`",
        ["changes-are-recorded"] = "is about the audit log, not about boundaries; its exceptions are declared in `tests/Architecture.Rules`",
        ["sources-are-layered"] = "is about `src`, which is compiled without the analyzer",
        ["platform-knows-no-module"] = "is about `src`",
        ["host-names-no-module"] = "is about `src`",
        ["versions-are-central"] = "is about project files",
        ["editions-stand-in-for-packages"] = "is about project files",
        ["modules-have-three-projects"] = "is about project files",
        ["solution-holds-every-project"] = "is about the solution",
        ["files-stay-short"] = "is about all files; its exceptions are declared in `tests/Architecture.Rules`",
        ["settings-are-documented"] = "is about pages",
        ["links-lead-somewhere"] = "is about pages",
    };

    /// <summary>The page with its tables made anew.</summary>
    public static string Write(string page, AnalyzedCorpus corpus)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, $"{Path} does not say where its tables begin and end.");
        return page[..begin] + Tables(corpus) + page[end..];
    }

    private static string Tables(AnalyzedCorpus corpus)
    {
        var seen = CorpusCase.All.Where(static found => found.IsViolation).Select(found => (Compiled: AnalyzedCorpus.Compiled(found), Typed: corpus.Typed(found))).ToList();
        var text = new StringBuilder("| id | rule | fix | in the corpus | same line | same words | what is not |\n|---|---|---|---|---|---|---|\n");
        foreach (var rule in Rules.All)
        {
            var name = RuleTests.NameOf(rule);
            var compared = seen.SelectMany(seen => seen.Compiled.Where(finding => finding.Rule == name).Select(finding => (finding, same: seen.Typed.Where(finding.IsSamePlace).ToList()))).ToList();
            var placed = compared.Count(static pair => pair.same.Count > 0);
            var worded = compared.Count(static pair => pair.same.Exists(other => other.Sentence == pair.finding.Sentence));
            text.Append($"| {rule.Id} | {name} | {Fixes.GetValueOrDefault(name)} | {Shown(compared.Count, compared.Count)} | {Shown(placed, compared.Count)} | {Shown(worded, compared.Count)} | {Narrower.GetValueOrDefault(name)} |\n");
        }

        text.Append("\n| rule of `mm verify` alone | why |\n|---|---|\n");
        foreach (var rule in RuleCatalog.All.Where(static rule => EngineOnly.ContainsKey(rule.Name)))
        {
            text.Append($"| {rule.Name} | {EngineOnly[rule.Name]} |\n");
        }

        return text.ToString();
    }

    private static string Shown(int count, int of) => of == 0 ? string.Empty : count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
