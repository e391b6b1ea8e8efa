using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Internal.Sessions;

namespace Marten.Projections;

/// <summary>What a projection is given with one page of events.</summary>
/// <param name="Session">Where effects are queued; it is saved together with the progress.</param>
/// <param name="Floor">The page begins behind this sequence number.</param>
/// <param name="Ceiling">It ends with this one.</param>
/// <param name="Controller">The shard that runs it.</param>
/// <param name="Listeners">Called around the commit.</param>
internal sealed record PageContext(DocumentSession Session, long Floor, long Ceiling, ISubscriptionAgent Controller, List<IChangeListener> Listeners)
{
    /// <summary>What the parts of a composite projection did; null outside of one.</summary>
    public StageChanges? Changes { get; init; }

    /// <summary>Whether old events are processed again, so that nothing outside of the projection's own documents may follow from them.</summary>
    public bool IsRebuild => Controller.Mode == ShardExecutionMode.Rebuild;
}

/// <summary>One registered projection or subscription.</summary>
internal abstract class ProjectionRegistration(ProjectionLifecycle lifecycle)
{
    public ProjectionLifecycle Lifecycle { get; } = lifecycle;

    public abstract string Name { get; }

    public abstract uint Version { get; }

    public abstract AsyncOptions Async { get; }

    /// <summary>The projections that run as parts of this one.</summary>
    public virtual IReadOnlyList<ProjectionRegistration> Parts => [];

    /// <summary>Whether the session of a page returns the same instance for the same identity.</summary>
    public virtual bool RemembersDocuments => Async.EnableDocumentTrackingByIdentity;

    /// <summary>Which events are received, beside <see cref="EventTypes"/>.</summary>
    public abstract EventFilterable Filter { get; }

    /// <summary>The types of the events that matter; null when any may.</summary>
    public virtual IReadOnlyCollection<Type>? EventTypes => Filter.IncludedEventTypes.Count == 0 ? null : Filter.IncludedEventTypes;

    public ShardName Shard => new(Name, ShardName.All, Version);

    /// <summary>Subscriptions cannot be rebuilt: their effects are not theirs to delete.</summary>
    public virtual bool CanRebuild => true;

    /// <summary>The document that is built, if there is one.</summary>
    public virtual Type? DocumentType => null;

    /// <summary>The type by which a caller names it.</summary>
    public abstract Type ProjectionType { get; }

    /// <summary>The documents that a rebuild deletes first.</summary>
    public virtual IEnumerable<Type> WrittenTypes => Async.DeletedTypes;

    /// <summary>The tables that a rebuild empties first, as they are written in SQL.</summary>
    public virtual IEnumerable<string> WrittenTables => [];

    /// <summary>Queues what follows from a page of events.</summary>
    public abstract Task ApplyAsync(PageContext page, IReadOnlyList<IEvent> events, CancellationToken token);

    /// <summary>Queues what follows from the events of one unit of work, on its session; with side effects where they are wanted.</summary>
    public abstract Task ApplyInlineAsync(DocumentSession session, IReadOnlyList<IEvent> events, bool raises, CancellationToken token);

    /// <summary>Takes the version of the composite projection that this is a part of.</summary>
    public virtual void UseVersion(uint version) => throw new InvalidProjectionException($"'{Name}' cannot be a part of a composite projection.");

    /// <summary>What is wrong with the registration.</summary>
    public virtual IEnumerable<string> Faults() => [];

    /// <summary>Called once, when the store is built.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>Whether an event concerns this registration; for inline projections, whose events are not selected by the database.</summary>
    public bool Accepts(IEvent item) => EventTypes is not { } types || types.Any(t => t.IsAssignableFrom(item.EventType));
}

/// <summary>A registered <see cref="ProjectionBase"/>.</summary>
internal abstract class ProjectionRegistration<T>(T projection) : ProjectionRegistration(projection.Lifecycle) where T : ProjectionBase
{
    public T Projection => projection;

    public override string Name => projection.Name;

    public override uint Version => projection.Version;

    public override AsyncOptions Async => projection.Options;

    public override EventFilterable Filter => projection;

    public override Type ProjectionType => projection.GetType();

    public override void UseVersion(uint version) => projection.Version = version;

    public override IEnumerable<Type> WrittenTypes => projection.PublishedTypes().Concat(base.WrittenTypes).Distinct();
}
