using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Events.Aggregation;

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
        /// <summary>The name, unique in the store.</summary>
        public string Name { get; set; } = string.Empty;

        /// <summary>When the projection runs.</summary>
        public ProjectionLifecycle Lifecycle { get; set; }
    }
}

namespace Marten.Events.Aggregation
{
    /// <summary>Builds one document from one stream.</summary>
    /// <typeparam name="TDoc">The document.</typeparam>
    /// <typeparam name="TId">The type of the stream's identity.</typeparam>
    public class SingleStreamProjection<TDoc, TId> : ProjectionBase where TDoc : notnull where TId : notnull
    {
        /// <summary>The document after one event; override it instead of writing convention methods.</summary>
        public virtual TDoc? Evolve(TDoc? snapshot, TId id, IEvent e) => snapshot;
    }
}

namespace Marten.Events.Projections
{
    /// <summary>The projections of a store.</summary>
    public class ProjectionOptions
    {
        private readonly StoreOptions options;
        private readonly List<(ProjectionBase, ProjectionLifecycle)> all = [];

        internal ProjectionOptions(StoreOptions options) => this.options = options;

        /// <summary>Builds an aggregate by its own convention methods each time it is read.</summary>
        public MartenRegistry.DocumentMappingExpression<T> LiveStreamAggregation<T>() where T : class => options.Schema.For<T>();

        /// <summary>Keeps an aggregate, built by its own convention methods, as a document.</summary>
        public MartenRegistry.DocumentMappingExpression<T> Snapshot<T>(SnapshotLifecycle lifecycle) where T : class
        {
            _ = lifecycle;
            return options.Schema.For<T>();
        }

        /// <summary>Adds a projection.</summary>
        public void Add<TDoc, TId>(SingleStreamProjection<TDoc, TId> projection, ProjectionLifecycle lifecycle) where TDoc : notnull where TId : notnull =>
            all.Add((projection, projection.Lifecycle = lifecycle));
    }
}
