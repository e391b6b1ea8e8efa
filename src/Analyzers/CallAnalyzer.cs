using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>Calls that code of a module does not make: the machine's clock, ids that ignore time, and waiting for tasks.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class CallAnalyzer : BoundaryAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.TimeComesFromTimeProvider, Rules.IdsAreVersion7, Rules.NothingBlocks];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var forbidden = Forbidden(context.Compilation);
        context.RegisterOperationAction(operation => Check(operation, ((IPropertyReferenceOperation)operation.Operation).Property, forbidden), OperationKind.PropertyReference);
        context.RegisterOperationAction(operation => Check(operation, ((IInvocationOperation)operation.Operation).TargetMethod, forbidden), OperationKind.Invocation);
        context.RegisterOperationAction(operation => Check(operation, ((IMethodReferenceOperation)operation.Operation).Method, forbidden), OperationKind.MethodReference);
    }

    private static void Check(OperationAnalysisContext context, ISymbol member, Dictionary<ISymbol, (DiagnosticDescriptor Rule, string Name)> forbidden)
    {
        if (forbidden.TryGetValue(member.OriginalDefinition, out var found))
        {
            Report(context, found.Rule, found.Name);
        }
        else if (member is IMethodSymbol { Name: "GetResult", Parameters.IsEmpty: true } && IsAwaiter(member.ContainingType))
        {
            Report(context, Rules.NothingBlocks, "GetAwaiter().GetResult()");
        }
    }

    // A name in nameof is not called.
    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, string name)
    {
        if (context.Operation.Parent is not INameOfOperation)
        {
            context.ReportDiagnostic(Diagnostic.Create(rule, NameIn(context.Operation).GetLocation(), context.ContainingSymbol.PlaceName(), "calls " + name));
        }
    }

    private static bool IsAwaiter(INamedTypeSymbol type) =>
        type.Name.Contains("Awaiter") && type.ContainingNamespace is { Name: "CompilerServices", ContainingNamespace: { Name: "Runtime", ContainingNamespace.Name: "System" } };

    // DateTime.Now and Guid.NewGuid as a whole; of calls on a value only the name, because the value may be long.
    private static SyntaxNode NameIn(IOperation operation)
    {
        var syntax = operation.Syntax is InvocationExpressionSyntax invocation ? invocation.Expression : operation.Syntax;
        var isStatic = operation is IMemberReferenceOperation { Instance: null } or IInvocationOperation { Instance: null };
        return syntax switch
        {
            MemberAccessExpressionSyntax access when !isStatic => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            _ => syntax,
        };
    }

    private static Dictionary<ISymbol, (DiagnosticDescriptor Rule, string Name)> Forbidden(Compilation compilation)
    {
        var members = new Dictionary<ISymbol, (DiagnosticDescriptor, string)>(SymbolEqualityComparer.Default);
        Add(Rules.TimeComesFromTimeProvider, "System.DateTime", "Now", "UtcNow", "Today");
        Add(Rules.TimeComesFromTimeProvider, "System.DateTimeOffset", "Now", "UtcNow");
        Add(Rules.IdsAreVersion7, "System.Guid", "NewGuid");
        Add(Rules.NothingBlocks, "System.Threading.Thread", "Sleep");
        Add(Rules.NothingBlocks, "System.Threading.Tasks.Task", "Wait", "WaitAll", "WaitAny");
        Add(Rules.NothingBlocks, "System.Threading.Tasks.Task`1", "Result");
        Add(Rules.NothingBlocks, "System.Threading.Tasks.ValueTask`1", "Result");
        foreach (var method in compilation.GetTypeByMetadataName("System.Guid")?.GetMembers("CreateVersion7").OfType<IMethodSymbol>().Where(static method => method.Parameters.IsEmpty) ?? [])
        {
            members[method] = (Rules.IdsAreVersion7, "Guid.CreateVersion7 without a time");
        }

        return members;

        void Add(DiagnosticDescriptor rule, string type, params string[] names)
        {
            var found = compilation.GetTypeByMetadataName(type);
            foreach (var member in found is null ? [] : names.SelectMany(name => found.GetMembers(name)))
            {
                members[member] = (rule, found!.Name + "." + member.Name);
            }
        }
    }
}
