using System.Reflection;
using JasperFx.Events;

namespace Marten.Projections;

/// <summary>One constructor or method that a convention makes part of an aggregation.</summary>
/// <param name="Member">The constructor or method.</param>
/// <param name="EventType">The type of the body it accepts.</param>
/// <param name="IsOnProjection">Whether it belongs to a projection and not to the aggregate itself.</param>
internal sealed record ConventionMethod(MethodBase Member, Type EventType, bool IsOnProjection);

/// <summary>
/// The public methods named Create, Apply and ShouldDelete, and the constructors of an aggregate, that accept an event.
/// Members of other shapes are none of ours and are passed over.
/// </summary>
internal sealed class ConventionMethods
{
    private static readonly HashSet<Type> SimpleTypes =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(object),
    ];

    private readonly Type aggregateType;

    public ConventionMethods(Type aggregateType, Type? projectionType)
    {
        this.aggregateType = aggregateType;
        foreach (var constructor in aggregateType.GetConstructors())
        {
            if (constructor.GetParameters().Length == 1 && EventTypeOf(constructor) is { } type)
                Creators.Add(new ConventionMethod(constructor, type, false));
        }

        Collect(aggregateType, false);
        if (projectionType is not null)
            Collect(projectionType, true);
    }

    /// <summary>In the order of preference: constructors, methods of the aggregate, methods of the projection.</summary>
    public List<ConventionMethod> Creators { get; } = [];

    public List<ConventionMethod> Applications { get; } = [];

    public List<ConventionMethod> Deletions { get; } = [];

    public bool IsEmpty => Creators.Count == 0 && Applications.Count == 0 && Deletions.Count == 0;

    /// <summary>The methods for the type that is closest to the event's own among those that accept it.</summary>
    public static List<ConventionMethod> Closest(List<ConventionMethod> methods, Type eventType)
    {
        var accepting = methods.FindAll(m => m.EventType.IsAssignableFrom(eventType));
        var closest = accepting.Find(m => !accepting.Exists(other => other.EventType != m.EventType && m.EventType.IsAssignableFrom(other.EventType)));
        return closest is null ? [] : accepting.FindAll(m => m.EventType == closest.EventType);
    }

    private void Collect(Type holder, bool isProjection)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;
        foreach (var method in holder.GetMethods(Public))
        {
            var target = method.Name switch
            {
                "Create" when (method.IsStatic || isProjection) && Returns(method, aggregateType) => Creators,
                "Apply" when Returns(method, aggregateType) || method.ReturnType == typeof(void) || method.ReturnType == typeof(Task) => Applications,
                "ShouldDelete" when Returns(method, typeof(bool)) => Deletions,
                _ => null,
            };
            var needsAggregate = target == Applications && (isProjection || method.IsStatic);
            if (target is null || EventTypeOf(method) is not { } type || (needsAggregate && method.GetParameters().All(p => p.ParameterType != aggregateType)))
                continue;
            target.Add(new ConventionMethod(method, type, isProjection));
        }
    }

    private static bool Returns(MethodInfo method, Type result) =>
        method.ReturnType == result || method.ReturnType == typeof(Task<>).MakeGenericType(result);

    private Type? EventTypeOf(MethodBase member)
    {
        if (member.ContainsGenericParameters)
            return null;
        Type? found = null;
        foreach (var parameter in member.GetParameters())
        {
            var type = parameter.ParameterType;
            if (type == aggregateType || type == typeof(IQuerySession) || type == typeof(CancellationToken) || type == typeof(IEvent))
                continue;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEvent<>))
                type = type.GetGenericArguments()[0];
            if (found is not null || type.IsPrimitive || type.IsEnum || type.IsByRef || SimpleTypes.Contains(type))
                return null;
            found = type;
        }

        return found;
    }
}
