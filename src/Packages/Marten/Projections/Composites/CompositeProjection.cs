using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten.Projections;

namespace JasperFx.Events
{
    /// <summary>Tells later stages of a composite projection that an earlier one has stored a document. It is not stored.</summary>
    /// <typeparam name="T">The document.</typeparam>
    /// <param name="TenantId">The tenant of the document.</param>
    /// <param name="Entity">The document after the events of the page.</param>
    /// <param name="Action">What became of it.</param>
    public record Updated<T>(string TenantId, T Entity, ActionType Action) where T : notnull;

    /// <summary>Tells that a document was deleted.</summary>
    public interface ProjectionDeleted;

    /// <summary>Tells that a document of a type was deleted.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    public interface ProjectionDeleted<TDoc> : ProjectionDeleted;

    /// <summary>Names what was deleted.</summary>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    public interface DeletedIdentity<TId>
    {
        /// <summary>The identity of the document.</summary>
        TId Identity { get; }
    }

    /// <summary>Tells later stages of a composite projection that an earlier one has deleted a document. It is not stored.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of its identity.</typeparam>
    /// <param name="Identity">The identity of the document.</param>
    /// <param name="TenantId">The tenant of the document.</param>
    public record ProjectionDeleted<TDoc, TId>(TId Identity, string TenantId) : ProjectionDeleted<TDoc>, DeletedIdentity<TId>;
}

namespace Marten.Events.Projections
{
    /// <summary>
    /// Projections that the daemon runs together: it reads each page of events once, runs their stages one after the other, and
    /// saves what all of them wrote in one transaction. Projections of a later stage see what earlier stages did in the same
    /// page: as documents that they load by identity, and as events <see cref="JasperFx.Events.Updated{T}"/> and
    /// <see cref="JasperFx.Events.ProjectionDeleted{TDoc, TId}"/>. They are rebuilt together.
    /// </summary>
    public class CompositeProjection : ProjectionBase
    {
        private readonly StoreOptions options;
        private readonly List<(int Stage, ProjectionRegistration Part)> parts = [];

        internal CompositeProjection(string name, StoreOptions options)
        {
            this.options = options;
            Name = name;
        }

        internal IReadOnlyList<(int Stage, ProjectionRegistration Part)> Parts => parts;

        /// <summary>Adds a projection that has a constructor without parameters.</summary>
        /// <param name="stageNumber">The stage, from 1.</param>
        public void Add<T>(int stageNumber = 1) where T : ProjectionBase, IProjectionSource<IDocumentOperations, IQuerySession>, new() => AddPart(new T(), stageNumber);

        /// <summary>Adds a projection: of one stream, of several, of single events, or into a table.</summary>
        /// <param name="projection">The projection.</param>
        /// <param name="stageNumber">The stage, from 1.</param>
        public void Add(IProjectionSource<IDocumentOperations, IQuerySession> projection, int stageNumber = 1) =>
            AddPart(projection as ProjectionBase ?? throw new InvalidProjectionException($"{projection.GetType().FullName} is not derived from ProjectionBase."), stageNumber);

        /// <summary>Keeps an aggregate, built by its own convention methods, as a document.</summary>
        /// <param name="stageNumber">The stage, from 1.</param>
        public MartenRegistry.DocumentMappingExpression<T> Snapshot<T>(int stageNumber = 1) where T : class
        {
            AddPart(new SnapshotSettings(typeof(T)), stageNumber);
            return options.Schema.For<T>();
        }

        internal override ProjectionRegistration Register(StoreOptions options) => new CompositeRegistration(this);

        private void AddPart(ProjectionBase projection, int stageNumber)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(stageNumber, 1);
            parts.Add((stageNumber, options.Projections.Build(projection, ProjectionLifecycle.Async)));
        }
    }
}
