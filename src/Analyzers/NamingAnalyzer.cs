using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Analyzers;

/// <summary>Names of types, of namespaces and of folders, and the manifest.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NamingAnalyzer : BoundaryAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.TypesSayWhatTheyDo, Rules.NamespacesFollowFolders, Rules.FoldersAreBusinessConcepts, Rules.ModuleHasManifest];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var manifest = context.Compilation.GetTypeByMetadataName("ModularMonolith.Platform.Modules.ModuleAttribute");
        var module = context.Compilation.GetTypeByMetadataName("ModularMonolith.Platform.Modules.IModule");
        context.RegisterSymbolAction(symbol => CheckType(symbol, place), SymbolKind.NamedType);
        // Another project in the module's folder has no manifest of its own.
        if (!place.IsContracts && context.Compilation.AssemblyName == place.SliceName)
        {
            var found = new Lazy<(ISymbol? At, string? What)>(() => Manifest(context.Compilation, manifest, module));
            context.RegisterSymbolAction(symbol => CheckManifest(symbol.Symbol, found.Value, place, symbol.ReportDiagnostic), SymbolKind.NamedType);
            // A module without both has no place for it.
            context.RegisterCompilationEndAction(end => CheckManifest(null, found.Value, place, end.ReportDiagnostic));
        }

        foreach (var found in Technical(context.Compilation, place))
        {
            context.RegisterSyntaxTreeAction(tree =>
            {
                if (tree.Tree == found.File)
                {
                    tree.ReportDiagnostic(Diagnostic.Create(
                        Rules.FoldersAreBusinessConcepts, Location.Create(found.File, new TextSpan(0, 0)), found.Folder, $"is named after the kind of class {found.Word}, not after a concept"));
                }
            });
        }
    }

    private static void CheckType(SymbolAnalysisContext context, ModulePlace place)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.IsImplicitlyDeclared)
        {
            return;
        }

        if (Hollow(type) is { } word)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.TypesSayWhatTheyDo, type.Locations[0], type.PlaceName(), $"is named {word}, which says nothing"));
        }

        if (type.ContainingType is null && place.Locate(type.Locations[0].SourceTree) is { } stands)
        {
            var expected = stands.Folders is null ? null : string.Join(".", stands.Folders.Prepend(context.Compilation.AssemblyName ?? string.Empty));
            var space = type.ContainingNamespace.IsGlobalNamespace ? string.Empty : type.ContainingNamespace.ToDisplayString();
            if (space != expected)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.NamespacesFollowFolders, type.Locations[0], type.FullName(), $"stands in {stands.Path}, which is {expected ?? "outside of its project"}"));
            }
        }
    }

    private static void CheckManifest(ISymbol? symbol, (ISymbol? At, string? What) found, ModulePlace place, Action<Diagnostic> report)
    {
        if (found.What is not null && SymbolEqualityComparer.Default.Equals(symbol, found.At))
        {
            report(Diagnostic.Create(Rules.ModuleHasManifest, symbol?.Locations[0] ?? Location.None, place.Folder, found.What));
        }
    }

    private static (ISymbol? At, string? What) Manifest(Compilation compilation, INamedTypeSymbol? manifest, INamedTypeSymbol? module)
    {
        var types = ModuleTypes.All(compilation.Assembly.GlobalNamespace).ToList();
        var classes = types.Where(type => type is { TypeKind: TypeKind.Class, IsAbstract: false } && type.IsA(module)).ToList();
        var carrier = types.Find(type => type.AttributeOf(manifest) is not null);
        var what = classes.Count != 1 || carrier is null ? $"has {classes.Count} module class(es) and {(carrier is null ? "no" : "a")} manifest"
            : carrier.AttributeOf(manifest) is not { } attribute || IsBlank(attribute, "Owner") || IsBlank(attribute, "Purpose") ? "names no owner or no purpose"
            : !SymbolEqualityComparer.Default.Equals(carrier, classes[0]) ? $"carries [Module] on {carrier.PlaceName()}, not on {classes[0].PlaceName()}"
            : null;
        return (carrier ?? classes.FirstOrDefault(), what);
    }

    private static bool IsBlank(AttributeData attribute, string argument) =>
        string.IsNullOrWhiteSpace(attribute.NamedArguments.FirstOrDefault(named => named.Key == argument).Value is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null);

    private static string? Hollow(INamedTypeSymbol type)
    {
        var words = PascalCase.Words(type.Name);
        if (words.Count == 0)
        {
            return null;
        }

        // BasePrice and BaseCurrency are concepts; BaseHandler is not.
        return HollowWords.IsEnding(words[^1]) ? words[^1]
            : type is { TypeKind: TypeKind.Class, IsAbstract: true, IsSealed: false, IsStatic: false } && words.Count > 1 && (words[0] == "Base" || words[^1] == "Base") ? "Base"
            : null;
    }

    // Each folder once, at the first of its files.
    private static IEnumerable<(SyntaxTree File, string Folder, string Word)> Technical(Compilation compilation, ModulePlace place)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in compilation.SyntaxTrees.OrderBy(static tree => tree.FilePath, StringComparer.Ordinal))
        {
            if (place.Locate(file) is not { Folders: { Length: > 0 } folders } stands)
            {
                continue;
            }

            for (var depth = 0; depth < folders.Length; depth++)
            {
                var folder = string.Join("/", stands.Path.Split('/').Take(depth + 4));
                if (HollowWords.IsKind(folders[depth]) && seen.Add(folder))
                {
                    yield return (file, folder, folders[depth]);
                }
            }
        }
    }
}
