using System.Text.RegularExpressions;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>What is written about the code is true.</summary>
public static partial class DocumentRules
{
    private const string SettingsPage = "docs/configuration.md";

    private static readonly string[] Folders = ["docs", "src", "modules"];

    /// <summary>Settings are documented.</summary>
    public static readonly Rule SettingsAreDocumented = new(
        "settings-are-documented",
        "A setting that nobody can find is not one, and a documented one that nothing reads misleads whoever sets it.",
        "Add the key with its default and unit to docs/configuration.md, or remove the row.",
        static context =>
        {
            var read = Settings.ReadBy(context).ToList();
            var page = Path.Combine(context.Graph.Root, SettingsPage);
            var text = File.Exists(page) ? File.ReadAllText(page) : string.Empty;
            var documented = DocumentedKey().Matches(text).Select(static match => match.Groups[1]).ToList();
            return new Outcome(read.Count + documented.Count, [
                .. read.Where(setting => !documented.Exists(key => Settings.Covers(key.Value, setting.Key))).Select(static setting =>
                    new Finding(setting.From, $"reads '{setting.Key}', which {SettingsPage} does not name") { Module = setting.Module?.Folder, Span = setting.Span }),
                .. documented.Where(key => !read.Exists(setting => Settings.Covers(key.Value, setting.Key) && !Settings.IsSection(key.Value, setting.Key)))
                    .Select(key => new Finding(SettingsPage, $"names '{key.Value}', which no code reads") { Span = SourceText.At(SettingsPage, text, key.Index, key.Length) }),
            ]);
        })
    {
        Plant = static canary => canary.Code("CanarySettings", static (module, code) =>
        {
            code.Emit(Mono.Cecil.Cil.OpCodes.Ldnull);
            code.Emit(Mono.Cecil.Cil.OpCodes.Ldstr, "Canary:Sings");
            code.Emit(Mono.Cecil.Cil.OpCodes.Callvirt, Canary.Method(
                module, Canary.Type(module, "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.Configuration.IConfiguration"), "GetSection", isStatic: false, module.TypeSystem.String));
        }),
    };

    /// <summary>Links lead somewhere.</summary>
    public static readonly Rule LinksLeadSomewhere = new(
        "links-lead-somewhere",
        "A page that leads to nothing costs its reader more than no page.",
        "Correct the link, or write the page.",
        static context => Outcome.Of(
            Pages(context.Graph.Root).Select(page => (page, File.ReadAllText(Path.Combine(context.Graph.Root, page)))).Concat(context.Pages.Select(static page => (page.Key, page.Value))).SelectMany(static page => Links(page.Item1, page.Item2)),
            link => Path.Exists(Path.Combine(Path.GetDirectoryName(Path.Combine(context.Graph.Root, link.Page))!, link.Target)) ? [] : [new Finding(link.Page, "leads to " + link.Target) { Span = link.Span, To = link.Target }]))
    {
        PlantOnce = static context => context with { Pages = new Dictionary<string, string> { ["docs/canary.md"] = "See [the nest](nest.md)." } },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [SettingsAreDocumented, LinksLeadSomewhere];

    private static IEnumerable<string> Pages(string root) =>
        RepositoryFiles.Below(root, string.Empty, ".md", isDeep: false).Concat(Folders.SelectMany(folder => RepositoryFiles.Below(root, folder, ".md")));

    private static IEnumerable<(string Page, string Target, SourceSpan Span)> Links(string page, string text)
    {
        if (!text.Contains("](", StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (Match link in MarkdownLink().Matches(Code().Replace(text, static code => new string(' ', code.Length))))
        {
            var target = Uri.UnescapeDataString(link.Groups[1].Value.Split('#')[0]);
            if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))
            {
                yield return (page, target, SourceText.At(page, text, link.Groups[1].Index, link.Groups[1].Length));
            }
        }
    }

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedKey();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex MarkdownLink();

    // What stands in code is no link.
    [GeneratedRegex(@"^```.*?^```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
