using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using Marten.Events;

namespace Marten.Projections;

/// <summary>What a projection class does beside its convention methods, without the type of the identity.</summary>
/// <typeparam name="TDoc">The document.</typeparam>
internal interface IAggregateHooks<TDoc>
{
    bool HasEvolve { get; }

    bool HasDetermine { get; }

    IReadOnlySet<Type> DeletingTypes { get; }

    IReadOnlySet<Type> TransformingTypes { get; }

    IReadOnlyList<Type> IncludedTypes { get; }

    ValueTask<TDoc?> EvolveAsync(TDoc? snapshot, object id, IQuerySession session, IEvent item, CancellationToken token);

    ValueTask<(TDoc? Snapshot, ActionType Action)> DetermineAsync(
        IQuerySession session, TDoc? snapshot, object id, Action<TDoc, object>? setId, IReadOnlyList<IEvent> events, CancellationToken token);

    TDoc ApplyMetadata(TDoc snapshot, IEvent last);
}

/// <summary>The hooks of a projection class.</summary>
internal sealed class AggregateHooks<TDoc, TId>(JasperFxAggregationProjectionBase<TDoc, TId, IDocumentOperations, IQuerySession> projection) : IAggregateHooks<TDoc>
    where TDoc : notnull
    where TId : notnull
{
    private readonly bool hasMetadata = projection.Overrides(nameof(projection.ApplyMetadata));

    public bool HasEvolve { get; } = projection.Overrides(nameof(projection.Evolve)) || projection.Overrides(nameof(projection.EvolveAsync));

    public bool HasDetermine { get; } = projection.Overrides(nameof(projection.DetermineAction)) || projection.Overrides(nameof(projection.DetermineActionAsync));

    public IReadOnlySet<Type> DeletingTypes => projection.DeletingTypes;

    public IReadOnlySet<Type> TransformingTypes => projection.TransformingTypes;

    public IReadOnlyList<Type> IncludedTypes => projection.IncludedEventTypes;

    public ValueTask<TDoc?> EvolveAsync(TDoc? snapshot, object id, IQuerySession session, IEvent item, CancellationToken token) =>
        projection.EvolveAsync(snapshot, AggregateIdentity<TId>.Of(id), session, item, token);

    public ValueTask<(TDoc? Snapshot, ActionType Action)> DetermineAsync(
        IQuerySession session, TDoc? snapshot, object id, Action<TDoc, object>? setId, IReadOnlyList<IEvent> events, CancellationToken token) =>
        projection.DetermineActionAsync(session, snapshot, AggregateIdentity<TId>.Of(id), new Setter(setId), events, token);

    public TDoc ApplyMetadata(TDoc snapshot, IEvent last) => hasMetadata ? projection.ApplyMetadata(snapshot, last) : snapshot;

    private sealed class Setter(Action<TDoc, object>? set) : IIdentitySetter<TDoc, TId>
    {
        public void SetIdentity(TDoc document, TId identity) => set?.Invoke(document, identity);
    }
}
