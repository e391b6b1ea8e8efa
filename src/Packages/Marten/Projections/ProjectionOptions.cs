using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Events.Aggregation;
using Marten.Projections;

namespace JasperFx.Events.Projections
{
    /// <summary>When a snapshot is kept up to date.</summary>
    public enum SnapshotLifecycle
    {
        /// <summary>In the transaction that appends the events.</summary>
        Inline = 0,

        /// <summary>Later, by the daemon.</summary>
        Async = 1,
    }

    /// <summary>When a projection runs.</summary>
    public enum ProjectionLifecycle
    {
        /// <summary>In the transaction that appends the events.</summary>
        Inline = 0,

        /// <summary>Later, by the daemon.</summary>
        Async = 1,

        /// <summary>Each time the aggregate is read.</summary>
        Live = 2,
    }

    /// <summary>What every projection has.</summary>
    public abstract class ProjectionBase
    {
        /// <summary>The name, unique in the store; default: that of the aggregate.</summary>
        public string Name { get; set; } = string.Empty;

        /// <summary>When the projection runs.</summary>
        public ProjectionLifecycle Lifecycle { get; set; }
    }
}

namespace Marten.Events.Aggregation
{
    /// <summary>
    /// Builds one document from one stream: by public methods Create, Apply and ShouldDelete of the projection and the
    /// document, or by overriding <see cref="Evolve"/>.
    /// </summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of the stream's identity.</typeparam>
    public class SingleStreamProjection<TDoc, TId> : ProjectionBase where TDoc : notnull where TId : notnull
    {
        /// <summary>The document after one event; override it instead of writing convention methods. Null deletes the document.</summary>
        public virtual TDoc? Evolve(TDoc? snapshot, TId id, IEvent e) => snapshot;
    }
}

namespace Marten.Events.Projections
{
    /// <summary>One registered aggregate.</summary>
    internal sealed class AggregateRegistration(Type aggregateType, ProjectionBase? projection, ProjectionLifecycle lifecycle, StoreOptions options)
    {
        private readonly Lazy<StreamAggregation> aggregation = new(() => StreamAggregation.Create(aggregateType, projection, options));

        public Type AggregateType => aggregateType;

        public ProjectionBase? Projection => projection;

        public ProjectionLifecycle Lifecycle => lifecycle;

        public StreamAggregation Aggregation => aggregation.Value;
    }

    /// <summary>The projections of a store.</summary>
    public class ProjectionOptions
    {
        private readonly StoreOptions options;
        private readonly List<AggregateRegistration> registrations = [];
        private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, AggregateRegistration> unregistered = new();

        internal ProjectionOptions(StoreOptions options) => this.options = options;

        internal bool HasAny => registrations.Count > 0;

        internal IEnumerable<AggregateRegistration> Inline => registrations.Where(r => r.Lifecycle == ProjectionLifecycle.Inline);

        /// <summary>Builds an aggregate by its own convention methods each time it is read. It has no table.</summary>
        public MartenRegistry.DocumentMappingExpression<T> LiveStreamAggregation<T>() where T : class
        {
            Register(typeof(T), null, ProjectionLifecycle.Live);
            options.MappingFor(typeof(T)).IsStored = false;
            return options.Schema.For<T>();
        }

        /// <summary>Keeps an aggregate, built by its own convention methods, as a document.</summary>
        /// <exception cref="NotSupportedException">The snapshot is to be kept by the daemon, which this edition does not have.</exception>
        public MartenRegistry.DocumentMappingExpression<T> Snapshot<T>(SnapshotLifecycle lifecycle) where T : class
        {
            Register(typeof(T), null, lifecycle == SnapshotLifecycle.Inline ? ProjectionLifecycle.Inline : ProjectionLifecycle.Async);
            return options.Schema.For<T>();
        }

        /// <summary>Adds a projection.</summary>
        /// <exception cref="NotSupportedException">The projection is to be run by the daemon, which this edition does not have.</exception>
        public void Add<TDoc, TId>(SingleStreamProjection<TDoc, TId> projection, ProjectionLifecycle lifecycle) where TDoc : notnull where TId : notnull =>
            Add(projection, typeof(TDoc), lifecycle);

        /// <summary>Adds a projection that is derived from <see cref="SingleStreamProjection{TDoc, TId}"/>.</summary>
        /// <exception cref="InvalidProjectionException">It is derived from something else.</exception>
        /// <exception cref="NotSupportedException">The projection is to be run by the daemon, which this edition does not have.</exception>
        public void Add<TProjectionType>(ProjectionLifecycle lifecycle) where TProjectionType : ProjectionBase, new()
        {
            var ancestor = typeof(TProjectionType);
            while (ancestor is not null && (!ancestor.IsGenericType || ancestor.GetGenericTypeDefinition() != typeof(SingleStreamProjection<,>)))
                ancestor = ancestor.BaseType;
            if (ancestor is null)
                throw new InvalidProjectionException($"{typeof(TProjectionType).FullName} is not derived from SingleStreamProjection<TDoc, TId>, the only kind that this edition has yet.");
            Add(new TProjectionType(), ancestor.GetGenericArguments()[0], lifecycle);
        }

        /// <summary>How an aggregate is read; an aggregate that is not registered is built each time.</summary>
        internal AggregateRegistration For(Type aggregateType) =>
            registrations.Find(r => r.AggregateType == aggregateType)
            ?? unregistered.GetOrAdd(aggregateType, static (type, o) => new AggregateRegistration(type, null, ProjectionLifecycle.Live, o), options);

        /// <summary>What is wrong with the registered projections.</summary>
        internal IEnumerable<string> Faults()
        {
            foreach (var duplicate in registrations.GroupBy(r => r.AggregateType).Where(g => g.Count() > 1))
                yield return $"{duplicate.Key.FullName} is registered by more than one projection.";
            foreach (var registration in registrations)
            {
                if (FaultOf(registration) is { } fault)
                    yield return fault;
            }
        }

        private string? FaultOf(AggregateRegistration registration)
        {
            var type = registration.AggregateType;
            if (!type.IsClass)
                return $"{type.FullName} is not a class. Only classes and records can be aggregates.";
            var streamId = options.Events.StreamIdentity == StreamIdentity.AsGuid ? typeof(Guid) : typeof(string);
            if (registration.Lifecycle == ProjectionLifecycle.Inline)
            {
                var mapping = options.MappingFor(type);
                if (mapping.IdMember is null || mapping.IdType != streamId)
                    return $"The identity of {type.FullName} must be a {streamId.Name}, as that of its stream is. Change the member, or Events.StreamIdentity.";
            }

            var methods = new ConventionMethods(type, registration.Projection?.GetType());
            return methods.IsEmpty && !Overrides(registration.Projection)
                ? $"Nothing builds {type.FullName}: neither it nor {registration.Projection?.GetType().FullName ?? "a projection"} has a public Create, Apply or ShouldDelete method or a constructor that accepts an event."
                : null;
        }

        private static bool Overrides(ProjectionBase? projection) =>
            projection?.GetType().GetMethod("Evolve") is { } method && method.GetBaseDefinition().DeclaringType != method.DeclaringType;

        private void Add(ProjectionBase projection, Type documentType, ProjectionLifecycle lifecycle)
        {
            projection.Lifecycle = lifecycle;
            if (projection.Name.Length == 0)
                projection.Name = documentType.Name;
            Register(documentType, projection, lifecycle);
        }

        private void Register(Type aggregateType, ProjectionBase? projection, ProjectionLifecycle lifecycle)
        {
            if (lifecycle == ProjectionLifecycle.Async)
                throw new NotSupportedException($"{aggregateType.Name}: this edition has no daemon yet. Use the lifecycle Inline or Live.");
            registrations.Add(new AggregateRegistration(aggregateType, projection, lifecycle, options));
            options.EventGraph.AggregateNameFor(aggregateType);
            if (lifecycle == ProjectionLifecycle.Inline)
                options.MappingFor(aggregateType).IsStreamSnapshot = true;
        }
    }
}
