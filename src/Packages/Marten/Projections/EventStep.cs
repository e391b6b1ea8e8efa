using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Events;

namespace Marten.Projections;

internal delegate ValueTask<T> CreateStep<T>(IEvent item, IQuerySession session, CancellationToken token);

internal delegate ValueTask<T> ApplyStep<T>(T snapshot, IEvent item, IQuerySession session, CancellationToken token);

internal delegate ValueTask<bool> DeleteStep<T>(T snapshot, IEvent item, IQuerySession session, CancellationToken token);

/// <summary>What one type of event does to an aggregate.</summary>
internal sealed class EventStep<T>(CreateStep<T>? create, ApplyStep<T>[] apply, DeleteStep<T>[] delete, Func<T>? construct, Func<Exception> cannotStart) where T : class
{
    public async ValueTask<T?> RunAsync(T? snapshot, IEvent item, IQuerySession session, CancellationToken token)
    {
        if (snapshot is null)
        {
            if (create is not null)
                return await create(item, session, token);
            if (apply.Length == 0)
                return null;
            snapshot = construct is null ? throw cannotStart() : construct();
        }

        foreach (var step in apply)
            snapshot = await step(snapshot, item, session, token);
        foreach (var step in delete)
        {
            if (await step(snapshot, item, session, token))
                return null;
        }

        return snapshot;
    }
}

/// <summary>Turns convention methods into delegates. Compiled delegates reach members of internal types, and cost no reflection for each event.</summary>
internal static class ConventionCompiler<T> where T : class
{
    private static readonly ParameterExpression Snapshot = Expression.Parameter(typeof(T), "snapshot");
    private static readonly ParameterExpression Item = Expression.Parameter(typeof(IEvent), "item");
    private static readonly ParameterExpression Session = Expression.Parameter(typeof(IQuerySession), "session");
    private static readonly ParameterExpression Token = Expression.Parameter(typeof(CancellationToken), "token");

    public static CreateStep<T> Create(ConventionMethod method, object? projection) =>
        Expression.Lambda<CreateStep<T>>(Wrap(Call(method, projection), typeof(T)), Item, Session, Token).Compile();

    public static ApplyStep<T> Apply(ConventionMethod method, object? projection)
    {
        var call = Call(method, projection);
        Expression body;
        if (call.Type == typeof(void))
            body = Expression.Block(call, Wrap(Snapshot, typeof(T)));
        else if (call.Type == typeof(Task))
            body = Expression.Call(typeof(ConventionCompiler<T>), nameof(After), null, call, Snapshot);
        else
            body = Wrap(call, typeof(T));
        return Expression.Lambda<ApplyStep<T>>(body, Snapshot, Item, Session, Token).Compile();
    }

    public static DeleteStep<T> ShouldDelete(ConventionMethod method, object? projection) =>
        Expression.Lambda<DeleteStep<T>>(Wrap(Call(method, projection), typeof(bool)), Snapshot, Item, Session, Token).Compile();

    private static Expression Call(ConventionMethod method, object? projection)
    {
        var arguments = method.Member.GetParameters().Select(p => Argument(p.ParameterType, method.EventType)).ToArray();
        if (method.Member is ConstructorInfo constructor)
            return Expression.New(constructor, arguments);
        var info = (MethodInfo)method.Member;
        if (info.IsStatic)
            return Expression.Call(info, arguments);
        return Expression.Call(method.IsOnProjection ? Expression.Constant(projection) : Snapshot, info, arguments);
    }

    private static Expression Argument(Type type, Type eventType)
    {
        if (type == typeof(T))
            return Snapshot;
        if (type == typeof(IQuerySession))
            return Session;
        if (type == typeof(CancellationToken))
            return Token;
        if (type == typeof(IEvent))
            return Item;
        return type == eventType
            ? Expression.Convert(Expression.Property(Item, nameof(IEvent.Data)), type)
            : Expression.Convert(Item, type);
    }

    private static NewExpression Wrap(Expression value, Type result)
    {
        var argument = typeof(Task).IsAssignableFrom(value.Type) ? typeof(Task<>).MakeGenericType(result) : result;
        return Expression.New(typeof(ValueTask<>).MakeGenericType(result).GetConstructor([argument])!, value);
    }

    private static async ValueTask<T> After(Task applied, T snapshot)
    {
        await applied;
        return snapshot;
    }
}
