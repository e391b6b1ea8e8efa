using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ModularMonolith.Analyzers.CodeFixes;

/// <summary>Puts the type of the same name in the other module's Contracts in the place of one of its slice, everywhere in the file.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ContractsTypeFix))]
[Shared]
internal sealed class ContractsTypeFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.ModuleReferences.Id];

    // One fix serves all places of a file.
    public override FixAllProvider? GetFixAllProvider() => null;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(ReferenceAnalyzer.ContractsType, out var published) && published is not null
                && root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is IdentifierNameSyntax name && published.EndsWith("." + name.Identifier.ValueText, StringComparison.Ordinal))
            {
                var title = "Use " + published;
                context.RegisterCodeFix(CodeAction.Create(title, cancellation => ReplaceAsync(context.Document, name, published, cancellation), equivalenceKey: title), diagnostic);
            }
        }
    }

    private static async Task<Document> ReplaceAsync(Document document, IdentifierNameSyntax name, string published, CancellationToken cancellationToken)
    {
        if (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is not { } model
            || await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false) is not CompilationUnitSyntax root || TypeOf(model, name, cancellationToken) is not { } type)
        {
            return document;
        }

        var used = root.DescendantNodes().OfType<SimpleNameSyntax>().Select(node => (Node: node, Type: TypeOf(model, node, cancellationToken)))
            .Where(use => use.Type is not null && SymbolEqualityComparer.Default.Equals(use.Type.ContainingNamespace, type.ContainingNamespace)).ToList();
        // The simple name is enough where no other type has it, and where the slice's namespace can go.
        var isSimple = used.All(use => SymbolEqualityComparer.Default.Equals(use.Type, type))
            && model.LookupNamespacesAndTypes(name.SpanStart, name: type.Name).All(found => SymbolEqualityComparer.Default.Equals(found, type) || found.ToDisplayString() == published);
        var changes = used.Where(use => SymbolEqualityComparer.Default.Equals(use.Type, type) && use.Node.Identifier.ValueText == type.Name)
            .Select(use => new TextChange(Whole(use.Node).Span, isSimple && use.Node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null ? type.Name : published)).ToList();
        var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        if (isSimple)
        {
            changes.AddRange(Imports(root, type.ContainingNamespace.ToDisplayString(), published.Substring(0, published.LastIndexOf('.')), text));
        }

        return document.WithText(text.WithChanges(changes.OrderBy(static change => change.Span.Start)));
    }

    // The slice's namespace makes room for that of the Contracts.
    private static IEnumerable<TextChange> Imports(CompilationUnitSyntax root, string slice, string contracts, SourceText text)
    {
        var imports = root.Usings.Where(static import => import is { Alias: null, Name: not null } && import.StaticKeyword.IsKind(SyntaxKind.None)).ToList();
        var old = imports.FirstOrDefault(import => import.Name!.ToString() == slice);
        var isImported = imports.Exists(import => import.Name!.ToString() == contracts);
        if (old is not null)
        {
            return [isImported ? new TextChange(TextSpan.FromBounds(old.SpanStart, old.FullSpan.End), string.Empty) : new TextChange(old.Name!.Span, contracts)];
        }

        if (isImported)
        {
            return [];
        }

        var line = text.Lines[0] is { EndIncludingLineBreak: var end } first && end - first.End == 2 ? "\r\n" : "\n";
        var next = imports.FirstOrDefault(import => import.Name!.ToString() is var other && !IsOfSystem(other) && string.CompareOrdinal(other, contracts) > 0);
        return next is not null ? [new TextChange(new TextSpan(next.SpanStart, 0), $"using {contracts};{line}")]
            : imports.Count > 0 ? [new TextChange(new TextSpan(imports[imports.Count - 1].FullSpan.End, 0), $"using {contracts};{line}")]
            : [new TextChange(new TextSpan(root.GetFirstToken().SpanStart, 0), $"using {contracts};{line}{line}")];
    }

    private static bool IsOfSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);

    // What is not accessible is still meant.
    private static INamedTypeSymbol? TypeOf(SemanticModel model, SimpleNameSyntax name, CancellationToken cancellationToken)
    {
        var found = model.GetSymbolInfo(name, cancellationToken);
        return (found.Symbol ?? found.CandidateSymbols.FirstOrDefault()) switch
        {
            INamedTypeSymbol type => type.OriginalDefinition,
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType.OriginalDefinition,
            _ => null,
        };
    }

    // Namespace.Type is replaced as a whole; of Type.Member only the type.
    private static SyntaxNode Whole(SyntaxNode name)
    {
        while ((name.Parent is QualifiedNameSyntax qualified && qualified.Right == name) || (name.Parent is MemberAccessExpressionSyntax access && access.Name == name) || name.Parent is AliasQualifiedNameSyntax)
        {
            name = name.Parent;
        }

        return name;
    }
}
