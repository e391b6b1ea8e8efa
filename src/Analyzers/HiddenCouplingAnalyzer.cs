using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>Ways around the boundaries that leave no reference behind: types named in strings, accessors, dynamic, and internals shown to others.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class HiddenCouplingAnalyzer : BoundaryAnalyzer
{
    private const string StoreAssembly = "Marten.DynamicStores";

    private static readonly string[] Reflection = ["System.Type", "System.Activator", "System.AppDomain", "System.Reflection.Assembly", "System.Reflection.Module", "System.Runtime.Loader.AssemblyLoadContext"];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.NoDynamic, Rules.NoReflectionByName, Rules.NoUnsafeAccessor, Rules.InternalsStayInternal];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        context.RegisterSyntaxNodeAction(CheckDynamic, SyntaxKind.IdentifierName);
        context.RegisterSyntaxNodeAction(attribute => CheckAttribute(attribute, place), SyntaxKind.Attribute);
        // What a project file says has no place in a source.
        context.RegisterCompilationEndAction(end => CheckInternals(end, place));
        var others = place.Modules.Keys.Where(folder => folder != place.Folder).ToList();
        if (others.Count > 0)
        {
            var reflection = Reflection.Select(context.Compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>().ToImmutableHashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
            var named = new Regex($@"(?<!\w){Regex.Escape(place.Prefix)}({string.Join("|", others.Select(Regex.Escape))})(\.Contracts)?(?!\w)", RegexOptions.CultureInvariant);
            context.RegisterOperationAction(operation => CheckReflection(operation, reflection, named), OperationKind.Invocation);
        }
    }

    private static void CheckDynamic(SyntaxNodeAnalysisContext context)
    {
        if (((IdentifierNameSyntax)context.Node).Identifier.ValueText == "dynamic" && context.SemanticModel.GetTypeInfo(context.Node, context.CancellationToken).Type is IDynamicTypeSymbol)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NoDynamic, context.Node.GetLocation(), PlaceOf(context), "uses dynamic"));
        }
    }

    private static void CheckAttribute(SyntaxNodeAnalysisContext context, ModulePlace place)
    {
        var attribute = (AttributeSyntax)context.Node;
        var name = attribute.Name switch { QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText, AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText, var simple => ((SimpleNameSyntax)simple).Identifier.ValueText };
        if (name.StartsWith("UnsafeAccessor", StringComparison.Ordinal) && IsCompilerServices(context, attribute))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NoUnsafeAccessor, attribute.GetLocation(), PlaceOf(context), "reaches into another type"));
        }
        else if ((name.StartsWith("InternalsVisibleTo", StringComparison.Ordinal) || name.StartsWith("IgnoresAccessChecksTo", StringComparison.Ordinal)) && IsCompilerServices(context, attribute)
            && attribute.ArgumentList?.Arguments.FirstOrDefault()?.Expression is { } shown && context.SemanticModel.GetConstantValue(shown, context.CancellationToken).Value is string other
            && (name[1] != 'n' || !MaySee(other, place)))
        {
            var what = name[1] == 'n' ? "shows its internals to " + NameOf(other) : $"reads the internals of {NameOf(other)} without its leave";
            context.ReportDiagnostic(Diagnostic.Create(Rules.InternalsStayInternal, attribute.GetLocation(), context.Compilation.AssemblyName, what));
        }
    }

    private static void CheckInternals(CompilationAnalysisContext context, ModulePlace place)
    {
        foreach (var attribute in context.Compilation.Assembly.GetAttributes().Where(static attribute => attribute.AttributeClass?.Name == "InternalsVisibleToAttribute"))
        {
            var written = attribute.ApplicationSyntaxReference?.SyntaxTree.FilePath;
            if (attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Primitive, Value: string friend } && !MaySee(friend, place) && written?.EndsWith(".AssemblyInfo.cs", StringComparison.Ordinal) == true)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.InternalsStayInternal, Location.None, context.Compilation.AssemblyName, $"shows its internals to {NameOf(friend)} in its project file"));
            }
        }
    }

    private static void CheckReflection(OperationAnalysisContext context, ImmutableHashSet<INamedTypeSymbol> reflection, Regex named)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!reflection.Contains(call.TargetMethod.ContainingType))
        {
            return;
        }

        foreach (var argument in call.Arguments)
        {
            if (TextOf(argument.Value, context.CancellationToken) is { } text && named.Match(text) is { Success: true } match)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.NoReflectionByName, argument.Value.Syntax.GetLocation(), context.ContainingSymbol.PlaceName(), $"names {match.Value} in a string"));
            }
        }
    }

    // A constant, or what a variable begins with.
    private static string? TextOf(IOperation value, CancellationToken cancellationToken)
    {
        if (value.ConstantValue is { HasValue: true, Value: var constant })
        {
            return constant as string;
        }

        ISymbol? variable = value switch
        {
            ILocalReferenceOperation local => local.Local,
            IFieldReferenceOperation field => field.Field,
            _ => null,
        };
        return (variable?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) as VariableDeclaratorSyntax)?.Initializer?.Value is { } initial
            && initial.SyntaxTree == value.Syntax.SyntaxTree && value.SemanticModel is { } model
            ? model.GetConstantValue(initial, cancellationToken).Value as string
            : null;
    }

    private static bool IsCompilerServices(SyntaxNodeAnalysisContext context, AttributeSyntax attribute) =>
        context.SemanticModel.GetTypeInfo(attribute, context.CancellationToken).Type?.ContainingNamespace.ToDisplayString() == "System.Runtime.CompilerServices";

    private static bool MaySee(string friend, ModulePlace place) => NameOf(friend) is var name && (name == StoreAssembly || name == place.SliceName + ".Tests");

    private static string NameOf(string friend) => friend.Split(',')[0].Trim();

    private static string PlaceOf(SyntaxNodeAnalysisContext context) => context.ContainingSymbol?.PlaceName() is { Length: > 0 } name ? name : context.Compilation.AssemblyName ?? "The project";
}
