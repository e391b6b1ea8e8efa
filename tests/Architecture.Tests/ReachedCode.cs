using System.Reflection;
using System.Runtime.CompilerServices;
using MediatR;
using ModularMonolith.Platform.Http;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ModularMonolith.Architecture.Tests;

/// <summary>What happens when a method runs.</summary>
/// <param name="Requests">The requests that are made.</param>
/// <param name="Problems">The kinds of problems that the code names, whether it is on the way of every call or of none.</param>
internal sealed record Reached(IReadOnlySet<Type> Requests, IReadOnlySet<ProblemType> Problems);

/// <summary>
/// What happens when methods run: directly, by what they call, and by the handlers of the requests that they make. It goes by the compiled code, so that nothing has to be declared. What is
/// behind an interface is found where the interface is a request's handler.
/// </summary>
internal sealed class ReachedCode : IDisposable
{
    private readonly Dictionary<string, ModuleDefinition> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<MethodDefinition, Step> _steps = [];
    private readonly Dictionary<string, Type?> _types = new(StringComparer.Ordinal);
    private readonly ILookup<Type, Type> _handlers;
    private readonly DefaultAssemblyResolver _resolver = new();

    /// <param name="assemblies">Those whose code is followed.</param>
    public ReachedCode(IReadOnlyList<Assembly> assemblies)
    {
        _resolver.AddSearchDirectory(AppContext.BaseDirectory);
        foreach (var assembly in assemblies)
        {
            _modules[assembly.GetName().Name!] = ModuleDefinition.ReadModule(assembly.Location, new ReaderParameters { InMemory = true, AssemblyResolver = _resolver });
        }

        _handlers = assemblies.SelectMany(static assembly => assembly.GetTypes())
            .SelectMany(static type => type.GetInterfaces().Where(IsHandler).Select(contract => (Request: contract.GetGenericArguments()[0], Handler: type)))
            .ToLookup(static pair => pair.Request, static pair => pair.Handler);
    }

    /// <summary>What happens when a method runs.</summary>
    public Reached From(MethodInfo method)
    {
        var made = new HashSet<Type>();
        var problems = new HashSet<ProblemType>();
        var seen = new HashSet<MethodDefinition>();
        var waiting = new Queue<MethodDefinition>();
        Make(method.GetParameters().Select(static parameter => parameter.ParameterType).Concat(method.GetGenericArguments()).Concat(method.DeclaringType!.GetGenericArguments()).Where(IsRequest));
        Enqueue(Definition(method.DeclaringType!)?.Methods.Where(member => member.MetadataToken.ToInt32() == method.MetadataToken));
        while (waiting.TryDequeue(out var current))
        {
            var step = StepOf(current);
            Enqueue(step.Called);
            Make(step.Made);
            problems.UnionWith(step.Problems);
        }

        return new Reached(made, problems);

        void Make(IEnumerable<Type> requests)
        {
            foreach (var request in requests.Where(made.Add))
            {
                Enqueue(_handlers[request].SelectMany(handler => Definition(handler)?.Methods.Where(static member => member.Name == "Handle" || member.Name.EndsWith(".Handle", StringComparison.Ordinal)) ?? []));
            }
        }

        void Enqueue(IEnumerable<MethodDefinition>? found)
        {
            foreach (var member in found?.Where(seen.Add) ?? [])
            {
                waiting.Enqueue(member);
            }
        }
    }

    public void Dispose()
    {
        foreach (var module in _modules.Values)
        {
            module.Dispose();
        }

        _resolver.Dispose();
    }

    private static bool IsHandler(Type contract) =>
        contract.IsGenericType && (contract.GetGenericTypeDefinition() == typeof(IRequestHandler<>) || contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>));

    private static bool IsRequest(Type? type) => type is not null && typeof(IBaseRequest).IsAssignableFrom(type);

    /// <summary>What one method does by itself.</summary>
    private Step StepOf(MethodDefinition method)
    {
        if (_steps.TryGetValue(method, out var known))
        {
            return known;
        }

        var step = new Step([], [], []);
        // The body of an async method stands in a type of its own.
        var machine = method.CustomAttributes.FirstOrDefault(static attribute =>
            attribute.AttributeType.Name is nameof(AsyncStateMachineAttribute) or nameof(IteratorStateMachineAttribute) or nameof(AsyncIteratorStateMachineAttribute));
        step.Called.AddRange(((TypeReference?)machine?.ConstructorArguments[0].Value)?.Resolve()?.Methods.Where(static member => member.Name == "MoveNext") ?? []);
        foreach (var called in method.HasBody ? method.Body.Instructions.Where(static instruction => instruction.Operand is MethodReference) : [])
        {
            Add(called.OpCode, (MethodReference)called.Operand, step);
        }

        step.Problems.AddRange(method.HasBody ? method.Body.Instructions.Select(static instruction => instruction.Operand).OfType<FieldReference>().Select(ProblemOf).OfType<ProblemType>() : []);
        return _steps[method] = step;
    }

    private void Add(OpCode code, MethodReference called, Step step)
    {
        // A copy of a record, made by "with", and what a serializer reads are made, too.
        var made = (called as GenericInstanceMethod)?.GenericArguments.ToList() ?? [];
        if (code == OpCodes.Newobj || called.Name == "<Clone>$")
        {
            made.Add(called.DeclaringType);
        }

        step.Made.AddRange(made.Where(static reference => !reference.IsGenericParameter).Select(TypeOf).Where(IsRequest)!);
        if (_modules.ContainsKey(AssemblyOf(called.DeclaringType)) && called.Resolve() is { } definition)
        {
            step.Called.Add(definition);
        }
    }

    private TypeDefinition? Definition(Type type)
    {
        var open = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        return _modules.TryGetValue(open.Assembly.GetName().Name!, out var module) ? (TypeDefinition)module.LookupToken(open.MetadataToken) : null;
    }

    // Requests are types of the assemblies that are followed.
    private Type? TypeOf(TypeReference reference)
    {
        if (!_modules.ContainsKey(AssemblyOf(reference)))
        {
            return null;
        }

        var name = $"{reference.GetElementType().FullName.Replace('/', '+')}, {AssemblyOf(reference)}";
        return _types.TryGetValue(name, out var known) ? known : _types[name] = Type.GetType(name);
    }

    private ProblemType? ProblemOf(FieldReference field) => field.FieldType.FullName == typeof(ProblemType).FullName
        ? TypeOf(field.DeclaringType)?.GetField(field.Name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null) as ProblemType
        : null;

    private static string AssemblyOf(TypeReference reference) => reference.GetElementType().Scope switch
    {
        ModuleDefinition module => module.Assembly.Name.Name,
        var scope => scope.Name,
    };

    private sealed record Step(List<Type> Made, List<MethodDefinition> Called, List<ProblemType> Problems);
}
