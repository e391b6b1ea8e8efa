using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>Requests, integration events, and what their handlers are given.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class MessageAnalyzer : BoundaryAnalyzer
{
    private static readonly Regex EventName = new(@"^[a-z][a-z0-9]*(\.[a-z0-9]+(-[a-z0-9]+)*)+$", RegexOptions.CultureInvariant);

    private static readonly string[] RawDataTypes =
    [
        "Marten.IDocumentStore", "Marten.IDocumentSession", "Marten.IQuerySession", "Npgsql.NpgsqlDataSource", "Npgsql.NpgsqlConnection",
        "ModularMonolith.Platform.Data.ModuleDataSources", "ModularMonolith.Platform.Data.DatabaseAddress",
    ];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.RequestsAreNotNested, Rules.EventsAreNamed, Rules.HandlersUseOwnStore];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var compilation = context.Compilation;
        var request = compilation.GetTypeByMetadataName("MediatR.IBaseRequest");
        var integrationEvent = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Contracts.IIntegrationEvent");
        var eventName = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Contracts.EventNameAttribute");
        context.RegisterSymbolAction(
            symbol =>
            {
                CheckRequest(symbol, request);
                CheckEvent(symbol, place, integrationEvent, eventName);
            },
            SymbolKind.NamedType);
        if (!place.IsContracts)
        {
            var handlers = UseCases.In(compilation);
            var session = compilation.GetTypeByMetadataName("ModularMonolith.Platform.Data.IModuleSession`1");
            var raw = RawDataTypes.Select(compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>().ToImmutableArray();
            context.RegisterSymbolAction(symbol => CheckConstructors(symbol, handlers, session, raw), SymbolKind.NamedType);
        }
    }

    private static void CheckRequest(SymbolAnalysisContext context, INamedTypeSymbol? request)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type is { TypeKind: TypeKind.Class, IsAbstract: false, ContainingType: { } around } && type.IsA(request))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.RequestsAreNotNested, type.Locations[0], type.Name, "is nested in " + around.Name));
        }
    }

    private static void CheckEvent(SymbolAnalysisContext context, ModulePlace place, INamedTypeSymbol? integrationEvent, INamedTypeSymbol? eventName)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || !type.IsA(integrationEvent))
        {
            return;
        }

        var attribute = type.AttributeOf(eventName);
        var name = attribute?.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;
        var what = attribute is null ? "has no [EventName]"
            : name is null ? null
            : !EventName.IsMatch(name) ? $"is named '{name}'"
            : name.Split('.')[0] != place.Name ? $"is named '{name}' and belongs to '{place.Name}'"
            : attribute.NamedArguments.Any(static argument => argument is { Key: "Version", Value.Value: < 1 }) ? "has a version below 1"
            : null;
        if (what is not null)
        {
            var location = attribute is null ? type.Locations[0] : Symbols.LocationOf(attribute, type);
            context.ReportDiagnostic(Diagnostic.Create(Rules.EventsAreNamed, location, type.Name, what));
        }
    }

    private static void CheckConstructors(SymbolAnalysisContext context, UseCases handlers, INamedTypeSymbol? session, ImmutableArray<INamedTypeSymbol> raw)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var parameter in type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters))
        {
            var what = SymbolEqualityComparer.Default.Equals(parameter.Type.OriginalDefinition, session) ? SessionOfOthers((INamedTypeSymbol)parameter.Type, type)
                : raw.Any(parameter.Type.IsA) && handlers.Handles(type) ? "injects " + parameter.Type.Name
                : null;
            if (what is not null)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.HandlersUseOwnStore, TypeLocation(parameter, context.CancellationToken), type.Name, what));
            }
        }
    }

    private static string? SessionOfOthers(INamedTypeSymbol session, INamedTypeSymbol type) =>
        session.TypeArguments[0] is { TypeKind: not TypeKind.Error } store && !SymbolEqualityComparer.Default.Equals(store.ContainingAssembly, type.ContainingAssembly)
            ? "injects the session of " + store.ToDisplayString()
            : null;

    private static Location TypeLocation(IParameterSymbol parameter, CancellationToken cancellationToken) =>
        (parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) as ParameterSyntax)?.Type?.GetLocation() ?? parameter.Locations.FirstOrDefault() ?? Location.None;
}
