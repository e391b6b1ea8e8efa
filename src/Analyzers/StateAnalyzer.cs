using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>State that all requests would share, and methods that nobody can wait for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StateAnalyzer : BoundaryAnalyzer
{
    private static readonly string[] MutableCollections =
    [
        "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.Queue`1",
        "System.Collections.Generic.Stack`1", "System.Collections.Generic.SortedDictionary`2", "System.Collections.Concurrent.ConcurrentDictionary`2",
        "System.Collections.Concurrent.ConcurrentBag`1", "System.Collections.Concurrent.ConcurrentQueue`1",
    ];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.NoStaticMutableState, Rules.NoAsyncVoid];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var collections = MutableCollections.Select(context.Compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>().ToImmutableHashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        context.RegisterSymbolAction(symbol => CheckField(symbol, collections), SymbolKind.Field);
        context.RegisterSymbolAction(symbol => CheckProperty(symbol, collections), SymbolKind.Property);
        context.RegisterSymbolAction(CheckEvent, SymbolKind.Event);
        context.RegisterSymbolAction(static symbol => CheckMethod(symbol.ReportDiagnostic, (IMethodSymbol)symbol.Symbol), SymbolKind.Method);
        context.RegisterOperationAction(
            static operation => CheckMethod(operation.ReportDiagnostic, ((ILocalFunctionOperation)operation.Operation).Symbol), OperationKind.LocalFunction);
        context.RegisterOperationAction(
            static operation => CheckMethod(operation.ReportDiagnostic, ((IAnonymousFunctionOperation)operation.Operation).Symbol), OperationKind.AnonymousFunction);
    }

    private static void CheckField(SymbolAnalysisContext context, ImmutableHashSet<INamedTypeSymbol> collections)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (field is { IsStatic: true, IsConst: false, IsImplicitlyDeclared: false } && (!field.IsReadOnly || IsCollection(field.Type, collections)))
        {
            Report(context);
        }
    }

    // The field behind a property that computes what it returns does not exist.
    private static void CheckProperty(SymbolAnalysisContext context, ImmutableHashSet<INamedTypeSymbol> collections)
    {
        var property = (IPropertySymbol)context.Symbol;
        if (property is { IsStatic: true, IsAbstract: false }
            && property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
            && (property.SetMethod is { IsInitOnly: false } || IsCollection(property.Type, collections)))
        {
            Report(context);
        }
    }

    private static void CheckEvent(SymbolAnalysisContext context)
    {
        if (context.Symbol is IEventSymbol { IsStatic: true, IsAbstract: false, AddMethod.IsImplicitlyDeclared: true })
        {
            Report(context);
        }
    }

    private static void CheckMethod(Action<Diagnostic> report, IMethodSymbol method)
    {
        if (method is { IsAsync: true, ReturnsVoid: true })
        {
            report(Diagnostic.Create(Rules.NoAsyncVoid, method.Locations[0], method.PlaceName(), method.MethodKind == MethodKind.AnonymousFunction ? "has an async lambda that returns nothing" : "is async void"));
        }
    }

    private static bool IsCollection(ITypeSymbol type, ImmutableHashSet<INamedTypeSymbol> collections) => type.OriginalDefinition is INamedTypeSymbol named && collections.Contains(named);

    private static void Report(SymbolAnalysisContext context) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.NoStaticMutableState, context.Symbol.Locations[0], context.Symbol.PlaceName(), "is static and can change"));
}
