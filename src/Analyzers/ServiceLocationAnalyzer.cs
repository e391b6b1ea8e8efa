using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>
/// Services that code takes out of the container by itself. It is legal where a module registers its services, in what the host starts by itself, in a singleton that opens a scope for what lives
/// shorter than it does, and in a class that says why. A service of another module is nobody's to take.
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

    private static readonly string[] RegistrationParameters = ["Microsoft.Extensions.DependencyInjection.IServiceCollection", "ModularMonolith.Platform.Modules.ModuleBuilder"];

    private static readonly string[] Started = ["ModularMonolith.Platform.Modules.IModule", "Microsoft.Extensions.Hosting.IHostedService"];

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
        private readonly ImmutableHashSet<INamedTypeSymbol> _registration = Find(compilation, RegistrationParameters);
        private readonly ImmutableHashSet<INamedTypeSymbol> _started = Find(compilation, Started);
        private readonly INamedTypeSymbol? _reason = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Modules.LocatesServicesAttribute");
        private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _legal = new(SymbolEqualityComparer.Default);
        private readonly Lazy<HashSet<string>> _singletons = new(() => Singletons(compilation));

        public void Check(OperationAnalysisContext context)
        {
            var call = (IInvocationOperation)context.Operation;
            if (!_locators.Contains(call.TargetMethod.ContainingType) || call.TargetMethod.Name is "CreateScope" or "CreateAsyncScope")
            {
                return;
            }

            var services = call.TargetMethod.TypeArguments.IsEmpty ? [.. call.TypesInStatement()] : call.TargetMethod.TypeArguments;
            var owner = services.SelectMany(Flatten).Select(type => place.OtherOwnerOf(type.ContainingAssembly?.Name)).FirstOrDefault(static found => found is not null);
            var what = owner is not null ? $"fetches {Shown(services[0])} of {owner} from the container"
                : services.IsEmpty || services.Any(static type => type is ITypeParameterSymbol) ? "fetches from the container what only the running program knows"
                : IsLegal(context.ContainingSymbol) ? null
                : $"fetches {Shown(services[0])} from the container";
            if (what is not null)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.NoServiceLocation, NameOf(call).GetLocation(), context.ContainingSymbol.CodeName(), what));
            }
        }

        private static string Shown(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

        private static IEnumerable<ITypeSymbol> Flatten(ITypeSymbol type) => type is INamedTypeSymbol named ? named.TypeArguments.SelectMany(Flatten).Prepend(type) : [type];

        private bool IsLegal(ISymbol member)
        {
            var outermost = member.ContainingType;
            while (outermost?.ContainingType is { } around)
            {
                outermost = around;
            }

            return outermost is not null && (_legal.GetOrAdd(outermost, IsLegalType) || (_singletons.Value.Contains(outermost.Name) && OpensScope(member)));
        }

        private bool IsLegalType(INamedTypeSymbol type) => ModuleTypes.All(type).Prepend(type).Any(part =>
            part.AttributeOf(_reason) is not null || _started.Any(part.IsA)
            || part.GetMembers().OfType<IMethodSymbol>().Any(method => method.Parameters.Any(parameter => parameter.Type is INamedTypeSymbol taken && _registration.Contains(taken))));

        private static bool OpensScope(ISymbol member) => member.DeclaringSyntaxReferences.Any(static declared =>
            declared.GetSyntax().DescendantNodes().OfType<SimpleNameSyntax>().Any(static name => name.Identifier.ValueText is "CreateScope" or "CreateAsyncScope"));

        // By the names that are written: AddSingleton<IClock, Clock> registers Clock.
        private static HashSet<string> Singletons(Compilation compilation) => [.. compilation.SyntaxTrees.SelectMany(static tree => tree.GetRoot().DescendantNodes()).OfType<GenericNameSyntax>()
            .Where(static name => name.Identifier.ValueText is "AddSingleton" or "TryAddSingleton" && name.TypeArgumentList.Arguments.Count > 0)
            .Select(static name => name.TypeArgumentList.Arguments.Last().ToString()).Select(static name => name.Substring(name.LastIndexOf('.') + 1))];

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
