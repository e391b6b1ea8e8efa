using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ModularMonolith.Analyzers;

/// <summary>
/// Whose types a project uses. Which assemblies it may not use is known before its code is looked at; then only the names of their types are looked up.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ReferenceAnalyzer : BoundaryAnalyzer
{
    /// <summary>In a finding's properties: the name of the module that the manifest does not name.</summary>
    public const string Dependency = nameof(Dependency);

    /// <summary>In a finding's properties: the type of the other module's Contracts that has the same name, as metadata names it.</summary>
    public const string ContractsType = nameof(ContractsType);

    private static readonly string[] Behaviour =
        ["Marten", "JasperFx", "Weasel", "Npgsql", "Carter", "FluentValidation", "Microsoft.AspNetCore", "Microsoft.Extensions", "System.Data", "System.Net.Http"];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.ModuleReferences, Rules.ContractReferences, Rules.ContractsHoldNoBehaviour, Rules.ManifestNamesDependencies];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        if (place.IsContracts)
        {
            context.RegisterSymbolAction(CheckService, SymbolKind.Method);
        }

        var manifest = place.IsContracts ? null : Manifest.Find(context.Compilation, context.CancellationToken);
        var watched = new Dictionary<IAssemblySymbol, DiagnosticDescriptor>(SymbolEqualityComparer.Default);
        foreach (var assembly in context.Compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (RuleFor(assembly.Name, place, manifest) is { } rule)
            {
                watched[assembly] = rule;
            }
        }

        if (manifest is not null)
        {
            new Dependencies(manifest, place).Start(context);
        }

        if (watched.Count > 0)
        {
            // Only what has a name of theirs is looked up; what is inferred may be anything.
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var assembly in watched.Keys)
            {
                AddNames(assembly.GlobalNamespace, names);
            }

            if (watched.Keys.Any(assembly => place.OtherOwnerOf(assembly.Name) is not null))
            {
                names.Add("var");
            }

            context.RegisterSyntaxNodeAction(node => Check(node, place, watched, names), SyntaxKind.IdentifierName, SyntaxKind.GenericName);
        }
    }

    /// <summary>The rule that a use of an assembly's types may break; null when they may be used.</summary>
    private static DiagnosticDescriptor? RuleFor(string assembly, ModulePlace place, Manifest? manifest)
    {
        var isOfProduct = place.Prefix.Length > 0 && assembly.StartsWith(place.Prefix, StringComparison.Ordinal);
        if (place.IsContracts)
        {
            return isOfProduct && assembly != place.Prefix + "Platform.Contracts" ? Rules.ContractReferences
                : assembly == "MediatR" || Behaviour.Any(name => IsOrIsBelow(assembly, name)) ? Rules.ContractsHoldNoBehaviour
                : null;
        }

        return place.OtherOwnerOf(assembly) is { } owner
            ? !assembly.EndsWith(".Contracts", StringComparison.Ordinal) ? Rules.ModuleReferences
                : manifest is not null && !manifest.DependsOn.Contains(place.Modules[owner]) ? Rules.ManifestNamesDependencies
                : null
            : isOfProduct && assembly != place.ContractsName && assembly != place.Prefix + "Platform" && assembly != place.Prefix + "Platform.Contracts" ? Rules.ModuleReferences
            : null;
    }

    private static void AddNames(INamespaceSymbol space, HashSet<string> names)
    {
        foreach (var type in space.GetTypeMembers())
        {
            AddNames(type, names);
        }

        foreach (var inner in space.GetNamespaceMembers())
        {
            AddNames(inner, names);
        }
    }

    private static void AddNames(INamedTypeSymbol type, HashSet<string> names)
    {
        names.Add(type.Name);
        if (type.Name.EndsWith("Attribute", StringComparison.Ordinal))
        {
            names.Add(type.Name.Substring(0, type.Name.Length - "Attribute".Length));
        }

        foreach (var inner in type.GetTypeMembers())
        {
            AddNames(inner, names);
        }

        if (type.MightContainExtensionMethods)
        {
            names.UnionWith(type.GetMembers().OfType<IMethodSymbol>().Where(static method => method.IsExtensionMethod).Select(static method => method.Name));
        }
    }

    // A message has values. What others would call is a service, and what works asynchronously works.
    private static void CheckService(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method is not { MethodKind: MethodKind.Ordinary, IsOverride: false, IsImplicitlyDeclared: false } || method.DeclaredAccessibility == Accessibility.Private)
        {
            return;
        }

        var what = method is { ContainingType.TypeKind: TypeKind.Interface, IsAbstract: true, IsStatic: false } ? "is a service: what it does is for the module that has it"
            : method.ReturnType is { Name: "Task" or "ValueTask" or "IAsyncEnumerable" } answer && answer.ContainingNamespace?.ToDisplayString() is "System.Threading.Tasks" or "System.Collections.Generic" ? "works asynchronously: that is no message"
            : null;
        if (what is not null)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.ContractsHoldNoBehaviour, method.Locations[0], method.PlaceName(), what));
        }
    }

    private static void Check(SyntaxNodeAnalysisContext context, ModulePlace place, Dictionary<IAssemblySymbol, DiagnosticDescriptor> watched, HashSet<string> names)
    {
        var name = (SimpleNameSyntax)context.Node;
        if (!names.Contains(name.Identifier.ValueText))
        {
            return;
        }

        var found = context.SemanticModel.GetSymbolInfo(name, context.CancellationToken);
        // What an internal type's name means is known, even where it may not be used.
        if (TypeOf(found.Symbol ?? found.CandidateSymbols.FirstOrDefault()) is not { ContainingAssembly: { } assembly } type || !watched.TryGetValue(assembly, out var rule)
            || name.IsPartOfStructuredTrivia() || (rule.Id == Rules.ContractsHoldNoBehaviour.Id && !IsBehaviour(type)))
        {
            return;
        }

        var properties = ImmutableDictionary<string, string?>.Empty;
        var what = rule.Id == Rules.ContractsHoldNoBehaviour.Id ? "is more than a message: " + Wording(context, name, found.Symbol, type) : Wording(context, name, found.Symbol, type);
        var from = PlaceOf(context, what);
        if (rule.Id == Rules.ManifestNamesDependencies.Id)
        {
            var dependency = place.Modules[place.OwnerOf(assembly.Name)!];
            properties = properties.Add(Dependency, dependency);
            what = $"uses '{dependency}' and does not declare it";
            from = place.Name;
        }
        else if (rule.Id == Rules.ModuleReferences.Id && Published(context.Compilation, assembly.Name, type) is { } published)
        {
            properties = properties.Add(ContractsType, MetadataName(published));
        }

        context.ReportDiagnostic(Diagnostic.Create(rule, name.GetLocation(), properties, from, what));
    }

    // As the engine says of the edge that this name becomes.
    private static string Wording(SyntaxNodeAnalysisContext context, SimpleNameSyntax name, ISymbol? symbol, INamedTypeSymbol type)
    {
        var shown = type.FullName();
        if (symbol is IMethodSymbol { MethodKind: MethodKind.ReducedExtension } called)
        {
            return $"calls {shown}.{called.Name}";
        }

        SyntaxNode node = name;
        while (node.Parent is QualifiedNameSyntax or AliasQualifiedNameSyntax or NullableTypeSyntax or ArrayTypeSyntax || (node.Parent is MemberAccessExpressionSyntax { Name: var last } && last == node))
        {
            node = node.Parent;
        }

        return node.Parent switch
        {
            TypeArgumentListSyntax => $"uses {shown} as a type argument",
            ObjectCreationExpressionSyntax => "creates " + shown,
            BaseTypeSyntax => (type.TypeKind == TypeKind.Interface ? "implements " : "derives from ") + shown,
            CatchDeclarationSyntax => "catches " + shown,
            TypeOfExpressionSyntax { Parent: AttributeArgumentSyntax } => $"names {shown} in an attribute",
            MemberAccessExpressionSyntax access when context.SemanticModel.GetSymbolInfo(access.Name, context.CancellationToken) is { Symbol: { } member } => member switch
            {
                IFieldSymbol { HasConstantValue: true } => $"copies the value or name of {shown}.{member.Name}",
                _ when IsInNameOf(access) => $"copies the value or name of {shown}.{member.Name}",
                IMethodSymbol => $"calls {shown}.{member.Name}",
                _ => $"uses {shown}.{member.Name}",
            },
            _ => "uses " + shown,
        };
    }

    private static bool IsInNameOf(SyntaxNode node) => node.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } };

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
        return Behaviour.Any(name => IsOrIsBelow(space, name)) || (space == "MediatR" && (type.Name.Contains("Handler") || type.Name is "ISender" or "IMediator" or "IPublisher"));
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

    // Copied values stand in no member of the compiled code, and what a field or a property is initialised with is code of its type's constructors.
    private static string PlaceOf(SyntaxNodeAnalysisContext context, string what)
    {
        var symbol = context.ContainingSymbol;
        var isOfType = symbol?.ContainingType is not null
            && (what.StartsWith("copies", StringComparison.Ordinal) || (symbol is IFieldSymbol or IPropertySymbol && context.Node.FirstAncestorOrSelf<EqualsValueClauseSyntax>() is not null));
        return (isOfType ? symbol!.ContainingType : symbol)?.PlaceName() is { Length: > 0 } name ? name : context.Compilation.AssemblyName ?? "The project";
    }
}
