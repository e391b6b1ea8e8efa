using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>Services of other modules that are injected. Which classes another module registers only the engine knows; an interface of its own with methods, which is no message, is a service.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ServiceAnalyzer : BoundaryAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.ServicesStayInTheirModule];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        // Without another module there is nobody's service.
        if (!context.Compilation.SourceModule.ReferencedAssemblySymbols.Any(assembly => place.OtherOwnerOf(assembly.Name) is not null))
        {
            return;
        }

        var code = new Code(place, context.Compilation.GetTypeByMetadataName("MediatR.IBaseRequest"), context.Compilation.GetTypeByMetadataName("ModularMonolith.Platform.Contracts.IIntegrationEvent"));
        context.RegisterSymbolAction(code.CheckMethod, SymbolKind.Method);
        context.RegisterOperationAction(code.CheckCall, OperationKind.Invocation);
    }

    private sealed class Code(ModulePlace place, INamedTypeSymbol? request, INamedTypeSymbol? integrationEvent)
    {
        public void CheckMethod(SymbolAnalysisContext context)
        {
            var method = (IMethodSymbol)context.Symbol;
            if (method.IsImplicitlyDeclared || (method.MethodKind == MethodKind.Constructor && method.ContainingType.IsRecord))
            {
                return;
            }

            foreach (var parameter in method.Parameters)
            {
                foreach (var part in Flatten(parameter.Type))
                {
                    if (OwnerOf(part) is { } owner)
                    {
                        var shown = part.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
                        context.ReportDiagnostic(Diagnostic.Create(Rules.ServicesStayInTheirModule, parameter.Locations.FirstOrDefault() ?? method.Locations[0], method.PlaceName(), $"injects {shown}, a service of {owner}"));
                    }
                }
            }
        }

        // What the parameters of lambdas are shows in what is done with them.
        public void CheckCall(OperationAnalysisContext context)
        {
            if (((IInvocationOperation)context.Operation).Instance is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction }, Type: INamedTypeSymbol type } instance
                && OwnerOf(type) is { } owner)
            {
                var shown = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
                context.ReportDiagnostic(Diagnostic.Create(Rules.ServicesStayInTheirModule, instance.Syntax.GetLocation(), context.ContainingSymbol.CodeName(), $"uses {shown}, a service of {owner}"));
            }
        }

        private string? OwnerOf(INamedTypeSymbol type) =>
            type.TypeKind == TypeKind.Interface && place.OtherOwnerOf(type.ContainingAssembly?.Name) is { } owner && !type.IsA(request) && !type.IsA(integrationEvent)
            && type.GetMembers().OfType<IMethodSymbol>().Any(static method => method is { MethodKind: MethodKind.Ordinary, IsAbstract: true, IsStatic: false })
                ? owner : null;

        private static IEnumerable<INamedTypeSymbol> Flatten(ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => Flatten(array.ElementType),
            INamedTypeSymbol named => named.TypeArguments.SelectMany(Flatten).Prepend(named),
            _ => [],
        };
    }
}
