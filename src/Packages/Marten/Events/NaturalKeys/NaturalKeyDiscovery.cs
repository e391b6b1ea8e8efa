using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Projections;

namespace Marten.Events;

/// <summary>Finds the natural key that an aggregate declares with attributes.</summary>
internal static class NaturalKeyDiscovery
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>The natural key of an aggregate, with the events that attributes of the aggregate and its projection name; null when it has none.</summary>
    /// <exception cref="InvalidProjectionException">The aggregate declares more than one key, or one of an unsuitable type.</exception>
    public static NaturalKeyDefinition? Find(Type aggregateType, Type? projectionType)
    {
        var members = aggregateType.GetProperties().Where(p => p.IsDefined(typeof(NaturalKeyAttribute))).ToList();
        if (members.Count == 0)
            return null;
        if (members.Count > 1)
            throw new InvalidProjectionException($"{aggregateType.FullName} has more than one natural key: {string.Join(", ", members.Select(m => m.Name))}. Mark one property.");
        var definition = new NaturalKeyDefinition(aggregateType, members[0]);
        if (definition.InnerType != typeof(string) && definition.InnerType != typeof(Guid) && definition.InnerType != typeof(int) && definition.InnerType != typeof(long))
            throw new InvalidProjectionException($"The natural key {aggregateType.Name}.{members[0].Name} is a {definition.OuterType.Name}. It must be a string, Guid, int or long, or a type that wraps one of them.");
        IEnumerable<MethodInfo> methods = aggregateType.GetMethods(Public);
        if (projectionType is not null)
            methods = methods.Concat(projectionType.GetMethods(Public));
        foreach (var method in methods.Where(m => m.IsDefined(typeof(NaturalKeySourceAttribute))))
            Add(definition, method);
        return definition;
    }

    private static void Add(NaturalKeyDefinition definition, MethodInfo method)
    {
        var parameter = method.GetParameters().FirstOrDefault(p => p.ParameterType != definition.AggregateType && p.ParameterType != typeof(IQuerySession) && p.ParameterType != typeof(CancellationToken));
        var declared = parameter?.ParameterType
            ?? throw new InvalidProjectionException($"{method.DeclaringType!.Name}.{method.Name} is marked as source of a natural key and accepts no event.");
        var eventType = declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(IEvent<>) ? declared.GetGenericArguments()[0] : declared;
        var extractor = FromProperty(definition, eventType)
            ?? (declared == eventType && method.GetParameters().Length == 1 && method.DeclaringType == definition.AggregateType ? FromMethod(definition, method, eventType) : null)
;
        if (extractor is not null)
        {
            definition.EventMappings.Add(new NaturalKeyEventMapping(eventType, extractor));
            return;
        }

        definition.Unreadable.Add((eventType,
            $"The natural key of {definition.AggregateType.Name} cannot be read from {eventType.Name}: none of its properties has the type {definition.OuterType.Name} or the name {definition.Member.Name}. Say how with NaturalKeyFor(k => k.SetBy<{eventType.Name}>(...))."));
    }

    private static Func<object, object?>? FromProperty(NaturalKeyDefinition definition, Type eventType)
    {
        var candidates = eventType.GetProperties().Where(p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType) == definition.OuterType).ToList();
        var property = candidates.Find(p => p.Name == definition.Member.Name) ?? (definition.OuterType != definition.InnerType && candidates is [var only] ? only : null);
        if (property is null)
            return null;
        var body = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(Expression.Property(Expression.Convert(body, eventType), property), typeof(object)), body).Compile();
    }

    private static Func<object, object?>? FromMethod(NaturalKeyDefinition definition, MethodInfo method, Type eventType)
    {
        var body = Expression.Parameter(typeof(object));
        var item = Expression.Convert(body, eventType);
        var type = definition.AggregateType;
        if (method.IsStatic && method.ReturnType == type)
            return Compile(Expression.Call(method, item), []);
        if (method.IsStatic || type.GetConstructor(Type.EmptyTypes) is not { } constructor)
            return null;
        var aggregate = Expression.Variable(type);
        var create = Expression.Assign(aggregate, Expression.New(constructor));
        if (method.ReturnType == type)
            return Compile(Expression.Block([aggregate], create, Expression.Call(aggregate, method, item)), []);
        return method.ReturnType == typeof(void) ? Compile(aggregate, [create, Expression.Call(aggregate, method, item)]) : null;

        Func<object, object?> Compile(Expression result, Expression[] before)
        {
            var key = Expression.Convert(Expression.Property(result, (PropertyInfo)definition.Member), typeof(object));
            var variables = before.Length == 0 ? Array.Empty<ParameterExpression>() : [(ParameterExpression)result];
            return Expression.Lambda<Func<object, object?>>(Expression.Block(variables, [.. before, key]), body).Compile();
        }
    }
}
