using JasperFx.Events.Aggregation;
using JasperFx.Events.Grouping;
using Marten.Events.Projections;
using Marten.Projections;

namespace JasperFx.Events.Grouping
{
    /// <summary>When the children of an event are put behind it.</summary>
    public enum FanoutMode
    {
        /// <summary>Before events are assigned to documents: children are assigned by their own rules.</summary>
        BeforeGrouping = 0,

        /// <summary>After it: children belong to the documents of their parent.</summary>
        AfterGrouping = 1,
    }

    /// <summary>Assigns events to documents with reads that several events share.</summary>
    /// <typeparam name="TId">The type of the documents' identity.</typeparam>
    /// <typeparam name="TQuerySession">What it reads with.</typeparam>
    public interface IJasperFxAggregateGrouper<out TId, in TQuerySession>
    {
        /// <summary>Assigns the events of a page.</summary>
        Task Group(TQuerySession session, IEnumerable<IEvent> events, IEventGrouping<TId> grouping);
    }
}

namespace JasperFx.Events.Aggregation
{
    /// <summary>How the events of several tenants are assigned to documents.</summary>
    public enum TenancyGrouping
    {
        /// <summary>Those of each tenant change documents of that tenant, where documents are kept apart by tenants.</summary>
        RespectTenant = 0,

        /// <summary>Those of all tenants change documents of the default tenant.</summary>
        AcrossTenants = 1,

        /// <summary>Those of each tenant change the one document that has the tenant's name as its identity.</summary>
        RollUpByTenant = 2,
    }

    /// <summary>Builds documents from the events of several streams.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    /// <typeparam name="TOperations">What the projection writes with.</typeparam>
    /// <typeparam name="TQuerySession">What the projection reads with.</typeparam>
    public abstract class JasperFxMultiStreamProjectionBase<TDoc, TId, TOperations, TQuerySession> : JasperFxAggregationProjectionBase<TDoc, TId, TOperations, TQuerySession>, IMultiStreamSources
        where TDoc : notnull
        where TId : notnull
    {
        private readonly List<Action<SliceGroup<TDoc, TId>, IEvent>> rules = [];
        private readonly List<Func<TQuerySession, IReadOnlyList<IEvent>, IEventGrouping<TId>, Task>> groupings = [];
        private readonly List<Func<IEvent, IEnumerable<IEvent>>> before = [];
        private readonly List<Action<EventSlice<TDoc, TId>>> after = [];
        private readonly HashSet<Type> fanOutTypes = [];

        private protected JasperFxMultiStreamProjectionBase()
            : base(AggregationScope.MultiStream)
        {
        }

        /// <summary>How the events of several tenants are assigned to documents; default: each tenant's to its own.</summary>
        public TenancyGrouping TenancyGrouping { get; set; } = TenancyGrouping.RespectTenant;

        bool IMultiStreamSources.HasRules => TenancyGrouping == TenancyGrouping.RollUpByTenant || rules.Count > 0 || groupings.Count > 0;

        IReadOnlyCollection<Type> IMultiStreamSources.FanOutTypes => fanOutTypes;

        /// <summary>The events of each tenant change the one document that has the tenant's name as its identity; no other rule is needed.</summary>
        /// <exception cref="InvalidOperationException">The identity of the documents is no string.</exception>
        public void RollUpByTenant()
        {
            if (typeof(TId) != typeof(string))
                throw new InvalidOperationException($"{GetType().FullName} cannot roll up by tenant: the identity of {typeof(TDoc).FullName} must be a string, as the name of a tenant is.");
            TenancyGrouping = TenancyGrouping.RollUpByTenant;
        }

        /// <summary>Each event of a type changes one document. The type may be that of the body, a base type, or IEvent of it.</summary>
        public void Identity<TEvent>(Func<TEvent, TId> identityFunc) where TEvent : notnull => rules.Add((group, item) =>
        {
            if (SliceGroup<TDoc, TId>.TryRead<TEvent>(item, out var value))
                group.AddEvent(identityFunc(value), item);
        });

        /// <summary>Each event of a type changes some documents.</summary>
        public void Identities<TEvent>(Func<TEvent, IReadOnlyList<TId>> identitiesFunc) where TEvent : notnull => rules.Add((group, item) =>
        {
            if (!SliceGroup<TDoc, TId>.TryRead<TEvent>(item, out var value))
                return;
            foreach (var id in identitiesFunc(value))
                group.AddEvent(id, item);
        });

        /// <summary>Puts further events behind each event of a type.</summary>
        public void FanOut<TEvent, TChild>(Func<TEvent, IEnumerable<TChild>> fanOutFunc, FanoutMode mode = FanoutMode.AfterGrouping) where TEvent : notnull where TChild : notnull =>
            AddFanOut<TEvent, TChild>(e => fanOutFunc((TEvent)e.Data), mode);

        /// <summary>Puts further events behind each event of a type.</summary>
        public void FanOut<TEvent, TChild>(Func<IEvent<TEvent>, IEnumerable<TChild>> fanOutFunc, FanoutMode mode = FanoutMode.AfterGrouping) where TEvent : notnull where TChild : notnull =>
            AddFanOut<TEvent, TChild>(e => fanOutFunc((IEvent<TEvent>)e), mode);

        /// <summary>Assigns the events of a page with the help of a class.</summary>
        public void CustomGrouping(IJasperFxAggregateGrouper<TId, TQuerySession> grouper) => groupings.Add((session, events, grouping) => grouper.Group(session, events, grouping));

        /// <summary>Assigns the events of a page.</summary>
        public void CustomGrouping(Func<TQuerySession, IReadOnlyList<IEvent>, IEventGrouping<TId>, Task> func) => groupings.Add(func);

        internal async Task<SliceGroup<TDoc, TId>> SliceAsync(string tenantId, TQuerySession session, IReadOnlyList<IEvent> events, CancellationToken token)
        {
            var group = new SliceGroup<TDoc, TId>(tenantId);
            var all = before.Count == 0 ? events : [.. events.SelectMany(e => before.SelectMany(b => b(e)).Prepend(e))];
            foreach (var item in all)
            {
                if (TenancyGrouping == TenancyGrouping.RollUpByTenant)
                    group.AddEvent((TId)(object)item.TenantId, item);
                foreach (var rule in rules)
                    rule(group, item);
            }

            foreach (var grouping in groupings)
            {
                token.ThrowIfCancellationRequested();
                await grouping(session, all, group);
            }

            var order = new Dictionary<IEvent, int>(all.Count, ReferenceEqualityComparer.Instance);
            for (var i = 0; i < all.Count; i++)
                order[all[i]] = i;
            foreach (var slice in group.Slices)
            {
                slice.Arrange(order);
                foreach (var fanOut in after)
                    fanOut(slice);
            }

            return group;
        }

        private void AddFanOut<TEvent, TChild>(Func<IEvent, IEnumerable<TChild>> children, FanoutMode mode) where TEvent : notnull where TChild : notnull
        {
            fanOutTypes.Add(typeof(TEvent));
            if (mode == FanoutMode.AfterGrouping)
                after.Add(slice => slice.FanOut<TEvent, TChild>(children));
            else
                before.Add(e => e is IEvent<TEvent> ? children(e).Select(c => Event.Child(c, e)) : []);
        }
    }
}

namespace Marten.Events.Aggregation
{
    /// <summary>Assigns events to documents with reads that several events share.</summary>
    /// <typeparam name="T">The type of the documents' identity.</typeparam>
    public interface IAggregateGrouper<out T> : IJasperFxAggregateGrouper<T, IQuerySession>;

    /// <summary>
    /// Builds one document from one stream: by public methods Create, Apply and ShouldDelete of the projection and the
    /// document, or by overriding one of Evolve, EvolveAsync, DetermineAction and DetermineActionAsync.
    /// </summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of the stream's identity.</typeparam>
    public class SingleStreamProjection<TDoc, TId> : JasperFxAggregationProjectionBase<TDoc, TId, IDocumentOperations, IQuerySession>, IMartenRegistrable, IGlobalAggregate where TDoc : notnull where TId : notnull
    {
        /// <summary>Creates the projection.</summary>
        public SingleStreamProjection()
            : base(AggregationScope.SingleStream)
        {
            Name = typeof(TDoc).Name;
        }

        /// <summary>
        /// Whether, in a store that keeps tenants apart, the streams and documents belong to all of them. Events that the
        /// projection handles are then appended to streams of the default tenant.
        /// </summary>
        public bool IsGlobalWithinConjoinedTenancy { get; set; }

        internal override ProjectionRegistration Register(StoreOptions options) => new AggregateRegistration(typeof(TDoc), this, typeof(TId), Lifecycle, options);
    }
}

namespace Marten.Events.Projections
{
    /// <summary>
    /// Builds documents from the events of several streams. The constructor says by Identity, Identities, FanOut or
    /// CustomGrouping which documents an event changes; the rest is as in a projection of one stream.
    /// </summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    public abstract class MultiStreamProjection<TDoc, TId> : JasperFxMultiStreamProjectionBase<TDoc, TId, IDocumentOperations, IQuerySession>, IMartenRegistrable where TDoc : notnull where TId : notnull
    {
        /// <summary>Creates the projection.</summary>
        protected MultiStreamProjection() => Name = typeof(TDoc).Name;

        internal override ProjectionRegistration Register(StoreOptions options) => new AggregateRegistration(typeof(TDoc), this, typeof(TId), Lifecycle, options);
    }
}
