using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Events;
using Marten.Events.Projections;

namespace Marten.Projections;

internal delegate ValueTask ProjectStep(IDocumentOperations operations, IEvent item, CancellationToken token);

/// <summary>The public methods named Project, Create and Transform of a projection, compiled once for each event type.</summary>
internal sealed class EventProjectionMethods
{
    private readonly ConcurrentDictionary<Type, ProjectStep[]> steps = new();
    private readonly List<(MethodInfo Method, Type EventType, Type? Stored)> methods = [];
    private readonly EventProjection projection;

    public EventProjectionMethods(EventProjection projection)
    {
        this.projection = projection;
        var apply = projection.GetType().GetMethod(nameof(projection.ApplyAsync), [typeof(IDocumentOperations), typeof(IEvent), typeof(CancellationToken)])!;
        OverridesApply = apply.GetBaseDefinition().DeclaringType != apply.DeclaringType;
        foreach (var method in projection.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
        {
            if (method.ContainsGenericParameters || EventTypeOf(method) is not { } type)
                continue;
            var result = Unwrap(method.ReturnType);
            if (method.Name == "Project" && result == typeof(void))
                methods.Add((method, type, null));
            else if (method.Name is "Create" or "Transform" && result != typeof(void) && !result.IsValueType)
                methods.Add((method, type, result));
        }
    }

    public bool OverridesApply { get; }

    public IReadOnlyCollection<Type> EventTypes => methods.ConvertAll(m => m.EventType);

    /// <summary>The documents that Create and Transform return.</summary>
    public IEnumerable<Type> StoredTypes => methods.Where(m => m.Stored is not null).Select(m => m.Stored!);

    public ValueTask ApplyAsync(IDocumentOperations operations, IEvent item, CancellationToken token) => OverridesApply
        ? projection.ApplyAsync(operations, item, token)
        : RunAsync(steps.GetOrAdd(item.EventType, Compile), operations, item, token);

    private static async ValueTask RunAsync(ProjectStep[] all, IDocumentOperations operations, IEvent item, CancellationToken token)
    {
        foreach (var step in all)
            await step(operations, item, token);
    }

    private ProjectStep[] Compile(Type eventType)
    {
        var accepting = methods.FindAll(m => m.EventType.IsAssignableFrom(eventType));
        return [.. accepting.Select(m => Compile(m.Method, m.EventType, m.Stored))];
    }

    private ProjectStep Compile(MethodInfo method, Type eventType, Type? stored)
    {
        var operations = Expression.Parameter(typeof(IDocumentOperations));
        var item = Expression.Parameter(typeof(IEvent));
        var token = Expression.Parameter(typeof(CancellationToken));
        var arguments = method.GetParameters().Select(p => (Expression)(p.ParameterType switch
        {
            var t when t == typeof(IDocumentOperations) => operations,
            var t when t == typeof(IQuerySession) => operations,
            var t when t == typeof(CancellationToken) => token,
            var t when t == typeof(IEvent) => item,
            var t when t == eventType => Expression.Convert(Expression.Property(item, nameof(IEvent.Data)), t),
            var t => Expression.Convert(item, t),
        }));
        Expression call = Expression.Call(method.IsStatic ? null : Expression.Constant(projection), method, arguments);
        if (stored is not null)
            call = Expression.Call(typeof(EventProjectionMethods), nameof(StoreAsync), [stored], operations, AsTask(call, stored));
        else if (call.Type == typeof(Task))
            call = Expression.New(typeof(ValueTask).GetConstructor([typeof(Task)])!, call);
        else if (call.Type != typeof(ValueTask))
            call = Expression.Block(call, Expression.Default(typeof(ValueTask)));
        return Expression.Lambda<ProjectStep>(call, operations, item, token).Compile();
    }

    private static NewExpression AsTask(Expression call, Type stored)
    {
        var type = call.Type.IsGenericType && call.Type.GetGenericTypeDefinition() == typeof(Task<>) ? call.Type : stored;
        return Expression.New(typeof(ValueTask<>).MakeGenericType(stored).GetConstructor([type])!, call);
    }

    private static async ValueTask StoreAsync<T>(IDocumentOperations operations, ValueTask<T> created) where T : notnull
    {
        if (await created is { } document)
            operations.Store(document);
    }

    private static Type Unwrap(Type result)
    {
        if (result == typeof(Task) || result == typeof(ValueTask))
            return typeof(void);
        return result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>) ? result.GetGenericArguments()[0] : result;
    }

    private static Type? EventTypeOf(MethodInfo method)
    {
        Type? found = null;
        var takesAny = false;
        foreach (var parameter in method.GetParameters())
        {
            var type = parameter.ParameterType;
            if (type == typeof(IDocumentOperations) || type == typeof(IQuerySession) || type == typeof(CancellationToken))
                continue;
            if (type == typeof(IEvent))
            {
                takesAny = true;
                continue;
            }

            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEvent<>))
                type = type.GetGenericArguments()[0];
            if (found is not null || type.IsValueType || type == typeof(string) || type.IsByRef)
                return null;
            found = type;
        }

        return found ?? (takesAny ? typeof(object) : null);
    }
}
