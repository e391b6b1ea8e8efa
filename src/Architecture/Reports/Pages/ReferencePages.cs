using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>What pages are made of.</summary>
internal sealed record PageSources(CodeGraph Graph, Conversations Conversations, DocComments Comments);

/// <summary>A generated file that is not as it should be.</summary>
/// <param name="Path">Relative to the repository.</param>
/// <param name="Line">The first line that differs, from 1; 0 when the whole file is missing or is too many.</param>
/// <param name="Expected">That line as it should be; null when there is none.</param>
/// <param name="Found">That line as it is; null when there is none.</param>
public sealed record Drift(string Path, int Line, string? Expected, string? Found)
{
    /// <summary>What is wrong, in one sentence.</summary>
    public override string ToString() => Line == 0
        ? Expected is null ? $"{Path}: belongs to no module any more" : $"{Path}: is missing"
        : $"{Path}:{Line}: is \"{Found ?? "nothing"}\" and should be \"{Expected ?? "nothing"}\"";
}

/// <summary>
/// The generated reference: <c>docs/reference</c> with a page for each module, the catalogue of events, the overview, and the diagrams in the hand-written pages of the modules. It depends on
/// the code alone: no times, no versions, no line numbers.
/// </summary>
public static class ReferencePages
{
    /// <summary>Where it stands.</summary>
    public const string Folder = "docs/reference";

    /// <summary>Where the hand-written pages of modules stand.</summary>
    public const string ModulePages = "docs/modules";

    internal const string Notice = "*Made from the code by `mm docs`; CI says when it is not true any more.*";
    private const string DiagramBegin = "<!-- drawn from the code by mm docs: CI says when it is not true any more -->\n";
    private const string DiagramEnd = "\n<!-- end of the drawing -->";

    /// <summary>Writes all pages.</summary>
    /// <param name="graph">The code. Contract files, payloads and settings are read below its root.</param>
    /// <returns>Texts by path, relative to the repository; lines end with one character.</returns>
    /// <exception cref="ArchitectureException">A file that pages are made of cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Write(CodeGraph graph)
    {
        var sources = new PageSources(graph, Conversations.Of(graph), new DocComments(graph));
        var pages = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{Folder}/README.md"] = OverviewPage.Write(sources),
            [$"{Folder}/events.md"] = EventCatalogue.Write(sources),
            [$"{Folder}/modules.svg"] = SvgFormat.Write(Diagrams.Modules(graph, sources.Conversations)),
        };
        foreach (var module in graph.Modules)
        {
            pages[$"{Folder}/{module.Name}.md"] = ModulePage.Write(sources, module);
            var path = $"{ModulePages}/{module.Name}.md";
            if (Read(graph.Root, path) is { } page && WithDiagram(page, MermaidFormat.OfModule(graph, sources.Conversations, module)) is { } drawn)
            {
                pages[path] = drawn;
            }
        }

        return pages;
    }

    /// <summary>Compares the pages with the files.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="pages">The pages as they should be.</param>
    /// <returns>What differs, by path; pages of modules that are gone included.</returns>
    public static IReadOnlyList<Drift> Compare(string root, IReadOnlyDictionary<string, string> pages) =>
        [.. pages.Select(pair => Differs(root, pair.Key, pair.Value)).OfType<Drift>().Concat(TooMany(root, pages).Select(static path => new Drift(path, 0, null, null))).OrderBy(static drift => drift.Path, StringComparer.Ordinal)];

    /// <summary>The generated pages of modules that are not there any more.</summary>
    public static IEnumerable<string> TooMany(string root, IReadOnlyDictionary<string, string> pages)
    {
        var folder = Path.Combine(root, Folder);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(static file => Path.GetExtension(file) is ".md" or ".svg").Select(static file => $"{Folder}/{Path.GetFileName(file)}").Where(path => !pages.ContainsKey(path)).Order(StringComparer.Ordinal)
            : [];
    }

    internal static string Link(Module module) => $"[{module.Folder}]({module.Name}.md)";

    private static string? Read(string root, string path) => File.Exists(Path.Combine(root, path)) ? File.ReadAllText(Path.Combine(root, path)) : null;

    private static string? WithDiagram(string page, string diagram)
    {
        var begin = page.IndexOf(DiagramBegin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : page.IndexOf(DiagramEnd, begin, StringComparison.Ordinal);
        return end < 0 ? null : page[..(begin + DiagramBegin.Length)] + diagram + page[end..];
    }

    private static Drift? Differs(string root, string path, string page)
    {
        if (Read(root, path) is not { } found)
        {
            return new Drift(path, 0, page, null);
        }

        var (expected, there) = (page.Split('\n'), found.ReplaceLineEndings("\n").Split('\n'));
        for (var i = 0; i < Math.Max(expected.Length, there.Length); i++)
        {
            if (i >= expected.Length || i >= there.Length || expected[i] != there[i])
            {
                return new Drift(path, i + 1, i < expected.Length ? expected[i] : null, i < there.Length ? there[i] : null);
            }
        }

        return null;
    }
}
