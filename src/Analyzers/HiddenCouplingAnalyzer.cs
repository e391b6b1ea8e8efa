using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>Ways around the boundaries that leave no reference behind: accessors, reflection on what is closed, dynamic, and internals shown to others.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class HiddenCouplingAnalyzer : BoundaryAnalyzer
{
    private const string StoreAssembly = "Marten.DynamicStores";

    // BindingFlags.NonPublic.
    private const int NonPublic = 32;

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.NoDynamic, Rules.NoUnsafeAccessor, Rules.InternalsStayInternal];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        context.RegisterSyntaxNodeAction(CheckDynamic, SyntaxKind.IdentifierName);
        context.RegisterSyntaxNodeAction(attribute => CheckAttribute(attribute, place), SyntaxKind.Attribute);
        // What a project file says has no place in a source.
        context.RegisterCompilationEndAction(end => CheckInternals(end, place));
        context.RegisterOperationAction(
            CheckDynamicCall,
            OperationKind.DynamicMemberReference, OperationKind.DynamicInvocation, OperationKind.DynamicIndexerAccess, OperationKind.DynamicObjectCreation);
        if (context.Compilation.GetTypeByMetadataName("System.Type") is { } type && context.Compilation.GetTypeByMetadataName("System.Reflection.BindingFlags") is { } flags)
        {
            context.RegisterOperationAction(operation => CheckHidden(operation, type, flags), OperationKind.Invocation);
        }
    }

    private static void CheckDynamic(SyntaxNodeAnalysisContext context)
    {
        if (((IdentifierNameSyntax)context.Node).Identifier.ValueText == "dynamic" && context.SemanticModel.GetTypeInfo(context.Node, context.CancellationToken).Type is IDynamicTypeSymbol)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NoDynamic, context.Node.GetLocation(), PlaceOf(context), "uses dynamic"));
        }
    }

    // Of a chain only its first call.
    private static void CheckDynamicCall(OperationAnalysisContext context)
    {
        var before = context.Operation switch
        {
            IDynamicMemberReferenceOperation member => member.Instance,
            IDynamicInvocationOperation call => call.Operation,
            IDynamicIndexerAccessOperation access => access.Operation,
            _ => null,
        };
        if (before is not (IDynamicMemberReferenceOperation or IDynamicInvocationOperation or IDynamicIndexerAccessOperation))
        {
            Report(context, Rules.NoDynamic, "calls what only the running program knows");
        }
    }

    private static void CheckAttribute(SyntaxNodeAnalysisContext context, ModulePlace place)
    {
        var attribute = (AttributeSyntax)context.Node;
        var name = attribute.Name switch { QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText, AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText, var simple => ((SimpleNameSyntax)simple).Identifier.ValueText };
        if (name is "UnsafeAccessor" or "UnsafeAccessorAttribute" && IsCompilerServices(context, attribute))
        {
            CheckAccessor(context, attribute);
        }
        else if ((name.StartsWith("InternalsVisibleTo", StringComparison.Ordinal) || name.StartsWith("IgnoresAccessChecksTo", StringComparison.Ordinal)) && IsCompilerServices(context, attribute)
            && attribute.ArgumentList?.Arguments.FirstOrDefault()?.Expression is { } shown && context.SemanticModel.GetConstantValue(shown, context.CancellationToken).Value is string other
            && (name[1] != 'n' || !MaySee(other, place)))
        {
            context.ReportDiagnostic(name[1] == 'n'
                ? Diagnostic.Create(Rules.InternalsStayInternal, attribute.GetLocation(), place.Folder, $"shows the internals of {context.Compilation.AssemblyName} to {NameOf(other)}")
                : Diagnostic.Create(Rules.InternalsStayInternal, attribute.GetLocation(), place.ProjectName, $"reads the internals of {NameOf(other)} without its leave"));
        }
    }

    // What is opened is the type of the first parameter, or the one that its attribute names.
    private static void CheckAccessor(SyntaxNodeAnalysisContext context, AttributeSyntax attribute)
    {
        var method = attribute.Parent?.Parent switch
        {
            MethodDeclarationSyntax declared => context.SemanticModel.GetDeclaredSymbol(declared, context.CancellationToken),
            LocalFunctionStatementSyntax local => context.SemanticModel.GetDeclaredSymbol(local, context.CancellationToken),
            _ => null,
        };
        var target = method?.Parameters.FirstOrDefault()?.Type;
        var named = method?.Parameters.SelectMany(static parameter => parameter.GetAttributes()).FirstOrDefault(static found => found.AttributeClass?.Name == "UnsafeAccessorTypeAttribute")?
            .ConstructorArguments.FirstOrDefault().Value as string;
        if (method is not null && (named is not null || target is null || !SymbolEqualityComparer.Default.Equals(target.ContainingAssembly, context.Compilation.Assembly)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NoUnsafeAccessor, method.Locations[0], method.PlaceName(), $"opens what {named ?? target?.FullName() ?? "a type"} keeps closed"));
        }
    }

    private static void CheckInternals(CompilationAnalysisContext context, ModulePlace place)
    {
        foreach (var attribute in context.Compilation.Assembly.GetAttributes().Where(static attribute => attribute.AttributeClass?.Name == "InternalsVisibleToAttribute"))
        {
            var written = attribute.ApplicationSyntaxReference?.SyntaxTree.FilePath;
            if (attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Primitive, Value: string friend } && !MaySee(friend, place) && written?.EndsWith(".AssemblyInfo.cs", StringComparison.Ordinal) == true)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.InternalsStayInternal, Location.None, place.Folder, $"shows the internals of {context.Compilation.AssemblyName} to {NameOf(friend)}"));
            }
        }
    }

    // Own types are free to look into; members of others that are not public are closed.
    private static void CheckHidden(OperationAnalysisContext context, INamedTypeSymbol type, INamedTypeSymbol flags)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, type)
            || !call.Arguments.Any(argument => SymbolEqualityComparer.Default.Equals(argument.Value.Type, flags) && argument.Value.ConstantValue is { HasValue: true, Value: int value } && (value & NonPublic) != 0)
            || (call.Instance is ITypeOfOperation { TypeOperand.ContainingAssembly: { } assembly } && SymbolEqualityComparer.Default.Equals(assembly, context.Compilation.Assembly)))
        {
            return;
        }

        var name = call.Arguments.Select(static argument => argument.Value.ConstantValue.Value).OfType<string>().FirstOrDefault();
        Report(context, Rules.NoUnsafeAccessor, name is null ? "looks for members that are not public" : $"looks for '{name}' among members that are not public");
    }

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), context.ContainingSymbol.CodeName(), what));

    private static bool IsCompilerServices(SyntaxNodeAnalysisContext context, AttributeSyntax attribute) =>
        context.SemanticModel.GetTypeInfo(attribute, context.CancellationToken).Type?.ContainingNamespace.ToDisplayString() == "System.Runtime.CompilerServices";

    private static bool MaySee(string friend, ModulePlace place) => NameOf(friend) is var name && (name == StoreAssembly || name == place.SliceName + ".Tests");

    private static string NameOf(string friend) => friend.Split(',')[0].Trim();

    private static string PlaceOf(SyntaxNodeAnalysisContext context) => context.ContainingSymbol?.PlaceName() is { Length: > 0 } name ? name : context.Compilation.AssemblyName ?? "The project";
}
