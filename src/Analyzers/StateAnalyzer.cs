using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ModularMonolith.Analyzers;

/// <summary>State that all requests would share, and methods that nobody can wait for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StateAnalyzer : BoundaryAnalyzer
{
    // Types whose content can be changed through a field that cannot. Immutable and frozen ones, those that are written once, and locks are legal.
    private static readonly string[] MutableTypes =
    [
        "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Generic.Queue`1", "System.Collections.Generic.Stack`1",
        "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2", "System.Collections.Generic.SortedSet`1", "System.Collections.Generic.LinkedList`1",
        "System.Collections.Generic.PriorityQueue`2", "System.Collections.Generic.OrderedDictionary`2", "System.Collections.Generic.IList`1", "System.Collections.Generic.ICollection`1",
        "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.ISet`1", "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Concurrent.ConcurrentBag`1",
        "System.Collections.Concurrent.ConcurrentQueue`1", "System.Collections.Concurrent.ConcurrentStack`1", "System.Collections.Concurrent.BlockingCollection`1", "System.Collections.ArrayList",
        "System.Collections.Hashtable", "System.Collections.BitArray", "System.Collections.IList", "System.Collections.IDictionary", "System.Collections.Specialized.NameValueCollection",
        "System.Collections.ObjectModel.Collection`1", "System.Collections.ObjectModel.ObservableCollection`1", "System.Runtime.CompilerServices.ConditionalWeakTable`2",
        "System.Runtime.CompilerServices.StrongBox`1", "System.Text.StringBuilder", "System.Random", "System.Memory`1", "System.ArraySegment`1", "System.Threading.AsyncLocal`1", "System.Threading.ThreadLocal`1", "System.Threading.Channels.Channel`1", "System.Threading.Channels.ChannelWriter`1",
        "System.Threading.CancellationTokenSource", "System.Threading.Tasks.TaskCompletionSource", "System.Threading.Tasks.TaskCompletionSource`1", "System.WeakReference", "System.WeakReference`1",
        "Microsoft.Extensions.Caching.Memory.MemoryCache", "Microsoft.Extensions.Caching.Memory.IMemoryCache", "System.Text.Json.Nodes.JsonObject", "System.Text.Json.Nodes.JsonArray",
        "System.Text.Json.Nodes.JsonNode",
    ];

    private const string CanChange = "is static and can change";

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rules.NoStaticMutableState, Rules.NoAsyncVoid];

    protected override void Start(CompilationStartAnalysisContext context, ModulePlace place)
    {
        var mutable = MutableTypes.Select(context.Compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>().ToImmutableHashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        context.RegisterSymbolAction(symbol => CheckField(symbol, mutable), SymbolKind.Field);
        context.RegisterSymbolAction(symbol => CheckProperty(symbol, mutable), SymbolKind.Property);
        context.RegisterSymbolAction(CheckEvent, SymbolKind.Event);
        context.RegisterSymbolAction(static symbol => CheckMethod(symbol.ReportDiagnostic, (IMethodSymbol)symbol.Symbol), SymbolKind.Method);
        context.RegisterOperationAction(
            static operation => CheckMethod(operation.ReportDiagnostic, ((ILocalFunctionOperation)operation.Operation).Symbol), OperationKind.LocalFunction);
        context.RegisterOperationAction(
            static operation => CheckMethod(operation.ReportDiagnostic, ((IAnonymousFunctionOperation)operation.Operation).Symbol), OperationKind.AnonymousFunction);
    }

    private static void CheckField(SymbolAnalysisContext context, ImmutableHashSet<INamedTypeSymbol> mutable)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (field is { IsStatic: true, IsConst: false, IsImplicitlyDeclared: false } && What(field.IsReadOnly, field.Type, mutable, field.ContainingAssembly) is { } what)
        {
            Report(context, what);
        }
    }

    // The field behind a property that computes what it returns does not exist.
    private static void CheckProperty(SymbolAnalysisContext context, ImmutableHashSet<INamedTypeSymbol> mutable)
    {
        var property = (IPropertySymbol)context.Symbol;
        if (property is { IsStatic: true, IsAbstract: false }
            && property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
            && What(property.SetMethod is null, property.Type, mutable, property.ContainingAssembly) is { } what)
        {
            Report(context, what);
        }
    }

    private static void CheckEvent(SymbolAnalysisContext context)
    {
        if (context.Symbol is IEventSymbol { IsStatic: true, IsAbstract: false, AddMethod.IsImplicitlyDeclared: true })
        {
            Report(context, CanChange);
        }
    }

    private static void CheckMethod(Action<Diagnostic> report, IMethodSymbol method)
    {
        if (method is { IsAsync: true, ReturnsVoid: true })
        {
            report(Diagnostic.Create(Rules.NoAsyncVoid, method.Locations[0], method.PlaceName(), method.MethodKind == MethodKind.AnonymousFunction ? "has an async lambda that returns no task" : "is async and returns no task"));
        }
    }

    private static string? What(bool isReadOnly, ITypeSymbol type, ImmutableHashSet<INamedTypeSymbol> mutable, IAssemblySymbol assembly)
    {
        // Lazy<T> holds what it makes.
        var held = type is INamedTypeSymbol { Name: "Lazy", TypeArguments.Length: 1 } lazy ? lazy.TypeArguments[0] : type;
        return !isReadOnly ? CanChange
            : held.OriginalDefinition is INamedTypeSymbol holder && mutable.Contains(holder) ? $"is static, and what is in its {holder.Name} can change"
            : held is INamedTypeSymbol own && IsSettable(own, assembly) ? $"is static, and what is in its {own.Name} can change"
            : null;
    }

    // A class of the module that anybody can set values in. The setters of a document are for its store; which methods change a class only the engine follows.
    private static bool IsSettable(INamedTypeSymbol type, IAssemblySymbol assembly) => type.TypeKind == TypeKind.Class && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, assembly)
        && type.GetMembers().OfType<IPropertySymbol>().Any(static property => property is { IsStatic: false, SetMethod.IsInitOnly: false })
        && !type.Interfaces.Any(static contract => contract.ContainingNamespace.ToDisplayString() is var space && (space.StartsWith("Marten", StringComparison.Ordinal) || space.StartsWith("JasperFx", StringComparison.Ordinal)));

    private static void Report(SymbolAnalysisContext context, string what) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.NoStaticMutableState, context.Symbol.Locations[0], context.Symbol.PlaceName(), what));
}
