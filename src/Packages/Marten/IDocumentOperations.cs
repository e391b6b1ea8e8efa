using System.Linq.Expressions;
using Marten.Events;
using Marten.Services;

namespace Marten;

/// <summary>Queues writes of documents and events; nothing is sent before the session saves its changes.</summary>
public interface IDocumentOperations : IQuerySession
{
    /// <summary>The events of the store.</summary>
    new IEventStoreOperations Events { get; }

    /// <summary>Deletes a document, or marks it as deleted when its type is soft-deleted.</summary>
    void Delete<T>(T entity) where T : notnull;

    /// <inheritdoc cref="Delete{T}(T)" />
    void Delete<T>(int id) where T : notnull;

    /// <inheritdoc cref="Delete{T}(T)" />
    void Delete<T>(long id) where T : notnull;

    /// <inheritdoc cref="Delete{T}(T)" />
    void Delete<T>(object id) where T : notnull;

    /// <inheritdoc cref="Delete{T}(T)" />
    void Delete<T>(Guid id) where T : notnull;

    /// <inheritdoc cref="Delete{T}(T)" />
    void Delete<T>(string id) where T : notnull;

    /// <summary>Deletes all documents that match.</summary>
    void DeleteWhere<T>(Expression<Func<T, bool>> expression) where T : notnull;

    /// <summary>Deletes documents of any types.</summary>
    void DeleteObjects(IEnumerable<object> documents);

    /// <summary>Removes a document even when its type is soft-deleted.</summary>
    void HardDelete<T>(T entity) where T : notnull;

    /// <inheritdoc cref="HardDelete{T}(T)" />
    void HardDelete<T>(int id) where T : notnull;

    /// <inheritdoc cref="HardDelete{T}(T)" />
    void HardDelete<T>(long id) where T : notnull;

    /// <inheritdoc cref="HardDelete{T}(T)" />
    void HardDelete<T>(Guid id) where T : notnull;

    /// <inheritdoc cref="HardDelete{T}(T)" />
    void HardDelete<T>(string id) where T : notnull;

    /// <summary>Removes all documents that match, even when their type is soft-deleted.</summary>
    void HardDeleteWhere<T>(Expression<Func<T, bool>> expression) where T : notnull;

    /// <summary>Takes back the deletion of all soft-deleted documents that match.</summary>
    void UndoDeleteWhere<T>(Expression<Func<T, bool>> expression) where T : notnull;

    /// <summary>Inserts or replaces documents; assigns an identity to new ones.</summary>
    void Store<T>(IEnumerable<T> entities) where T : notnull;

    /// <inheritdoc cref="Store{T}(IEnumerable{T})" />
    void Store<T>(params T[] entities) where T : notnull;

    /// <summary>Inserts or replaces documents of any types.</summary>
    void StoreObjects(IEnumerable<object> documents);

    /// <summary>Replaces a document only while its stored version identifier is the given one.</summary>
    void UpdateExpectedVersion<T>(T entity, Guid version) where T : notnull;

    /// <summary>Replaces a document under a new revision, which must be greater than the stored one.</summary>
    void UpdateRevision<T>(T entity, long revision) where T : notnull;

    /// <summary>As <see cref="UpdateRevision{T}"/>, but does nothing when the stored revision is not smaller.</summary>
    void TryUpdateRevision<T>(T entity, long revision) where T : notnull;

    /// <summary>Inserts documents; one that exists already fails the save.</summary>
    void Insert<T>(IEnumerable<T> entities) where T : notnull;

    /// <inheritdoc cref="Insert{T}(IEnumerable{T})" />
    void Insert<T>(params T[] entities) where T : notnull;

    /// <summary>Inserts documents of any types.</summary>
    void InsertObjects(IEnumerable<object> documents);

    /// <summary>Replaces documents; one that does not exist fails the save.</summary>
    void Update<T>(IEnumerable<T> entities) where T : notnull;

    /// <inheritdoc cref="Update{T}(IEnumerable{T})" />
    void Update<T>(params T[] entities) where T : notnull;

    /// <summary>Writes for another tenant in the unit of work of this session.</summary>
    new ITenantOperations ForTenant(string tenantId);

    /// <summary>Makes the session remember one instance per identity for the documents of one type.</summary>
    void UseIdentityMapFor<T>() where T : notnull;

    /// <summary>Queues SQL of the caller, which runs in the same transaction. <c>?</c> stands for a parameter, by position.</summary>
    void QueueSqlCommand(string sql, params object[] parameterValues);

    /// <summary>As <see cref="QueueSqlCommand(string, object[])"/>, with a placeholder of the caller's choice.</summary>
    void QueueSqlCommand(char placeholder, string sql, params object[] parameterValues);
}

/// <summary>Reads and writes documents and events as one unit of work. Not thread-safe.</summary>
public interface IDocumentSession : IDocumentOperations
{
    /// <summary>The changes that are queued and not yet saved.</summary>
    IUnitOfWork PendingChanges { get; }

    /// <summary>Whether guarded documents are checked on writing.</summary>
    ConcurrencyChecks Concurrency { get; }

    /// <summary>The listeners of this session.</summary>
    IList<IDocumentSessionListener> Listeners { get; }

    /// <summary>The user on whose behalf this session writes.</summary>
    string? LastModifiedBy { get; set; }

    /// <summary>As <see cref="BeginTransactionAsync"/>, which is to be preferred: this one blocks the thread.</summary>
    void BeginTransaction();

    /// <summary>Begins a transaction now, so that everything the session reads and writes until it is saved happens in it.</summary>
    ValueTask BeginTransactionAsync(CancellationToken token);

    /// <summary>Sends all queued changes as one transaction.</summary>
    /// <exception cref="JasperFx.ConcurrencyException">A guarded document or stream was changed by somebody else.</exception>
    /// <exception cref="JasperFx.DocumentAlreadyExistsException">An inserted document exists already.</exception>
    /// <exception cref="Exceptions.NonExistentDocumentException">An updated document does not exist.</exception>
    /// <exception cref="Exceptions.MartenCommandException">The database refused a command for another reason.</exception>
    Task SaveChangesAsync(CancellationToken token = default);

    /// <summary>Forgets a document: its queued changes and the loaded instance.</summary>
    void Eject<T>(T document) where T : notnull;

    /// <summary>Forgets all documents of a type.</summary>
    void EjectAllOfType(Type type);

    /// <summary>Forgets all queued changes.</summary>
    void EjectAllPendingChanges();

    /// <summary>Sets a header, written to the documents and events that store headers.</summary>
    void SetHeader(string key, object value);

    /// <summary>A header of this session, or null.</summary>
    object? GetHeader(string key);
}
