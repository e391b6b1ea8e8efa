using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>What others can see of a module, and which of its members the store has to see.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class TypeAnalyzer : BoundaryAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        [Rules.ModuleTypesAreInternal, Rules.ModuleTypesAreSealed, Rules.StoreMarkersAreInternal, Rules.EventMethodsArePublic];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        if (context.Compilation.GetTypeByMetadataName("Marten.IDocumentStore") is { } store)
        {
            context.RegisterSymbolAction(symbol => CheckMarker(symbol, store), SymbolKind.NamedType);
        }

        if (!place.IsContracts)
        {
            context.RegisterSymbolAction(CheckType, SymbolKind.NamedType);
            context.RegisterSymbolAction(CheckMethod, SymbolKind.Method);
        }
    }

    private static void CheckType(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type is { DeclaredAccessibility: Accessibility.Public, ContainingType: null })
        {
            Report(context, Rules.ModuleTypesAreInternal, "is public");
        }

        if (type is { TypeKind: TypeKind.Class, IsAbstract: false, IsStatic: false, IsSealed: false, IsImplicitlyDeclared: false })
        {
            Report(context, Rules.ModuleTypesAreSealed, "is neither sealed nor abstract");
        }
    }

    private static void CheckMarker(SymbolAnalysisContext context, INamedTypeSymbol store)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind == TypeKind.Interface && IsVisible(type) && type.IsA(store))
        {
            Report(context, Rules.StoreMarkersAreInternal, "is public");
        }
    }

    private static void CheckMethod(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        var appliesEvents = method.MethodKind == MethodKind.Ordinary
            && (method.Name is "Apply" or "ShouldDelete" || (method.Name == "Create" && SymbolEqualityComparer.Default.Equals(method.ReturnType, method.ContainingType)));
        if (appliesEvents && method.DeclaredAccessibility != Accessibility.Public)
        {
            Report(context, Rules.EventMethodsArePublic, "is not public");
        }
    }

    private static bool IsVisible(INamedTypeSymbol type)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (current.DeclaredAccessibility != Accessibility.Public)
            {
                return false;
            }
        }

        return true;
    }

    private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, context.Symbol.Locations[0], context.Symbol is INamedTypeSymbol type ? type.FullName() : context.Symbol.PlaceName(), what));
}
