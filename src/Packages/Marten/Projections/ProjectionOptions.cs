using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.Events.Subscriptions;
using JasperFx.MultiTenancy;
using Marten.Events.Aggregation;
using Marten.Internal.Sessions;
using Marten.Projections;
using Marten.Storage;
using Marten.Subscriptions;

namespace Marten.Events.Projections;

/// <summary>The projections and subscriptions of a store, and how the daemon runs them.</summary>
public class ProjectionOptions : DaemonSettings
{
    /// <summary>Called around each commit of the daemon.</summary>
    public readonly List<IChangeListener> AsyncListeners = [];

    private readonly StoreOptions options;
    private readonly List<ProjectionRegistration> registrations = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, AggregateRegistration> unregistered = new();

    internal ProjectionOptions(StoreOptions options) => this.options = options;

    /// <summary>What the daemon does about an event that cannot be processed; default: it skips the event and keeps a dead letter.</summary>
    public ErrorHandlingOptions Errors { get; } = new() { SkipApplyErrors = true, SkipUnknownEvents = true, SkipSerializationErrors = true };

    /// <summary>What a rebuild does about an event that cannot be processed; default: it fails.</summary>
    public ErrorHandlingOptions RebuildErrors { get; } = new();

    internal bool HasAny => registrations.Count > 0;

    internal IReadOnlyList<ProjectionRegistration> Registrations => registrations;

    /// <summary>The registrations and, behind each, its parts.</summary>
    internal IEnumerable<ProjectionRegistration> All => registrations.SelectMany(r => r.Parts.Prepend(r));

    internal IEnumerable<ProjectionRegistration> Async => registrations.Where(r => r.Lifecycle == ProjectionLifecycle.Async);

    /// <summary>All registered aggregates.</summary>
    internal IEnumerable<AggregateRegistration> Aggregates => All.OfType<AggregateRegistration>();

    internal IEnumerable<AggregateRegistration> Inline => registrations.OfType<AggregateRegistration>().Where(r => r.IsInlineSnapshot);

    /// <summary>The aggregates whose streams belong to all tenants.</summary>
    internal IEnumerable<AggregateRegistration> Global => All.OfType<AggregateRegistration>().Where(r => r.IsGlobal);

    /// <summary>The aggregates of one stream that are kept as documents.</summary>
    internal IEnumerable<AggregateRegistration> Snapshots => All.OfType<AggregateRegistration>().Where(r => r is { IsMultiStream: false, Lifecycle: not ProjectionLifecycle.Live });

    /// <summary>Builds an aggregate by its own convention methods each time it is read. It has no table.</summary>
    public MartenRegistry.DocumentMappingExpression<T> LiveStreamAggregation<T>(Action<AsyncOptions>? asyncConfiguration = null) where T : class
    {
        AddProjection(new SnapshotSettings(typeof(T)), ProjectionLifecycle.Live, asyncConfiguration);
        options.MappingFor(typeof(T)).IsStored = false;
        return options.Schema.For<T>();
    }

    /// <summary>Keeps an aggregate, built by its own convention methods, as a document.</summary>
    public MartenRegistry.DocumentMappingExpression<T> Snapshot<T>(SnapshotLifecycle lifecycle, Action<AsyncOptions>? asyncConfiguration = null) where T : class =>
        Snapshot<T>(lifecycle, static _ => { }, asyncConfiguration);

    /// <summary>Keeps an aggregate, built by its own convention methods, as a document.</summary>
    public MartenRegistry.DocumentMappingExpression<T> Snapshot<T>(SnapshotLifecycle lifecycle, Action<ProjectionBase> configureProjection, Action<AsyncOptions>? asyncConfiguration = null) where T : class
    {
        var settings = new SnapshotSettings(typeof(T));
        configureProjection(settings);
        AddProjection(settings, lifecycle == SnapshotLifecycle.Inline ? ProjectionLifecycle.Inline : ProjectionLifecycle.Async, asyncConfiguration);
        return options.Schema.For<T>();
    }

    /// <summary>Adds a projection: of one stream, of several, of single events, or into a table.</summary>
    public void Add(IProjectionSource<IDocumentOperations, IQuerySession> source, ProjectionLifecycle lifecycle, Action<AsyncOptions>? asyncConfiguration = null) =>
        AddProjection(source as ProjectionBase ?? throw new InvalidProjectionException($"{source.GetType().FullName} is not derived from ProjectionBase."), lifecycle, asyncConfiguration);

    /// <inheritdoc cref="Add(IProjectionSource{IDocumentOperations, IQuerySession}, ProjectionLifecycle, Action{AsyncOptions}?)" />
    public void Register(IProjectionSource<IDocumentOperations, IQuerySession> source, ProjectionLifecycle lifecycle, Action<AsyncOptions>? asyncConfiguration = null) =>
        Add(source, lifecycle, asyncConfiguration);

    /// <summary>
    /// Adds a projection of one stream to a store that keeps tenants apart, as one of all tenants: its documents are not kept
    /// apart, and its streams belong to the default tenant, whichever tenant's session appends to them.
    /// </summary>
    public void AddGlobalProjection<TDoc, TId>(SingleStreamProjection<TDoc, TId> projection, ProjectionLifecycle lifecycle) where TDoc : notnull where TId : notnull
    {
        ArgumentNullException.ThrowIfNull(projection);
        projection.IsGlobalWithinConjoinedTenancy = true;
        options.MappingFor(typeof(TDoc)).TenancyStyle = TenancyStyle.Single;
        Add(projection, lifecycle);
    }

    /// <summary>Lets the daemon run several projections together, in stages, over each page of events.</summary>
    /// <param name="name">The name of the whole, unique in the store.</param>
    /// <param name="configure">Adds the projections.</param>
    public void CompositeProjectionFor(string name, Action<CompositeProjection>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var composite = new CompositeProjection(name, options);
        configure?.Invoke(composite);
        AddProjection(composite, ProjectionLifecycle.Async, null);
    }

    /// <summary>Adds a projection that has a constructor without parameters.</summary>
    public void Add<TProjectionType>(ProjectionLifecycle lifecycle, Action<AsyncOptions>? asyncConfiguration = null)
        where TProjectionType : ProjectionBase, IProjectionSource<IDocumentOperations, IQuerySession>, new() =>
        AddProjection(new TProjectionType(), lifecycle, asyncConfiguration);

    /// <summary>Adds a projection that handles pages of events.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="lifecycle">When it runs; not live.</param>
    /// <param name="projectionName">Its name; default: the full name of its type.</param>
    /// <param name="asyncConfiguration">How the daemon runs it.</param>
    public void Add(IProjection projection, ProjectionLifecycle lifecycle, string? projectionName = null, Action<AsyncOptions>? asyncConfiguration = null)
    {
        if (lifecycle == ProjectionLifecycle.Live)
            throw new ArgumentOutOfRangeException(nameof(lifecycle), lifecycle, "A projection of events cannot run live.");
        var asyncOptions = (projection as ProjectionBase)?.Options ?? new AsyncOptions();
        asyncConfiguration?.Invoke(asyncOptions);
        var type = projection.GetType();
        registrations.Add(new CustomProjectionRegistration(projection, projectionName ?? type.FullName ?? type.Name, lifecycle, asyncOptions));
    }

    /// <summary>Adds a subscription, which the daemon runs.</summary>
    public void Subscribe(ISubscription subscription, Action<ISubscriptionOptions>? configure = null)
    {
        var registration = SubscriptionRegistration.For(subscription);
        registration.Configure(configure);
        registrations.Add(registration);
    }

    /// <summary>Whether anything is left to the daemon.</summary>
    public bool HasAnyAsyncProjections() => Async.Any();

    /// <summary>Whether any projection or subscription is registered.</summary>
    public bool IsActive() => HasAny;

    /// <summary>The names of all projections and subscriptions.</summary>
    public string[] AllProjectionNames() => [.. All.Select(r => r.Name)];

    /// <summary>The registered aggregates.</summary>
    public IEnumerable<Type> AllAggregateTypes() => All.OfType<AggregateRegistration>().Select(r => r.AggregateType);

    /// <summary>The natural key of a registered aggregate; null when it has none.</summary>
    public JasperFx.Events.NaturalKeyDefinition? FindNaturalKeyDefinition(Type aggregateType) => Aggregates.FirstOrDefault(a => a.AggregateType == aggregateType)?.NaturalKey;

    /// <summary>The shards that write documents of a type.</summary>
    public ShardName[] AsyncShardsPublishingType(Type aggregationType) => [.. Async.Where(r => r.WrittenTypes.Contains(aggregationType)).Select(r => r.Shard)];

    /// <summary>How an aggregate is read; an aggregate that is not registered is built each time.</summary>
    internal AggregateRegistration For(Type aggregateType) =>
        All.OfType<AggregateRegistration>().FirstOrDefault(r => r.AggregateType == aggregateType)
        ?? unregistered.GetOrAdd(aggregateType, static (type, o) => new AggregateRegistration(type, null, null, ProjectionLifecycle.Live, o), options);

    /// <summary>The projection of a name, or the composite one that it is a part of; null when there is none.</summary>
    internal ProjectionRegistration? Find(string name) =>
        registrations.Find(r => r.Lifecycle != ProjectionLifecycle.Live && r.Parts.Prepend(r).Any(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase) || p.Shard.Identity == name));

    /// <summary>Tables of projections, by the type that stands for them.</summary>
    internal IEnumerable<(Type Type, ISchemaFeature Feature)> Features() => All.OfType<IProjectionTables>().Where(t => t.Tables.Count > 0)
        .Select(t => (((ProjectionRegistration)t).ProjectionType, (ISchemaFeature)new ProjectionTables(t)));

    /// <summary>Runs the inline projections that are not snapshots of one stream.</summary>
    internal async Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<JasperFx.Events.IEvent> events, bool raises, CancellationToken token)
    {
        foreach (var registration in registrations)
        {
            if (registration.Lifecycle != ProjectionLifecycle.Inline || registration is AggregateRegistration { IsInlineSnapshot: true })
                continue;
            var accepted = events.Where(registration.Accepts).ToList();
            if (accepted.Count > 0)
                await registration.ApplyInlineAsync(session, accepted, raises, token);
        }
    }

    /// <summary>Called once, when the store is built.</summary>
    internal void Complete()
    {
        foreach (var registration in All)
            registration.Complete();
        if (HasAnyAsyncProjections())
        {
            var deadLetters = options.MappingFor(typeof(DeadLetterEvent));
            deadLetters.DatabaseSchemaName = options.Events.DatabaseSchemaName;
            deadLetters.TenancyStyle = TenancyStyle.Single;
        }
    }

    /// <summary>What is wrong with the registered projections.</summary>
    internal IEnumerable<string> Faults()
    {
        foreach (var duplicate in All.OfType<AggregateRegistration>().GroupBy(r => r.AggregateType).Where(g => g.Count() > 1))
            yield return $"{duplicate.Key.FullName} is registered by more than one projection.";
        foreach (var fault in All.SelectMany(r => r.Faults()))
            yield return fault;
    }

    /// <exception cref="DuplicateSubscriptionNamesException">Two have the same name.</exception>
    internal void RequireDistinctNames()
    {
        var duplicates = Async.SelectMany(r => r.Parts.Prepend(r)).GroupBy(r => r.Shard.Identity).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        if (duplicates.Count > 0)
            throw new DuplicateSubscriptionNamesException($"Duplicate subscription names detected: {string.Join(", ", duplicates)}. Give each projection and subscription a name of its own.");
    }

    private void AddProjection(ProjectionBase projection, ProjectionLifecycle lifecycle, Action<AsyncOptions>? asyncConfiguration)
    {
        asyncConfiguration?.Invoke(projection.Options);
        registrations.Add(Build(projection, lifecycle));
    }

    /// <summary>What the store runs of a projection.</summary>
    internal ProjectionRegistration Build(ProjectionBase projection, ProjectionLifecycle lifecycle)
    {
        projection.Lifecycle = lifecycle;
        var registration = projection.Register(options);
        if (registration.DocumentType is not { } type)
            return registration;
        if (registration is AggregateRegistration { IsMultiStream: false })
            options.EventGraph.AggregateNameFor(type);
        if (lifecycle != ProjectionLifecycle.Live)
            options.MappingFor(type).IsStreamSnapshot = true;
        return registration;
    }
}
