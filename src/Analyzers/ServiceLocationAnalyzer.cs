using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>
/// Services that code takes out of the container by itself. Where a module registers its services, factories have no other way. Outside of use cases a class may ask for a type of its own
/// module, which some callbacks of frameworks need, and for anything in a scope that it has opened itself. A service of another module is nobody's to take.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ServiceLocationAnalyzer : BoundaryAnalyzer
{
    private static readonly string[] Locators =
    [
        "System.IServiceProvider", "Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions", "Microsoft.Extensions.DependencyInjection.IKeyedServiceProvider",
        "Microsoft.Extensions.DependencyInjection.ServiceProviderKeyedServiceExtensions", "Microsoft.Extensions.DependencyInjection.ISupportRequiredService",
        "Microsoft.Extensions.DependencyInjection.ActivatorUtilities",
    ];

    private static readonly string[] Scopes = ["Microsoft.Extensions.DependencyInjection.IServiceScope", "Microsoft.Extensions.DependencyInjection.AsyncServiceScope"];

    private static readonly string[] RegistrationParameters = ["Microsoft.Extensions.DependencyInjection.IServiceCollection", "ModularMonolith.Platform.Modules.ModuleBuilder"];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.NoServiceLocation];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        if (!place.IsContracts)
        {
            var code = new Code(context.Compilation, place);
            context.RegisterOperationAction(code.Check, OperationKind.Invocation);
        }
    }

    private sealed class Code(Compilation compilation, ModulePlace place)
    {
        private readonly ImmutableHashSet<INamedTypeSymbol> _locators = Find(compilation, Locators);
        private readonly ImmutableHashSet<INamedTypeSymbol> _scopes = Find(compilation, Scopes);
        private readonly ImmutableHashSet<INamedTypeSymbol> _registration = Find(compilation, RegistrationParameters);
        private readonly INamedTypeSymbol? _module = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Modules.IModule");
        private readonly UseCases _useCases = UseCases.In(compilation);

        public void Check(OperationAnalysisContext context)
        {
            var call = (IInvocationOperation)context.Operation;
            if (!_locators.Contains(call.TargetMethod.ContainingType) || call.TargetMethod.Name is "CreateScope" or "CreateAsyncScope")
            {
                return;
            }

            var service = ServiceOf(call);
            var owner = place.OtherOwnerOf(service?.ContainingAssembly?.Name);
            if (owner is not null || !(IsRegistration(context.ContainingSymbol) || (!_useCases.Contain(context.ContainingSymbol.ContainingType) && (IsOwn(service) || IsFromOwnScope(call)))))
            {
                var name = service?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) ?? "a service";
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.NoServiceLocation, NameOf(call).GetLocation(), context.ContainingSymbol.PlaceName(), $"fetches {name}{(owner is null ? string.Empty : " of " + owner)} from the container"));
            }
        }

        // The code that puts the module together: its module class, and what is given the services to add to.
        private bool IsRegistration(ISymbol member)
        {
            for (var current = member; current is IMethodSymbol method; current = current.ContainingSymbol)
            {
                if (method.Parameters.Any(parameter => parameter.Type is INamedTypeSymbol type && _registration.Contains(type)))
                {
                    return true;
                }
            }

            return member.ContainingType is { } around && around.IsA(_module);
        }

        private bool IsOwn(ITypeSymbol? service) =>
            service?.ContainingAssembly is { } assembly && (SymbolEqualityComparer.Default.Equals(assembly, compilation.Assembly) || assembly.Name == place.ContractsName);

        private bool IsFromOwnScope(IInvocationOperation call) =>
            Strip(call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is IPropertyReferenceOperation { Property: { Name: "ServiceProvider" } property } && _scopes.Contains(property.ContainingType);

        // The type argument, the type in typeof, or, of several of them, what they are.
        private static ITypeSymbol? ServiceOf(IInvocationOperation call)
        {
            var service = call.TargetMethod.TypeArguments.FirstOrDefault() ?? call.Arguments.Select(static argument => Strip(argument.Value)).OfType<ITypeOfOperation>().FirstOrDefault()?.TypeOperand;
            return service is INamedTypeSymbol { Name: "IEnumerable", TypeArguments.Length: 1 } several ? several.TypeArguments[0] : service;
        }

        private static IOperation? Strip(IOperation? operation)
        {
            while (operation is IConversionOperation conversion)
            {
                operation = conversion.Operand;
            }

            return operation;
        }

        private static SyntaxNode NameOf(IInvocationOperation call) => call.Syntax is InvocationExpressionSyntax { Expression: var expression }
            ? expression switch
            {
                MemberAccessExpressionSyntax access => access.Name,
                MemberBindingExpressionSyntax binding => binding.Name,
                _ => expression,
            }
            : call.Syntax;

        private static ImmutableHashSet<INamedTypeSymbol> Find(Compilation compilation, string[] names) =>
            names.Select(compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>().ToImmutableHashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
    }
}
