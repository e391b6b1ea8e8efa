using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Internal.Storage;
using Marten.Schema;

namespace Marten.Projections;

/// <summary>Builds the aggregate of one stream from its events.</summary>
internal abstract class StreamAggregation(Type aggregateType)
{
    public Type AggregateType => aggregateType;

    /// <summary>Whether events of a type change the aggregate.</summary>
    public abstract bool AppliesTo(Type eventType);

    /// <summary>The aggregate after further events; null when it does not exist, not yet or not any more.</summary>
    public abstract ValueTask<object?> FoldAsync(object? snapshot, IReadOnlyList<IEvent> events, object id, IQuerySession session, CancellationToken token);

    /// <summary>Creates the aggregation of a type: by its own conventions, or by those of a projection.</summary>
    /// <exception cref="InvalidProjectionException">The types cannot work.</exception>
    public static StreamAggregation Create(Type aggregateType, ProjectionBase? projection, StoreOptions options)
    {
        if (!aggregateType.IsClass)
            throw new InvalidProjectionException($"{aggregateType.FullName} is not a class. Only classes and records can be aggregates.");
        return (StreamAggregation)Activator.CreateInstance(typeof(StreamAggregation<>).MakeGenericType(aggregateType), projection, options)!;
    }
}

/// <summary>Builds the aggregate of one stream from its events with delegates that are compiled once for each event type.</summary>
internal sealed class StreamAggregation<T> : StreamAggregation where T : class
{
    private readonly ConcurrentDictionary<Type, EventStep<T>?> steps = new();
    private readonly ProjectionBase? projection;
    private readonly ConventionMethods methods;
    private readonly Func<T?, object, IEvent, T?>? evolve;
    private readonly Func<T>? create;
    private readonly Action<T, object>? setId;
    private readonly Action<T, object>? setVersion;

    public StreamAggregation(ProjectionBase? projection, StoreOptions options)
        : base(typeof(T))
    {
        this.projection = projection;
        methods = new ConventionMethods(typeof(T), projection?.GetType());
        evolve = CompileEvolve(projection);
        create = CompileConstructor();

        if (options.KnownMappingFor(typeof(T)).IdMember is { } id && JsonLocators.TypeOf(id) == (options.Events.StreamIdentity == StreamIdentity.AsGuid ? typeof(Guid) : typeof(string)))
            setId = MemberAccess.Setter<T>(id);
        if (typeof(T).GetProperty("Version") is { } version && (version.PropertyType == typeof(int) || version.PropertyType == typeof(long)))
            setVersion = MemberAccess.Setter<T>(version);
    }

    /// <summary>Whether there is anything that can build the aggregate.</summary>
    public bool HasMethods => evolve is not null || !methods.IsEmpty;

    public override bool AppliesTo(Type eventType) => evolve is not null || StepFor(eventType) is not null;

    public override async ValueTask<object?> FoldAsync(object? snapshot, IReadOnlyList<IEvent> events, object id, IQuerySession session, CancellationToken token) =>
        await FoldAsync((T?)snapshot, events, id, session, token);

    /// <inheritdoc cref="StreamAggregation.FoldAsync" />
    public async ValueTask<T?> FoldAsync(T? snapshot, IReadOnlyList<IEvent> events, object id, IQuerySession session, CancellationToken token)
    {
        foreach (var item in events)
        {
            if (item is IEvent<Compacted<T>> compacted)
            {
                snapshot = compacted.Data.Snapshot;
                continue;
            }

            var before = snapshot;
            if (evolve is not null)
                snapshot = evolve(snapshot, id, item);
            else if (StepFor(item.EventType) is { } step)
                snapshot = await step.RunAsync(snapshot, item, session, token);
            if (snapshot is not null && !ReferenceEquals(before, snapshot))
                setId?.Invoke(snapshot, id);
        }

        if (snapshot is not null && events.Count > 0 && events[^1].Version > 0)
            setVersion?.Invoke(snapshot, events[^1].Version);
        return snapshot;
    }

    private EventStep<T>? StepFor(Type eventType) => steps.TryGetValue(eventType, out var known) ? known : steps.GetOrAdd(eventType, BuildStep);

    private EventStep<T>? BuildStep(Type eventType)
    {
        var creator = ConventionMethods.Closest(methods.Creators, eventType).FirstOrDefault();
        var applications = ConventionMethods.Closest(methods.Applications, eventType);
        var deletions = ConventionMethods.Closest(methods.Deletions, eventType);
        if (creator is null && applications.Count == 0 && deletions.Count == 0)
            return null;
        return new EventStep<T>(
            creator is null ? null : ConventionCompiler<T>.Create(creator, projection),
            [.. applications.Select(m => ConventionCompiler<T>.Apply(m, projection))],
            [.. deletions.Select(m => ConventionCompiler<T>.ShouldDelete(m, projection))],
            create,
            () => new InvalidEventToStartAggregateException(typeof(T), projection?.GetType() ?? typeof(T), eventType));
    }

    private static Func<T>? CompileConstructor()
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        return !typeof(T).IsAbstract && typeof(T).GetConstructor(Any, Type.EmptyTypes) is { } constructor
            ? Expression.Lambda<Func<T>>(Expression.New(constructor)).Compile()
            : null;
    }

    private static Func<T?, object, IEvent, T?>? CompileEvolve(ProjectionBase? projection)
    {
        var method = projection?.GetType().GetMethod("Evolve");
        if (method is null || method.GetBaseDefinition().DeclaringType == method.DeclaringType)
            return null;
        var snapshot = Expression.Parameter(typeof(T));
        var id = Expression.Parameter(typeof(object));
        var item = Expression.Parameter(typeof(IEvent));
        var call = Expression.Call(Expression.Constant(projection), method, snapshot, Expression.Convert(id, method.GetParameters()[1].ParameterType), item);
        return Expression.Lambda<Func<T?, object, IEvent, T?>>(call, snapshot, id, item).Compile();
    }
}
