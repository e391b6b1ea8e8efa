using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>
/// Whose types a project uses. Which assemblies it may not use is known before its code is looked at, and as a rule it refers to none of them: then no code is looked at.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ReferenceAnalyzer : BoundaryAnalyzer
{
    /// <summary>In a finding's properties: the name of the module that the manifest does not name.</summary>
    public const string Dependency = nameof(Dependency);

    /// <summary>In a finding's properties: the type of the other module's Contracts that has the same name, as metadata names it.</summary>
    public const string ContractsType = nameof(ContractsType);

    private static readonly string[] Behaviour = ["Marten", "JasperFx", "Weasel", "Npgsql", "Carter", "FluentValidation", "Microsoft.AspNetCore", "Microsoft.Extensions"];

    private static readonly string[] Handlers = ["IRequestHandler", "INotificationHandler"];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.ModuleReferences, Rules.ContractReferences, Rules.ContractsHoldNoBehaviour, Rules.ManifestNamesDependencies];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var manifest = place.IsContracts ? null : Manifest.Find(context.Compilation, context.CancellationToken);
        var watched = new Dictionary<IAssemblySymbol, DiagnosticDescriptor>(SymbolEqualityComparer.Default);
        foreach (var assembly in context.Compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (RuleFor(assembly.Name, place, manifest) is { } rule)
            {
                watched[assembly] = rule;
            }
        }

        if (watched.Count > 0)
        {
            context.RegisterSyntaxNodeAction(node => Check(node, place, watched), SyntaxKind.IdentifierName, SyntaxKind.GenericName);
        }
    }

    /// <summary>The rule that a use of an assembly's types may break; null when they may be used.</summary>
    private static DiagnosticDescriptor? RuleFor(string assembly, ModulePlace place, Manifest? manifest)
    {
        if (place.IsContracts)
        {
            return assembly.StartsWith(place.Prefix, StringComparison.Ordinal) && place.Prefix.Length > 0 && assembly != place.Prefix + "Platform.Contracts" ? Rules.ContractReferences
                : assembly == "MediatR" || Behaviour.Any(name => IsOrIsBelow(assembly, name)) ? Rules.ContractsHoldNoBehaviour
                : null;
        }

        return place.OtherOwnerOf(assembly) is not { } owner ? null
            : !assembly.EndsWith(".Contracts", StringComparison.Ordinal) ? Rules.ModuleReferences
            : manifest is not null && !manifest.DependsOn.Contains(place.Modules[owner]) ? Rules.ManifestNamesDependencies
            : null;
    }

    private static void Check(SyntaxNodeAnalysisContext context, ModulePlace place, Dictionary<IAssemblySymbol, DiagnosticDescriptor> watched)
    {
        var name = (SimpleNameSyntax)context.Node;
        var found = context.SemanticModel.GetSymbolInfo(name, context.CancellationToken);
        // What an internal type's name means is known, even where it may not be used.
        if (TypeOf(found.Symbol ?? found.CandidateSymbols.FirstOrDefault()) is not { ContainingAssembly: { } assembly } type || !watched.TryGetValue(assembly, out var rule)
            || name.IsPartOfStructuredTrivia() || (rule.Id == Rules.ContractsHoldNoBehaviour.Id && !IsBehaviour(type)))
        {
            return;
        }

        var properties = ImmutableDictionary<string, string?>.Empty;
        var shown = type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
        var what = "uses " + shown;
        if (rule.Id == Rules.ManifestNamesDependencies.Id)
        {
            var dependency = place.Modules[place.OwnerOf(assembly.Name)!];
            properties = properties.Add(Dependency, dependency);
            what = $"uses {shown} of '{dependency}', and the manifest does not declare it";
        }
        else if (rule.Id == Rules.ModuleReferences.Id && Published(context.Compilation, assembly.Name, type) is { } published)
        {
            properties = properties.Add(ContractsType, MetadataName(published));
        }

        context.ReportDiagnostic(Diagnostic.Create(rule, name.GetLocation(), properties, PlaceOf(context), what));
    }

    // A type that is named, or an extension or static method that is called without naming its type. Members of a value are no new use: the value's type was used before.
    private static INamedTypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol type => type.OriginalDefinition,
        IArrayTypeSymbol { ElementType: INamedTypeSymbol element } => element.OriginalDefinition,
        IMethodSymbol { MethodKind: MethodKind.ReducedExtension } method => method.ContainingType,
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType.OriginalDefinition,
        _ => null,
    };

    private static bool IsBehaviour(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace.ToDisplayString();
        return Behaviour.Any(name => IsOrIsBelow(space, name)) || (space == "MediatR" && Handlers.Contains(type.Name));
    }

    private static bool IsOrIsBelow(string name, string root) =>
        name.StartsWith(root, StringComparison.Ordinal) && (name.Length == root.Length || name[root.Length] == '.');

    // What the other module publishes under the same name is most likely what was meant.
    private static INamedTypeSymbol? Published(Compilation compilation, string slice, INamedTypeSymbol type)
    {
        var contracts = compilation.SourceModule.ReferencedAssemblySymbols.FirstOrDefault(assembly => assembly.Name == slice + ".Contracts");
        return contracts is null ? null : Find(contracts.GlobalNamespace, type);
    }

    private static INamedTypeSymbol? Find(INamespaceSymbol space, INamedTypeSymbol type) =>
        space.GetTypeMembers(type.Name, type.Arity).FirstOrDefault(static found => found.DeclaredAccessibility == Accessibility.Public)
        ?? space.GetNamespaceMembers().Select(inner => Find(inner, type)).FirstOrDefault(static found => found is not null);

    private static string MetadataName(INamedTypeSymbol type) => type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName : type.ContainingNamespace.ToDisplayString() + "." + type.MetadataName;

    private static string PlaceOf(SyntaxNodeAnalysisContext context) => context.ContainingSymbol?.PlaceName() is { Length: > 0 } name ? name : context.Compilation.AssemblyName ?? "The project";
}
