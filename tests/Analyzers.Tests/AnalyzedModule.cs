using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>A project of the module Ordering, compiled in memory with all analyzers, as the build tells them about it.</summary>
internal sealed class AnalyzedModule
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private const string GlobalUsingsFile = "GlobalUsings.g.cs";

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
        [.. Instances<DiagnosticAnalyzer>(typeof(Rules).Assembly)];

    private static readonly ImmutableArray<CodeFixProvider> Fixes = [.. Instances<CodeFixProvider>(typeof(CodeFixes.ModifierFix).Assembly)];

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.Parse);

    /// <summary>The project's name: Ordering is the slice, Ordering.Contracts what others see of it.</summary>
    public string Name { get; init; } = "Ordering";

    /// <summary>Whether the project refers to another module's Contracts.</summary>
    public bool SeesCatalogContracts { get; init; }

    /// <summary>Whether the project refers to another module's slice, which shows it its internals.</summary>
    public bool SeesCatalogSlice { get; init; }

    /// <summary>Whether the code may break the language's own rules, as it does while it is typed.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>What the build says of the project; null when it is no part of a module.</summary>
    public IReadOnlyDictionary<string, string>? Build { get; init; } = new Dictionary<string, string>
    {
        ["build_property.BoundaryModule"] = "Ordering",
        ["build_property.BoundaryModules"] = "Catalog=catalog|Ordering=ordering|Shelves=racks",
    };

    public static AnalyzedModule Slice { get; } = new();

    public static AnalyzedModule Contracts { get; } = new() { Name = "Ordering.Contracts" };

    /// <summary>All analyzers report exactly what is marked in the sources.</summary>
    public async Task ReportsAsync(params string[] sources)
    {
        var marked = sources.Select(MarkedSource.Parse).ToList();
        using var workspace = new AdhocWorkspace();
        var found = await FindAsync(Project(workspace, marked.Select(static source => source.Text)));
        var expected = marked.SelectMany((source, index) => source.Findings.Select(finding => Show(FileName(index), source.Text, finding.Id, finding.Span)));
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            found.Select(static finding => Show(finding.Location.SourceTree?.FilePath ?? "nowhere", finding.Location.SourceTree?.ToString() ?? string.Empty, finding.Id, finding.Location.SourceSpan)).Order(StringComparer.Ordinal));
    }

    /// <summary>The messages of what is found.</summary>
    public async Task<IReadOnlyList<string>> MessagesAsync(params string[] sources)
    {
        using var workspace = new AdhocWorkspace();
        return [.. (await FindAsync(Project(workspace, sources))).Select(static finding => finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The first fix of what is found by a rule turns the sources into others, which the rule finds nothing in.</summary>
    public async Task FixesAsync(DiagnosticDescriptor rule, string[] before, string[] after)
    {
        using var workspace = new AdhocWorkspace();
        var project = Project(workspace, before);
        var (document, action) = Assert.Single((await OffersAsync(project, rule)).Take(1));
        var operations = await action.GetOperationsAsync(CancellationToken.None);
        var changed = Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution.GetProject(document.Project.Id)!;

        var texts = new List<string>();
        foreach (var file in changed.Documents.Where(static file => file.Name != GlobalUsingsFile))
        {
            texts.Add((await file.GetTextAsync()).ToString());
        }

        Assert.Equal(string.Join("\n---\n", after), string.Join("\n---\n", texts));
        Assert.DoesNotContain(await FindAsync(changed), finding => finding.Id == rule.Id);
    }

    /// <summary>The titles of the fixes that are offered for what a rule finds.</summary>
    public async Task<IReadOnlyList<string>> OfferedAsync(DiagnosticDescriptor rule, params string[] sources)
    {
        using var workspace = new AdhocWorkspace();
        return [.. (await OffersAsync(Project(workspace, sources), rule)).Select(static offer => offer.Action.Title)];
    }

    /// <summary>Whatever there is of the source so far, no analyzer and no fix fails.</summary>
    /// <param name="source">A source, of which every beginning is looked at that is longer by a number of characters than the one before.</param>
    /// <param name="characters">This number.</param>
    /// <returns>The rules that were broken on the way.</returns>
    public async Task<IReadOnlySet<string>> SurvivesTypingAsync(string source, int characters)
    {
        using var workspace = new AdhocWorkspace();
        var found = new HashSet<string>();
        for (var length = characters; length < source.Length + characters; length += characters)
        {
            var project = Project(workspace, [source[..Math.Min(length, source.Length)]]);
            var findings = await FindAsync(project);
            foreach (var finding in findings)
            {
                Assert.True(finding.Id.StartsWith("MM", StringComparison.Ordinal), $"{finding} after {length} characters");
                found.Add(finding.Id);
            }

            foreach (var (_, action) in await OffersAsync(project, findings))
            {
                Assert.NotEmpty(await action.GetOperationsAsync(CancellationToken.None));
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<(Document Document, CodeAction Action)>> OffersAsync(Project project, DiagnosticDescriptor rule) =>
        await OffersAsync(project, (await FindAsync(project)).Where(finding => finding.Id == rule.Id));

    private static async Task<IReadOnlyList<(Document Document, CodeAction Action)>> OffersAsync(Project project, IEnumerable<Diagnostic> findings)
    {
        var offers = new List<(Document, CodeAction)>();
        foreach (var finding in findings)
        {
            foreach (var provider in Fixes.Where(provider => provider.FixableDiagnosticIds.Contains(finding.Id)))
            {
                var document = project.GetDocument(finding.Location.SourceTree)!;
                await provider.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => offers.Add((document, action)), CancellationToken.None));
            }
        }

        return offers;
    }

    private Project Project(AdhocWorkspace workspace, IEnumerable<string> sources)
    {
        var references = Neighbours.Platform.ToList();
        references.AddRange(SeesCatalogContracts ? [Neighbours.CatalogContracts] : []);
        references.AddRange(SeesCatalogSlice ? [Neighbours.CatalogSlice] : []);
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, Name, "ModularMonolith." + Name, LanguageNames.CSharp, parseOptions: Parsing, metadataReferences: references,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)));
        project = project.AddDocument(GlobalUsingsFile, GlobalUsings, filePath: GlobalUsingsFile).Project;
        return sources.Select(static (text, index) => (text, index)).Aggregate(
            project, static (project, file) => project.AddDocument(FileName(file.index), SourceText.From(file.text), filePath: FileName(file.index)).Project);
    }

    private async Task<ImmutableArray<Diagnostic>> FindAsync(Project project)
    {
        var compilation = (await project.GetCompilationAsync())!;
        Assert.True(IsUnfinished || compilation.GetDiagnostics().All(static found => found.Severity != DiagnosticSeverity.Error), string.Join('\n', compilation.GetDiagnostics()));
        var build = new Dictionary<string, string>(Build ?? new Dictionary<string, string>());
        if (build.Count > 0)
        {
            build["build_property.BoundaryPart"] = Name.EndsWith(".Contracts", StringComparison.Ordinal) ? "Contracts" : "Slice";
        }

        return await compilation.WithAnalyzers(Analyzers, new AnalyzerOptions([], new BuildOptions(build))).GetAnalyzerDiagnosticsAsync();
    }

    private static string FileName(int index) => $"File{index}.cs";

    private static string Show(string file, string text, string id, TextSpan span)
    {
        var start = SourceText.From(text).Lines.GetLinePosition(span.Start);
        return $"{file}({start.Line + 1},{start.Character + 1}): {id} '{text.Substring(span.Start, span.Length)}'";
    }

    private static IEnumerable<T> Instances<T>(Assembly assembly) => assembly.GetTypes().Where(static type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(T)))
        .Select(static type => (T)Activator.CreateInstance(type, nonPublic: true)!);

    private sealed class BuildOptions(Dictionary<string, string> values) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(values);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Values([]);

        private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
        }
    }
}
