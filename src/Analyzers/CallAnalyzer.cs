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
    private const string Constructor = ".ctor";

    // With a timeout of zero they only look.
    private static readonly string[] Polling = ["WaitHandle", "SemaphoreSlim", "ManualResetEventSlim", "CountdownEvent"];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.TimeComesFromTimeProvider, Rules.IdsAreVersion7, Rules.NothingBlocks];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var forbidden = Forbidden(context.Compilation);
        context.RegisterOperationAction(operation => Check(operation, ((IPropertyReferenceOperation)operation.Operation).Property, forbidden), OperationKind.PropertyReference);
        context.RegisterOperationAction(operation => Check(operation, ((IInvocationOperation)operation.Operation).TargetMethod, forbidden), OperationKind.Invocation);
        context.RegisterOperationAction(operation => Check(operation, ((IMethodReferenceOperation)operation.Operation).Method, forbidden), OperationKind.MethodReference);
        context.RegisterOperationAction(operation => Check(operation, ((IObjectCreationOperation)operation.Operation).Constructor, forbidden), OperationKind.ObjectCreation);
    }

    private static void Check(OperationAnalysisContext context, ISymbol? member, Dictionary<ISymbol, (DiagnosticDescriptor Rule, string Name)> forbidden)
    {
        if (member is null)
        {
            return;
        }

        if (forbidden.TryGetValue(member.OriginalDefinition, out var found))
        {
            if (Array.IndexOf(Polling, member.ContainingType.Name) >= 0 && context.Operation is IInvocationOperation call && Polls(call))
            {
                return;
            }

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
            context.ReportDiagnostic(Diagnostic.Create(rule, NameIn(context.Operation).GetLocation(), context.ContainingSymbol.CodeName(), "calls " + name));
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
        var clock = Rules.TimeComesFromTimeProvider;
        Add(clock, "System.DateTime", static _ => true, "Now", "UtcNow", "Today");
        Add(clock, "System.DateTimeOffset", static _ => true, "Now", "UtcNow");
        Add(clock, "System.Environment", static _ => true, "TickCount", "TickCount64");
        Add(clock, "System.TimeProvider", static _ => true, "System");
        Add(clock, "System.Threading.Timer", static _ => true, Constructor);
        Add(clock, "System.Timers.Timer", static _ => true, Constructor);
        Add(clock, "System.Threading.Tasks.Task", IgnoresTime, "Delay");
        Add(clock, "System.Threading.PeriodicTimer", IgnoresTime, Constructor);
        Add(Rules.IdsAreVersion7, "System.Guid", static _ => true, "NewGuid");
        Add(Rules.IdsAreVersion7, "System.Guid", static member => member is IMethodSymbol { Parameters.IsEmpty: true }, "CreateVersion7");
        Add(Rules.NothingBlocks, "System.Threading.Thread", static _ => true, "Sleep", "Join", "SpinWait");
        Add(Rules.NothingBlocks, "System.Threading.SpinWait", static _ => true, "SpinUntil");
        Add(Rules.NothingBlocks, "System.Threading.Tasks.Task", static _ => true, "Wait", "WaitAll", "WaitAny", "RunSynchronously");
        Add(Rules.NothingBlocks, "System.Threading.Tasks.TaskAsyncEnumerableExtensions", static _ => true, "ToBlockingEnumerable");
        Add(Rules.NothingBlocks, "System.Threading.Tasks.Task`1", static _ => true, "Result");
        Add(Rules.NothingBlocks, "System.Threading.Tasks.ValueTask`1", static _ => true, "Result");
        Add(Rules.NothingBlocks, "System.Threading.Monitor", static _ => true, "Wait");
        Add(Rules.NothingBlocks, "System.Threading.WaitHandle", static _ => true, "WaitOne");
        Add(Rules.NothingBlocks, "System.Threading.WaitHandle", static _ => true, "WaitAll", "WaitAny");
        Add(Rules.NothingBlocks, "System.Threading.SemaphoreSlim", static _ => true, "Wait");
        Add(Rules.NothingBlocks, "System.Threading.ManualResetEventSlim", static _ => true, "Wait");
        Add(Rules.NothingBlocks, "System.Threading.CountdownEvent", static _ => true, "Wait");
        Add(Rules.NothingBlocks, "System.Threading.Barrier", static _ => true, "SignalAndWait");
        Add(Rules.NothingBlocks, "System.Diagnostics.Process", static _ => true, "WaitForExit");
        Add(Rules.NothingBlocks, "System.Net.Http.HttpClient", static _ => true, "Send");
        Add(Rules.NothingBlocks, "System.Collections.Concurrent.BlockingCollection`1", static _ => true, "Take", "GetConsumingEnumerable");
        return members;

        void Add(DiagnosticDescriptor rule, string type, Func<ISymbol, bool> isMeant, params string[] names)
        {
            var found = compilation.GetTypeByMetadataName(type);
            foreach (var member in found is null ? [] : names.SelectMany(name => found.GetMembers(name)).Where(isMeant))
            {
                members[member] = (rule, Shown(member));
            }
        }
    }

    private static string Shown(ISymbol member) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType.Name: "PeriodicTimer" } => "new PeriodicTimer without a TimeProvider",
        IMethodSymbol { MethodKind: MethodKind.Constructor } => "new " + member.ContainingType.Name,
        { Name: "Delay" } => "Task.Delay without a TimeProvider",
        { Name: "CreateVersion7" } => "Guid.CreateVersion7 without a time",
        _ => member.ContainingType.Name + "." + member.Name,
    };

    private static bool IgnoresTime(ISymbol member) => member is IMethodSymbol method && !method.Parameters.Any(static parameter => parameter.Type.Name == "TimeProvider");

    private static bool Polls(IInvocationOperation call) => call.Arguments.FirstOrDefault()?.Value is { } time
        && (time.ConstantValue is { HasValue: true, Value: 0 } || time is IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } });
}
