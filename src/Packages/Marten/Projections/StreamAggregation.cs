using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Core.Reflection;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Internal.Storage;
using Marten.Schema;
using ApplyEventException = JasperFx.Events.Daemon.ApplyEventException;

namespace Marten.Projections;

/// <summary>Builds an aggregate from its events.</summary>
internal abstract class StreamAggregation(Type aggregateType)
{
    public Type AggregateType => aggregateType;

    /// <summary>The types of the events that may change the aggregate; null when any may.</summary>
    public abstract IReadOnlyCollection<Type>? EventTypes { get; }

    /// <summary>Whether there is anything that can build the aggregate.</summary>
    public abstract bool HasMethods { get; }

    /// <summary>Whether events of a type change the aggregate.</summary>
    public abstract bool AppliesTo(Type eventType);

    /// <summary>The aggregate after further events, and what becomes of its document.</summary>
    public abstract ValueTask<(object? Snapshot, ActionType Action)> DetermineAsync(object? snapshot, IReadOnlyList<IEvent> events, object id, IQuerySession session, CancellationToken token);

    /// <summary>Creates the aggregation of a type: by its own conventions, or by those of a projection.</summary>
    /// <exception cref="InvalidProjectionException">The types cannot work.</exception>
    public static StreamAggregation Create(Type aggregateType, ProjectionBase? projection, Type idType, bool isMultiStream, StoreOptions options)
    {
        if (!aggregateType.IsClass)
            throw new InvalidProjectionException($"{aggregateType.FullName} is not a class. Only classes and records can be aggregates.");
        var hooks = projection is null ? null : Activator.CreateInstance(typeof(AggregateHooks<,>).MakeGenericType(aggregateType, idType), projection);
        return (StreamAggregation)Activator.CreateInstance(typeof(StreamAggregation<>).MakeGenericType(aggregateType), projection, hooks, idType, isMultiStream, options)!;
    }
}

/// <summary>Builds an aggregate from its events with delegates that are compiled once for each event type.</summary>
internal sealed class StreamAggregation<T> : StreamAggregation where T : class
{
    private readonly ConcurrentDictionary<Type, EventStep<T>?> steps = new();
    private readonly ProjectionBase? projection;
    private readonly IAggregateHooks<T>? hooks;
    private readonly ConventionMethods methods;
    private readonly bool isMultiStream;
    private readonly Func<T>? create;
    private readonly Action<T, object>? setId;
    private readonly Action<T, object>? setVersion;

    public StreamAggregation(ProjectionBase? projection, IAggregateHooks<T>? hooks, Type idType, bool isMultiStream, StoreOptions options)
        : base(typeof(T))
    {
        this.projection = projection;
        this.hooks = hooks;
        this.isMultiStream = isMultiStream;
        methods = new ConventionMethods(typeof(T), projection?.GetType());
        create = CompileConstructor();

        if (options.KnownMappingFor(typeof(T)).IdMember is { } id)
            setId = IdentitySetter(id, idType);
        if (typeof(T).GetProperty("Version") is { } version && (version.PropertyType == typeof(int) || version.PropertyType == typeof(long)))
            setVersion = MemberAccess.Setter<T>(version);
    }

    public override bool HasMethods => IsExplicit || !methods.IsEmpty || hooks is { DeletingTypes.Count: > 0 };

    public override IReadOnlyCollection<Type>? EventTypes
    {
        get
        {
            if (IsExplicit)
                return hooks!.IncludedTypes.Count == 0 ? null : [.. hooks.IncludedTypes, .. hooks.DeletingTypes, typeof(Compacted<T>)];
            var types = methods.Creators.Concat(methods.Applications).Concat(methods.Deletions).Select(m => m.EventType).Append(typeof(Compacted<T>)).ToHashSet();
            if (hooks is not null)
            {
                types.UnionWith(hooks.DeletingTypes);
                types.UnionWith(hooks.TransformingTypes);
                types.UnionWith(hooks.IncludedTypes);
            }

            return types;
        }
    }

    private bool IsExplicit => hooks is { HasEvolve: true } or { HasDetermine: true };

    public override bool AppliesTo(Type eventType)
    {
        if (eventType == typeof(Compacted<T>))
            return true;
        if (hooks is not null && hooks.DeletingTypes.Contains(eventType))
            return true;
        return IsExplicit
            ? hooks!.IncludedTypes.Count == 0 || hooks.IncludedTypes.Any(t => t.IsAssignableFrom(eventType))
            : StepFor(eventType) is not null;
    }

    public override async ValueTask<(object? Snapshot, ActionType Action)> DetermineAsync(object? snapshot, IReadOnlyList<IEvent> events, object id, IQuerySession session, CancellationToken token) =>
        await DetermineAsync((T?)snapshot, events, id, session, token);

    /// <summary>The aggregate after further events; null when it does not exist, not yet or not any more.</summary>
    public async ValueTask<T?> FoldAsync(T? snapshot, IReadOnlyList<IEvent> events, object id, IQuerySession session, CancellationToken token)
    {
        try
        {
            var (after, action) = await DetermineAsync(snapshot, events, id, session, token);
            return action is ActionType.Delete or ActionType.HardDelete or ActionType.StoreThenSoftDelete ? null : after;
        }
        catch (ApplyEventException exception)
        {
            // Only the daemon does something about a single event; a reader wants the error itself.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    /// <inheritdoc cref="StreamAggregation.DetermineAsync" />
    /// <exception cref="ApplyEventException">One of the events cannot be applied.</exception>
    public async ValueTask<(T? Snapshot, ActionType Action)> DetermineAsync(T? snapshot, IReadOnlyList<IEvent> events, object id, IQuerySession session, CancellationToken token)
    {
        if (events.Count == 0)
            return (snapshot, ActionType.Nothing);
        if (hooks is { HasDetermine: true })
        {
            var relevant = hooks.IncludedTypes.Count == 0 ? events : [.. events.Where(e => AppliesTo(e.EventType))];
            var (determined, action) = await hooks.DetermineAsync(session, snapshot, id, setId, relevant, token);
            return (determined is null ? null : Complete(determined, determined != snapshot, events[^1], id), action);
        }

        var existed = snapshot is not null;
        var isNew = false;
        foreach (var item in events)
        {
            var before = snapshot;
            try
            {
                snapshot = await ApplyAsync(snapshot, item, id, session, token);
            }
            catch (Exception exception) when (Failures.IsOfEvent(exception))
            {
                throw new ApplyEventException(item, exception);
            }

            isNew |= !ReferenceEquals(before, snapshot);
            if (snapshot is not null && !ReferenceEquals(before, snapshot))
                setId?.Invoke(snapshot, id);
        }

        if (snapshot is not null)
            return (Complete(snapshot, isNew, events[^1], id), ActionType.Store);
        return (null, existed ? ActionType.Delete : ActionType.Nothing);
    }

    private async ValueTask<T?> ApplyAsync(T? snapshot, IEvent item, object id, IQuerySession session, CancellationToken token)
    {
        if (item is IEvent<Compacted<T>> compacted)
            return compacted.Data.Snapshot;
        if (hooks is not null)
        {
            if (hooks.DeletingTypes.Contains(item.EventType))
                return null;
            if (hooks.HasEvolve && !AppliesTo(item.EventType))
                return snapshot;
            if (hooks.HasEvolve)
                return await hooks.EvolveAsync(snapshot, id, session, item, token);
        }

        return StepFor(item.EventType) is { } step ? await step.RunAsync(snapshot, item, session, token) : snapshot;
    }

    private T Complete(T snapshot, bool isNew, IEvent last, object id)
    {
        if (isNew)
            setId?.Invoke(snapshot, id);
        var version = isMultiStream ? last.Sequence : last.Version;
        if (version > 0)
            setVersion?.Invoke(snapshot, version);
        return hooks is null ? snapshot : hooks.ApplyMetadata(snapshot, last);
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

    // The identity comes as it is, or as the value of the stream that the member wraps.
    private static Action<T, object>? IdentitySetter(MemberInfo member, Type idType)
    {
        var type = JsonLocators.TypeOf(member);
        if (MemberAccess.Setter<T>(member) is not { } set)
            return null;
        if (ValueTypeInfo.TryFind(type, out var wrapper) && (type == idType || wrapper.SimpleType == idType))
            return (aggregate, id) => set(aggregate, wrapper.OuterType.IsInstanceOfType(id) ? id : wrapper.Wrap(id));
        return type == idType ? set : null;
    }

    private static Func<T>? CompileConstructor()
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        return !typeof(T).IsAbstract && typeof(T).GetConstructor(Any, Type.EmptyTypes) is { } constructor
            ? Expression.Lambda<Func<T>>(Expression.New(constructor)).Compile()
            : null;
    }
}
