using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace ModularMonolith.Analyzers.CodeFixes;

/// <summary>Puts the type of the same name in the other module's Contracts in the place of one of its slice.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ContractsTypeFix))]
[Shared]
internal sealed class ContractsTypeFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.ModuleReferences.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(ReferenceAnalyzer.ContractsType, out var published) && published is not null
                && root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is IdentifierNameSyntax { Identifier.ValueText: not "var" } name)
            {
                var title = "Use " + published;
                context.RegisterCodeFix(CodeAction.Create(title, cancellation => ReplaceAsync(context.Document, name, published, cancellation), equivalenceKey: title), diagnostic);
            }
        }
    }

    private static async Task<Document> ReplaceAsync(Document document, IdentifierNameSyntax name, string published, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        if (editor.SemanticModel.Compilation.GetTypeByMetadataName(published) is not { } type)
        {
            return document;
        }

        // Namespace.Type is replaced as a whole; of Type.Member only the type.
        SyntaxNode whole = name;
        while ((whole.Parent is QualifiedNameSyntax qualified && qualified.Right == whole) || (whole.Parent is MemberAccessExpressionSyntax access && access.Name == whole) || whole.Parent is AliasQualifiedNameSyntax)
        {
            whole = whole.Parent;
        }

        editor.ReplaceNode(whole, editor.Generator.TypeExpression(type, addImport: true).WithTriviaFrom(whole).WithAdditionalAnnotations(Simplifier.Annotation));
        return editor.GetChangedDocument();
    }
}
