using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>What is written about the code is true.</summary>
internal static partial class DocumentRules
{
    private const string SettingsPage = "docs/configuration.md";
    private const string ModulePages = "docs/modules";
    private const string DiagramBegin = "<!-- drawn from the code: tests/Architecture.Tests says when it is not true any more -->";
    private const string DiagramEnd = "<!-- end of the drawing -->";

    // Between the key and the call that takes it stands at most the default value.
    private const int InstructionsBetween = 12;

    public static readonly Rule SettingsAreDocumented = new(
        "settings-are-documented",
        "A setting that nobody can find is not one, and a documented one that nothing reads misleads whoever sets it.",
        "Add the key with its default and unit to docs/configuration.md, or remove the row.",
        codebase =>
        {
            var read = SettingsReadBy(codebase).ToList();
            var page = Path.Combine(codebase.Root, SettingsPage);
            var documented = File.Exists(page) ? DocumentedKey().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value).ToList() : [];
            return new Outcome(read.Count + documented.Count, [
                .. read.Where(setting => !documented.Exists(key => Covers(key, setting.Key))).Select(setting => new Finding(setting.Where, $"reads '{setting.Key}', which {SettingsPage} does not name", setting.Location)),
                .. documented.Where(key => !read.Exists(setting => Covers(key, setting.Key) && !IsSection(key, setting.Key))).Select(key => new Finding(SettingsPage, $"names '{key}', which no code reads")),
            ]);
        });

    public static readonly Rule LinksLeadSomewhere = new(
        "links-lead-somewhere",
        "A page that leads to nothing costs its reader more than no page.",
        "Correct the link, or write the page.",
        codebase => Outcome.Of(
            from page in Pages(codebase)
            from Match link in MarkdownLink().Matches(File.ReadAllText(page))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            select (page, target),
            link => Path.Exists(Path.Combine(Path.GetDirectoryName(link.page)!, link.target)) ? [] : [new Finding(Path.GetRelativePath(codebase.Root, link.page).Replace('\\', '/'), "leads to " + link.target)]));

    public static readonly Rule ModulePagesShowTheCode = new(
        "module-pages-show-the-code",
        "A drawing that was true once is believed for years.",
        $"Put the diagram shown here between the lines '{DiagramBegin}' and '{DiagramEnd}' of the page.",
        codebase => Outcome.Of(codebase.Modules, module =>
        {
            var path = $"{ModulePages}/{module.Name}.md";
            var page = Path.Combine(codebase.Root, path);
            if (!File.Exists(page))
            {
                // A new module has none yet; that it gets one is found where the pages are generated.
                return [];
            }

            var text = File.ReadAllText(page);
            var diagram = ModuleDiagram.Of(codebase, module);
            return text.Contains($"{DiagramBegin}\n{diagram}\n{DiagramEnd}", StringComparison.Ordinal) ? [] : [new Finding(module.Name, $"{path} does not show its diagram:\n{diagram}\n")];
        }));

    private static IEnumerable<(string Key, string Where, string? Location)> SettingsReadBy(Codebase codebase) =>
        from assembly in codebase.Hosts.Concat(codebase.Platforms).Concat(codebase.Modules.Select(module => module.Slice).OfType<CompiledAssembly>()).DistinctBy(assembly => assembly.Name)
        from line in assembly.Code
        where line.Instruction.Operand is MethodReference called && IsReading(called)
        let text = KeyBefore(line.Instruction)
        where text is not null
        from key in Keys((MethodReference)line.Instruction.Operand, text, assembly)
        select (key, line.Where, line.Location);

    private static bool IsReading(MethodReference called) => (called.DeclaringType.Name, called.Name) is
        ("IConfiguration", "get_Item" or "GetSection") or ("ConfigurationBinder", "GetValue") or ("ConfigurationExtensions", "GetConnectionString" or "GetRequiredSection")
        or ("OptionsConfigurationServiceCollectionExtensions", "Configure");

    // An options class reads one key for each property that can be set.
    private static IEnumerable<string> Keys(MethodReference called, string text, CompiledAssembly assembly) => called switch
    {
        GenericInstanceMethod { Name: "Configure" } configure => assembly.Types.Single(type => type.FullName == configure.GenericArguments[0].FullName)
            .GetProperties().Where(property => property.CanWrite).Select(property => text + ":" + property.Name),
        { Name: "GetConnectionString" } => ["ConnectionStrings:" + text],
        _ => [text],
    };

    private static string? KeyBefore(Instruction instruction)
    {
        var before = instruction.Previous;
        for (var count = 0; before is not null && count < InstructionsBetween; count++, before = before.Previous)
        {
            if (before.OpCode == OpCodes.Ldstr)
            {
                return (string)before.Operand;
            }
        }

        return null;
    }

    // Code reads a whole key, the end of one below its section, or a section that holds documented keys.
    private static bool Covers(string documented, string read) =>
        documented.Equals(read, StringComparison.OrdinalIgnoreCase) || documented.EndsWith(":" + read.TrimStart(':'), StringComparison.OrdinalIgnoreCase) || IsSection(documented, read);

    private static bool IsSection(string documented, string read) => documented.StartsWith(read + ":", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Pages(Codebase codebase) =>
        new[] { string.Empty, "docs", "src", "modules" }.Select(folder => Path.Combine(codebase.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", folder.Length <= codebase.Root.Length + 1 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
            .Where(page => !page.Contains("/bin/", StringComparison.Ordinal) && !page.Contains("/obj/", StringComparison.Ordinal) && !page.Contains("/node_modules/", StringComparison.Ordinal));

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedKey();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex MarkdownLink();
}
