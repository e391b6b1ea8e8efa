using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ModularMonolith.Analyzers.CodeFixes;

/// <summary>Makes types internal or sealed, and the methods that the store has to find public.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ModifierFix))]
[Shared]
internal sealed class ModifierFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds =>
        [Rules.ModuleTypesAreInternal.Id, Rules.StoreMarkersAreInternal.Id, Rules.ModuleTypesAreSealed.Id, Rules.EventMethodsArePublic.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } declaration
                || declaration is not (TypeDeclarationSyntax or EnumDeclarationSyntax or DelegateDeclarationSyntax or MethodDeclarationSyntax))
            {
                continue;
            }

            var modifier = diagnostic.Id == Rules.ModuleTypesAreSealed.Id ? "sealed" : diagnostic.Id == Rules.EventMethodsArePublic.Id ? "public" : "internal";
            var title = "Make it " + modifier;
            context.RegisterCodeFix(CodeAction.Create(title, cancellation => ChangeAsync(context.Document, declaration, modifier, cancellation), equivalenceKey: title), diagnostic);
        }
    }

    private static async Task<Solution> ChangeAsync(Document document, MemberDeclarationSyntax declaration, string modifier, CancellationToken cancellationToken)
    {
        var parts = new List<SyntaxNode> { declaration };
        // Parts of one type must not say different accessibilities; one that is sealed seals the others.
        if (modifier == "internal" && await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is { } model && model.GetDeclaredSymbol(declaration, cancellationToken) is { } symbol)
        {
            parts = [.. symbol.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken))];
        }

        var solution = document.Project.Solution;
        foreach (var file in parts.GroupBy(static part => part.SyntaxTree))
        {
            if (solution.GetDocument(file.Key) is { } written)
            {
                var text = await written.GetTextAsync(cancellationToken).ConfigureAwait(false);
                solution = solution.WithDocumentText(written.Id, text.WithChanges(file.Select(part => Change((MemberDeclarationSyntax)part, modifier))));
            }
        }

        return solution;
    }

    private static TextChange Change(MemberDeclarationSyntax declaration, string modifier)
    {
        if (modifier == "sealed")
        {
            var partial = declaration.Modifiers.FirstOrDefault(static token => token.IsKind(SyntaxKind.PartialKeyword));
            return new TextChange(new TextSpan((partial.IsKind(SyntaxKind.None) ? ((TypeDeclarationSyntax)declaration).Keyword : partial).SpanStart, 0), "sealed ");
        }

        var accessibility = declaration.Modifiers.Where(static token => token.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword).ToList();
        return accessibility.Count > 0
            ? new TextChange(TextSpan.FromBounds(accessibility[0].SpanStart, accessibility[accessibility.Count - 1].Span.End), modifier)
            : new TextChange(new TextSpan(FirstToken(declaration).SpanStart, 0), modifier + " ");
    }

    private static SyntaxToken FirstToken(MemberDeclarationSyntax declaration) =>
        declaration.AttributeLists.Count == 0 ? declaration.GetFirstToken() : declaration.AttributeLists[declaration.AttributeLists.Count - 1].GetLastToken().GetNextToken();
}
