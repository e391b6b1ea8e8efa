using JasperFx.Events;
using Marten.Internal.Operations;

namespace Marten
{
    /// <summary>What a session remembers about the documents it loaded.</summary>
    public enum DocumentTracking
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>One instance per identity.</summary>
        IdentityOnly = 1,

        /// <summary>One instance per identity; those that changed are stored when the session is saved.</summary>
        DirtyTracking = 2,

        /// <summary>Nothing, and it cannot write.</summary>
        QueryOnly = 3,
    }

    /// <summary>Creates the sessions that dependency injection hands out.</summary>
    public interface ISessionFactory
    {
        /// <summary>A session that only reads.</summary>
        IQuerySession QuerySession();

        /// <summary>A session that writes.</summary>
        IDocumentSession OpenSession();
    }

    /// <summary>Observes the life of documents in sessions.</summary>
    public interface IDocumentSessionListener
    {
        /// <summary>Called after the changes were committed.</summary>
        Task AfterCommitAsync(IDocumentSession session, Services.IChangeSet commit, CancellationToken token);

        /// <summary>Called before the changes are sent; may still change the session.</summary>
        Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token);

        /// <summary>Called when a document was loaded.</summary>
        void DocumentLoaded(object id, object document);

        /// <summary>Called when a document was queued for storage.</summary>
        void DocumentAddedForStorage(object id, object document);
    }

    /// <summary>A listener that does nothing; override what is needed.</summary>
    public abstract class DocumentSessionListenerBase : IDocumentSessionListener
    {
        /// <inheritdoc />
        public virtual Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token) => Task.CompletedTask;

        /// <inheritdoc />
        public virtual Task AfterCommitAsync(IDocumentSession session, Services.IChangeSet commit, CancellationToken token) => Task.CompletedTask;

        /// <inheritdoc />
        public virtual void DocumentLoaded(object id, object document)
        {
        }

        /// <inheritdoc />
        public virtual void DocumentAddedForStorage(object id, object document)
        {
        }
    }
}

namespace Marten.Services
{
    /// <summary>Whether guarded documents are checked on writing.</summary>
    public enum ConcurrencyChecks
    {
        /// <summary>They are.</summary>
        Enabled = 0,

        /// <summary>The last writer wins.</summary>
        Disabled = 1,
    }

    /// <summary>What one unit of work changes or has changed.</summary>
    public interface IChangeSet
    {
        /// <summary>Documents that were stored or updated.</summary>
        IEnumerable<object> Updated { get; }

        /// <summary>Documents that were inserted.</summary>
        IEnumerable<object> Inserted { get; }

        /// <summary>Documents that were deleted.</summary>
        IEnumerable<IDeletion> Deleted { get; }

        /// <summary>All events, in the order of their streams.</summary>
        IEnumerable<IEvent> GetEvents();

        /// <summary>The streams that events were added to.</summary>
        IEnumerable<StreamAction> GetStreams();

        /// <summary>A copy that later changes of the session do not touch.</summary>
        IChangeSet Clone();
    }

    /// <summary>The changes that a session has queued and not yet saved.</summary>
    public interface IUnitOfWork : IChangeSet
    {
        /// <summary>The queued deletions.</summary>
        IEnumerable<IDeletion> Deletions();

        /// <summary>The queued deletions of one type.</summary>
        IEnumerable<IDeletion> DeletionsFor<T>();

        /// <summary>The documents queued by Store or Update.</summary>
        IEnumerable<object> Updates();

        /// <summary>The documents queued by Insert.</summary>
        IEnumerable<object> Inserts();

        /// <summary>The documents of one type queued by Store or Update.</summary>
        IEnumerable<T> UpdatesFor<T>();

        /// <summary>The documents of one type queued by Insert.</summary>
        IEnumerable<T> InsertsFor<T>();

        /// <summary>The documents of one type queued by any write.</summary>
        IEnumerable<T> AllChangedFor<T>();

        /// <summary>The streams that events were added to.</summary>
        IList<StreamAction> Streams();

        /// <summary>Whether anything is queued.</summary>
        bool HasOutstandingWork();
    }
}
