using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>Where the parts of a use case stand, what they look like and what they are called.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class UseCaseAnalyzer : BoundaryAnalyzer
{
    // The version in If-Match is compared and never stored; the platform has read it already.
    private const string ExpectedVersion = "ExpectedVersion";

    private static readonly Regex SubscriptionName = new("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
    [
        Rules.UseCasesStandInSlices, Rules.UseCasesAreNamed, Rules.EndpointsHaveNoConstructorParameters, Rules.EventsAreContracts, Rules.EventNamesAreUnique, Rules.SubscriptionsAreNamed,
        Rules.RequestsHaveOneHandler, Rules.CommandsAreValidated, Rules.OneRequestPerFile, Rules.ReactionsHaveTheirFile,
    ];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var code = new Code(context.Compilation, place);
        context.RegisterSymbolAction(code.Check, SymbolKind.NamedType);
        if (!place.IsContracts)
        {
            // A request of the Contracts has no place in this project.
            context.RegisterCompilationEndAction(code.CheckContracts);
        }
    }

    private sealed class Code
    {
        private readonly Compilation _compilation;
        private readonly ModulePlace _place;
        private readonly UseCases _cases;
        private readonly INamedTypeSymbol? _store;
        private readonly INamedTypeSymbol? _eventName;
        private readonly INamedTypeSymbol? _subscription;
        private readonly INamedTypeSymbol? _processes;
        private readonly Lazy<ModuleTypes> _types;

        public Code(Compilation compilation, ModulePlace place)
        {
            _compilation = compilation;
            _place = place;
            _cases = UseCases.In(compilation);
            _store = compilation.GetTypeByMetadataName("Marten.IDocumentStore");
            _eventName = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Contracts.EventNameAttribute");
            _subscription = compilation.GetTypeByMetadataName("ModularMonolith.Platform.IntegrationLog.SubscriptionAttribute");
            _processes = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Processes.IProcesses`2");
            _types = new Lazy<ModuleTypes>(() => new ModuleTypes(compilation, _cases, _eventName, _subscription));
        }

        public void Check(SymbolAnalysisContext context)
        {
            var type = (INamedTypeSymbol)context.Symbol;
            if (type.AllInterfaces.IsEmpty || type.IsImplicitlyDeclared)
            {
                return;
            }

            var role = type is { TypeKind: TypeKind.Class, IsAbstract: false } ? _cases.RoleOf(type) : null;
            if (role is not null && Shape(type) is { } shape)
            {
                Report(context, Rules.UseCasesStandInSlices, $"is {role} and {shape}");
            }

            if (Endings(type, role) is { } ends && !(ends.Any(end => type.Name.EndsWith(end, StringComparison.Ordinal)) && (type.TypeKind != TypeKind.Interface || type.Name.StartsWith('I'))))
            {
                Report(context, Rules.UseCasesAreNamed, $"does not end with {ends[0]}");
            }

            if (_cases.IsEvent(type) && type.TypeKind != TypeKind.Interface)
            {
                CheckEvent(context, type);
            }

            if (!_place.IsContracts)
            {
                CheckSlice(context, type);
            }
        }

        public void CheckContracts(CompilationAnalysisContext context)
        {
            if (_compilation.SourceModule.ReferencedAssemblySymbols.FirstOrDefault(assembly => assembly.Name == _place.ContractsName) is not { } contracts)
            {
                return;
            }

            foreach (var request in ModuleTypes.All(contracts.GlobalNamespace).Where(IsKnownRequest))
            {
                if (_types.Value.HandlersOf(request) is var count and not 1)
                {
                    context.ReportDiagnostic(Diagnostic.Create(Rules.RequestsHaveOneHandler, Location.None, request.PlaceName(), $"has {count} handlers"));
                }

                if (LacksValidator(request))
                {
                    context.ReportDiagnostic(Diagnostic.Create(Rules.CommandsAreValidated, Location.None, request.PlaceName(), "has no validator"));
                }
            }
        }

        private void CheckSlice(SymbolAnalysisContext context, INamedTypeSymbol type)
        {
            if (type.TypeKind == TypeKind.Class && _cases.IsEndpoint(type) && type.InstanceConstructors.FirstOrDefault(static constructor => !constructor.Parameters.IsEmpty) is { } taking
                && !type.InstanceConstructors.Any(static constructor => constructor.Parameters.IsEmpty))
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.EndpointsHaveNoConstructorParameters, taking.Locations[0], type.PlaceName(), "has no parameterless constructor"));
            }

            if (type.TypeKind == TypeKind.Class && _cases.EventsOf(type) is > 0 and var events)
            {
                CheckSubscription(context, type, events);
                if (_place.Locate(type.Locations[0].SourceTree) is { } stands && ModuleTypes.Path(type.Locations[0].SourceTree!) != type.Name)
                {
                    Report(context, Rules.ReactionsHaveTheirFile, "stands in " + stands.Path);
                }
            }

            if (IsKnownRequest(type))
            {
                if (_types.Value.HandlersOf(type) is var count and not 1)
                {
                    Report(context, Rules.RequestsHaveOneHandler, $"has {count} handlers");
                }

                if (LacksValidator(type) && !_types.Value.IsStep(type, context.CancellationToken))
                {
                    Report(context, Rules.CommandsAreValidated, "has no validator");
                }
            }

            CheckFile(context, type);
        }

        private void CheckFile(SymbolAnalysisContext context, INamedTypeSymbol type)
        {
            if (_place.Locate(type.Locations[0].SourceTree) is not { } stands)
            {
                return;
            }

            var name = ModuleTypes.Path(type.Locations[0].SourceTree!);
            var requests = _cases.IsRequest(type) ? [type] : _cases.Handled(type).Concat(_cases.Validated(type).Where(_cases.IsRequest));
            foreach (var request in requests.Where(request => request.Name != name && IsOfModule(request) && !_types.Value.IsStep(request, context.CancellationToken)))
            {
                Report(context, Rules.OneRequestPerFile, $"stands in {stands.Path}, not in {request.Name}.cs");
            }
        }

        private void CheckEvent(SymbolAnalysisContext context, INamedTypeSymbol type)
        {
            if (!(_place.IsContracts && type.IsSealed && IsVisible(type)))
            {
                Report(context, Rules.EventsAreContracts, $"is not a public sealed type of {_place.Folder}.Contracts");
            }

            if (ModuleTypes.TextOf(type, _eventName) is { } name && _types.Value.EventsNamed(name) is { Count: > 1 } same)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.EventNamesAreUnique, type.Locations[0], name, "is the name of " + string.Join(" and ", same)));
            }
        }

        private void CheckSubscription(SymbolAnalysisContext context, INamedTypeSymbol type, int events)
        {
            var name = ModuleTypes.TextOf(type, _subscription);
            var what = name is null ? "has no [Subscription]"
                : !SubscriptionName.IsMatch(name) ? $"is named '{name}'"
                : _types.Value.SubscriptionsNamed(name) > 1 ? $"shares the name '{name}'"
                : events > 1 && !IsProcess(type) ? $"handles {events} events and is no process"
                : null;
            if (what is not null)
            {
                Report(context, Rules.SubscriptionsAreNamed, what);
            }
        }

        // By itself, or through a service of its module that opens what the process is about.
        private bool IsProcess(INamedTypeSymbol type) =>
            Needs(type).Any(needed => IsProcesses(needed) || (SymbolEqualityComparer.Default.Equals(needed.ContainingAssembly, _compilation.Assembly) && Needs(needed).Any(IsProcesses)));

        private static IEnumerable<INamedTypeSymbol> Needs(INamedTypeSymbol type) => type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters).Select(static parameter => parameter.Type).OfType<INamedTypeSymbol>();

        private bool IsProcesses(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, _processes);

        private bool IsKnownRequest(INamedTypeSymbol type) => type is { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } && _cases.IsRequest(type);

        private bool IsOfModule(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _compilation.Assembly) || type.ContainingAssembly.Name == _place.ContractsName;

        private bool LacksValidator(INamedTypeSymbol request) => _cases.IsCommand(request) && !_types.Value.IsValidated(request) && Properties(request).Any(static property => property.Name != ExpectedVersion && IsFreeInput(property.Type));

        private static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type)
        {
            for (var current = type; current is not null; current = current.BaseType)
            {
                foreach (var property in current.GetMembers().OfType<IPropertySymbol>().Where(static property => property.DeclaredAccessibility == Accessibility.Public))
                {
                    yield return property;
                }
            }
        }

        // Ids, yes or no and points in time are right or wrong by their type; everything else has a range.
        private static bool IsFreeInput(ITypeSymbol type) => type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var inner] } ? IsFreeInput(inner)
            : type.TypeKind != TypeKind.Enum && type.SpecialType != SpecialType.System_Boolean && type is not { Name: "Guid" or "DateTimeOffset", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

        private string? Shape(INamedTypeSymbol type) => _place.IsContracts ? "stands outside of a slice"
            : type is { DeclaredAccessibility: Accessibility.Public, ContainingType: null } ? "is public"
            : !type.IsSealed ? "is not sealed"
            : type.ContainingType is not null ? "is nested"
            : null;

        private string[]? Endings(INamedTypeSymbol type, string? role) => role switch
        {
            "an endpoint" => ["Endpoint", "Endpoints"],
            "a handler" => ["Handler"],
            "a validator" => ["Validator"],
            null when type.TypeKind == TypeKind.Interface && type.IsA(_store) => ["Store"],
            _ => null,
        };

        private static bool IsVisible(INamedTypeSymbol type) => type.DeclaredAccessibility == Accessibility.Public && (type.ContainingType is null || IsVisible(type.ContainingType));

        private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, string what) =>
            context.ReportDiagnostic(Diagnostic.Create(rule, context.Symbol.Locations[0], context.Symbol.PlaceName(), what));
    }
}
