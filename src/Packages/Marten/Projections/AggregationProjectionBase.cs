using JasperFx.Events.Daemon;
using JasperFx.Events.Grouping;
using JasperFx.Events.Projections;

namespace JasperFx.Events.Daemon
{
    /// <summary>What becomes of a document.</summary>
    public enum ActionType
    {
        /// <summary>It is stored.</summary>
        Store = 0,

        /// <summary>It is deleted as its type is configured.</summary>
        Delete = 1,

        /// <summary>It is stored; a deletion mark is removed.</summary>
        UnDeleteAndStore = 2,

        /// <summary>It stays as it is.</summary>
        Nothing = 3,

        /// <summary>Its row is removed.</summary>
        HardDelete = 4,

        /// <summary>It is stored, then deleted as its type is configured.</summary>
        StoreThenSoftDelete = 5,
    }

    /// <summary>Declares events without writing a method for them.</summary>
    /// <typeparam name="T">The document.</typeparam>
    /// <typeparam name="TQuerySession">What the projection reads with.</typeparam>
    public interface IAggregationSteps<T, TQuerySession>
    {
        /// <summary>Deletes the document when an event of this type occurs.</summary>
        IAggregationSteps<T, TQuerySession> DeleteEvent<TEvent>() where TEvent : class;

        /// <summary>Receives events of this type; needed for none that a method names.</summary>
        IAggregationSteps<T, TQuerySession> TransformsEvent<TEvent>() where TEvent : class;
    }
}

namespace JasperFx.Events.Aggregation
{
    /// <summary>Sets the identity of a document.</summary>
    /// <typeparam name="T">The document.</typeparam>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    public interface IIdentitySetter<in T, in TId>
    {
        /// <summary>Sets the identity.</summary>
        void SetIdentity(T document, TId identity);
    }

    /// <summary>How many streams one document is made of.</summary>
    public enum AggregationScope
    {
        /// <summary>One, whose identity it has.</summary>
        SingleStream = 0,

        /// <summary>Any number.</summary>
        MultiStream = 1,
    }

    /// <summary>
    /// Builds one document from some events: by public methods Create, Apply and ShouldDelete of the projection and the
    /// document, or by overriding one of Evolve, EvolveAsync, DetermineAction and DetermineActionAsync.
    /// </summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    /// <typeparam name="TOperations">What the projection writes with.</typeparam>
    /// <typeparam name="TQuerySession">What the projection reads with.</typeparam>
    public abstract class JasperFxAggregationProjectionBase<TDoc, TId, TOperations, TQuerySession> : ProjectionBase, IAggregationSteps<TDoc, TQuerySession>, IProjectionSource<TOperations, TQuerySession>, Marten.Projections.IHasNaturalKey
        where TDoc : notnull
        where TId : notnull
    {
        private protected JasperFxAggregationProjectionBase(AggregationScope scope)
        {
            Scope = scope;
            RegisterPublishedType(typeof(TDoc));
            NaturalKeyDefinition = Marten.Events.NaturalKeyDiscovery.Find(typeof(TDoc), GetType());
        }

        /// <summary>The natural key of the document; null when it has none.</summary>
        public NaturalKeyDefinition? NaturalKeyDefinition { get; }

        /// <summary>Declares which events give the document its natural key.</summary>
        /// <exception cref="InvalidOperationException">No property of the document is marked with <see cref="NaturalKeyAttribute"/>.</exception>
        public void NaturalKeyFor(Action<NaturalKeyBuilder<TDoc>> configure) => configure(new NaturalKeyBuilder<TDoc>(
            NaturalKeyDefinition ?? throw new InvalidOperationException($"{typeof(TDoc).Name} has no natural key. Mark the property with [NaturalKey].")));

        /// <summary>How many streams one document is made of.</summary>
        public AggregationScope Scope { get; }

        /// <summary>The document.</summary>
        public Type AggregateType => typeof(TDoc);

        /// <summary>The type of its identity.</summary>
        public Type IdentityType => typeof(TId);

        internal HashSet<Type> DeletingTypes { get; } = [];

        internal HashSet<Type> TransformingTypes { get; } = [];

        /// <inheritdoc />
        public IAggregationSteps<TDoc, TQuerySession> DeleteEvent<TEvent>() where TEvent : class
        {
            DeletingTypes.Add(typeof(TEvent));
            return this;
        }

        /// <inheritdoc />
        public IAggregationSteps<TDoc, TQuerySession> TransformsEvent<TEvent>() where TEvent : class
        {
            TransformingTypes.Add(typeof(TEvent));
            return this;
        }

        /// <summary>Receives only events of streams that were started for the document's type.</summary>
        public void FilterIncomingEventsOnStreamType() => StreamType = typeof(TDoc);

        /// <summary>The document after one event; null deletes it.</summary>
        public virtual TDoc? Evolve(TDoc? snapshot, TId id, IEvent e) => snapshot;

        /// <summary>The document after one event; null deletes it.</summary>
        public virtual ValueTask<TDoc?> EvolveAsync(TDoc? snapshot, TId id, TQuerySession session, IEvent e, CancellationToken cancellation) =>
            new(Evolve(snapshot, id, e));

        /// <summary>The document after some events, and what becomes of it.</summary>
        public virtual (TDoc?, ActionType) DetermineAction(TDoc? snapshot, TId identity, IReadOnlyList<IEvent> events) => (snapshot, ActionType.Nothing);

        /// <summary>The document after some events, and what becomes of it.</summary>
        public virtual ValueTask<(TDoc?, ActionType)> DetermineActionAsync(
            TQuerySession session, TDoc? snapshot, TId identity, IIdentitySetter<TDoc, TId> identitySetter, IReadOnlyList<IEvent> events, CancellationToken cancellation) =>
            new(DetermineAction(snapshot, identity, events));

        /// <summary>Called with the document after all events of a page, before it is stored: copies metadata of the last event into it, for example.</summary>
        public virtual TDoc ApplyMetadata(TDoc aggregate, IEvent lastEvent) => aggregate;

        /// <summary>
        /// Queues what else follows from a changed document: writes, events, messages. Called by the daemon, except in a rebuild,
        /// and for inline aggregates where Events.EnableSideEffectsOnInlineProjections says so.
        /// </summary>
        public virtual ValueTask RaiseSideEffects(TOperations operations, IEventSlice<TDoc> slice) => ValueTask.CompletedTask;

        /// <summary>
        /// Queues what else follows from a changed document: writes, events, messages. Called by the daemon, except in a rebuild,
        /// and for inline aggregates where Events.EnableSideEffectsOnInlineProjections says so.
        /// </summary>
        public virtual ValueTask RaiseSideEffects(TOperations operations, TId id, IEventSlice<TDoc> slice) => RaiseSideEffects(operations, slice);

        /// <summary>Called once for each page before any event is applied: loads what many events need, for example.</summary>
        public virtual Task EnrichEventsAsync(SliceGroup<TDoc, TId> group, TQuerySession querySession, CancellationToken cancellation) => Task.CompletedTask;

        internal bool Overrides(string method) =>
            GetType().GetMethods().Any(m => m.Name == method && m.GetBaseDefinition().DeclaringType != m.DeclaringType);
    }
}
