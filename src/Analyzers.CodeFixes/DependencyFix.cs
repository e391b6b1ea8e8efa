using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModularMonolith.Analyzers.CodeFixes;

/// <summary>Adds a module to DependsOn of the manifest.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DependencyFix))]
[Shared]
internal sealed class DependencyFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.ManifestNamesDependencies.Id];

    // Each place that uses a module would add it once more, so they are not fixed all at once: one fix serves all of them.
    public override FixAllProvider? GetFixAllProvider() => null;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(ReferenceAnalyzer.Dependency, out var dependency) && dependency is not null)
            {
                var title = $"Add '{dependency}' to DependsOn of the module";
                context.RegisterCodeFix(CodeAction.Create(title, cancellation => AddAsync(context.Document.Project, dependency, cancellation), equivalenceKey: title), diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    private static async Task<Solution> AddAsync(Project project, string dependency, CancellationToken cancellationToken)
    {
        var compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
        if (compilation is null || Manifest.Find(compilation, cancellationToken)?.Syntax is not { } written || project.GetDocument(written.SyntaxTree) is not { } document)
        {
            return project.Solution;
        }

        var attribute = (AttributeSyntax)await written.GetSyntaxAsync(cancellationToken).ConfigureAwait(false);
        var root = await written.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false);
        return project.Solution.WithDocumentSyntaxRoot(document.Id, root.ReplaceNode(attribute, WithDependency(attribute, dependency)));
    }

    private static AttributeSyntax WithDependency(AttributeSyntax attribute, string dependency)
    {
        var literal = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(dependency));
        var named = attribute.ArgumentList?.Arguments.FirstOrDefault(static argument => argument.NameEquals?.Name.Identifier.ValueText == "DependsOn");
        switch (named?.Expression)
        {
            case CollectionExpressionSyntax list:
                return attribute.ReplaceNode(list, list.WithElements(Insert(list.Elements, SyntaxFactory.ExpressionElement(literal), dependency)));
            case ImplicitArrayCreationExpressionSyntax { Initializer: var items }:
                return attribute.ReplaceNode(items, items.WithExpressions(Insert(items.Expressions, literal, dependency)));
            case ArrayCreationExpressionSyntax { Initializer: { } items }:
                return attribute.ReplaceNode(items, items.WithExpressions(Insert(items.Expressions, literal, dependency)));
            case null:
                var list2 = SyntaxFactory.CollectionExpression(SyntaxFactory.SingletonSeparatedList<CollectionElementSyntax>(SyntaxFactory.ExpressionElement(literal)));
                var argument = SyntaxFactory.AttributeArgument(SyntaxFactory.NameEquals(SyntaxFactory.IdentifierName("DependsOn").WithTrailingTrivia(SyntaxFactory.Space)), nameColon: null, list2.WithLeadingTrivia(SyntaxFactory.Space));
                var arguments = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
                return attribute.WithArgumentList(arguments.WithArguments(Append(arguments.Arguments, argument)));
            default:
                return attribute;
        }
    }

    // In its place where the names are sorted: before the first one that is greater.
    private static SeparatedSyntaxList<T> Insert<T>(SeparatedSyntaxList<T> items, T item, string dependency)
        where T : SyntaxNode
    {
        var before = items.IndexOf(other => string.CompareOrdinal(other.GetFirstToken().ValueText, dependency) > 0);
        if (before < 0)
        {
            return Append(items, item);
        }

        var next = items[before];
        var separators = items.GetSeparators().ToList();
        separators.Insert(before, SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space));
        var nodes = items.Replace(next, next.WithLeadingTrivia()).ToList();
        nodes.Insert(before, item.WithLeadingTrivia(next.GetLeadingTrivia()));
        return SyntaxFactory.SeparatedList(nodes, separators);
    }

    private static SeparatedSyntaxList<T> Append<T>(SeparatedSyntaxList<T> items, T item)
        where T : SyntaxNode
    {
        if (items.Count == 0)
        {
            return items.Add(item);
        }

        var separators = items.GetSeparators().ToList();
        var nodes = items.ToList();
        // A list that is written on lines of its own goes on in the next line; one that ends with a comma has it already.
        var last = nodes[nodes.Count - 1];
        if (separators.Count < nodes.Count)
        {
            separators.Add(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(last.GetLeadingTrivia().Any() ? SyntaxFactory.ElasticMarker : SyntaxFactory.Space));
        }

        nodes.Add(item);
        return SyntaxFactory.SeparatedList(nodes, separators);
    }
}
