using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModularMonolith.Analyzers.CodeFixes;

/// <summary>Takes the time, and the time in ids, from the TimeProvider that is at hand: a parameter, a parameter of the primary constructor, a field or a property.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TimeProviderFix))]
[Shared]
internal sealed class TimeProviderFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [Rules.TimeComesFromTimeProvider.Id, Rules.IdsAreVersion7.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root is null || model is null || root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<ExpressionSyntax>() is not { } read
                || Whole(read) is not { } whole || model.GetSymbolInfo(read, context.CancellationToken).Symbol is not { } member || TimeProviderAt(model, whole) is not { } time
                || Replacement(member, time) is not { } text)
            {
                continue;
            }

            var title = "Use " + text;
            context.RegisterCodeFix(
                CodeAction.Create(
                    title,
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(whole, SyntaxFactory.ParseExpression(text).WithTriviaFrom(whole)))),
                    equivalenceKey: nameof(TimeProviderFix)),
                diagnostic);
        }
    }

    // A property is read, a method called; a method that is only named is not replaced.
    private static ExpressionSyntax? Whole(ExpressionSyntax read)
    {
        var name = read.Parent is MemberAccessExpressionSyntax access && access.Name == read ? access : read;
        return name.Parent is InvocationExpressionSyntax call && call.Expression == name ? call
            : name is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "NewGuid" or "CreateVersion7" } or IdentifierNameSyntax { Identifier.ValueText: "NewGuid" or "CreateVersion7" } ? null
            : name;
    }

    // What is not here needs more than another expression: a parameter, or a timer of its own.
    private static string? Replacement(ISymbol member, string time) => (member.ContainingType.Name, member.Name) switch
    {
        ("Guid", _) => $"Guid.CreateVersion7({time}.GetUtcNow())",
        ("DateTime", "UtcNow") => time + ".GetUtcNow().UtcDateTime",
        ("DateTime", "Now") => time + ".GetLocalNow().DateTime",
        ("DateTime", "Today") => time + ".GetLocalNow().Date",
        ("DateTimeOffset", "UtcNow") => time + ".GetUtcNow()",
        ("DateTimeOffset", "Now") => time + ".GetLocalNow()",
        ("TimeProvider", "System") => time,
        _ => null,
    };

    // What is nearest comes first.
    private static string? TimeProviderAt(SemanticModel model, ExpressionSyntax place)
    {
        var enclosing = model.GetEnclosingSymbol(place.SpanStart);
        var found = from symbol in model.LookupSymbols(place.SpanStart)
                    let type = symbol switch
                    {
                        ILocalSymbol local => local.Type,
                        IParameterSymbol parameter => parameter.Type,
                        IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
                        IPropertySymbol property => property.Type,
                        _ => null,
                    }
                    where type is { Name: "TimeProvider", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }
                    where symbol is not ILocalSymbol local || local.Locations[0].SourceSpan.End < place.SpanStart
                    where IsReachable(symbol, enclosing)
                    orderby symbol switch { ILocalSymbol => 0, IParameterSymbol => 1, IFieldSymbol => 2, _ => 3 }, symbol.Name
                    where model.GetSpeculativeSymbolInfo(place.SpanStart, SyntaxFactory.IdentifierName(symbol.Name), SpeculativeBindingOption.BindAsExpression).Symbol is not null
                    select symbol.Name;
        return found.FirstOrDefault();
    }

    // From something static only what is its own, or static too; from the initial value of a field or property nothing of the object but the parameters that it is made with.
    private static bool IsReachable(ISymbol symbol, ISymbol? enclosing)
    {
        for (var current = enclosing; current is not (null or INamedTypeSymbol); current = current.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(current, symbol.ContainingSymbol))
            {
                return true;
            }

            if (current.IsStatic || (current is IFieldSymbol or IPropertySymbol && symbol is IFieldSymbol or IPropertySymbol))
            {
                return symbol.IsStatic;
            }
        }

        return true;
    }
}
