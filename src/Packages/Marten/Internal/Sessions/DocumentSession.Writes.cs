using System.Linq.Expressions;
using JasperFx;
using JasperFx.Metadata;
using Marten.Internal.Operations;
using Marten.Internal.Storage;
using Marten.Services;

namespace Marten.Internal.Sessions;

internal partial class DocumentSession
{
    public void Store<T>(IEnumerable<T> entities) where T : notnull => QueueAll(entities, WriteKind.Upsert);

    public void Store<T>(params T[] entities) where T : notnull => QueueAll(entities, WriteKind.Upsert);

    public void StoreObjects(IEnumerable<object> documents) => QueueAll(documents, WriteKind.Upsert);

    public void Insert<T>(IEnumerable<T> entities) where T : notnull => QueueAll(entities, WriteKind.Insert);

    public void Insert<T>(params T[] entities) where T : notnull => QueueAll(entities, WriteKind.Insert);

    public void InsertObjects(IEnumerable<object> documents) => QueueAll(documents, WriteKind.Insert);

    public void Update<T>(IEnumerable<T> entities) where T : notnull => QueueAll(entities, WriteKind.Update);

    public void Update<T>(params T[] entities) where T : notnull => QueueAll(entities, WriteKind.Update);

    public void UpdateExpectedVersion<T>(T entity, Guid version) where T : notnull =>
        QueueWrite(entity, WriteKind.Update).ExpectedVersion = version;

    public void UpdateRevision<T>(T entity, long revision) where T : notnull =>
        QueueWrite(entity, WriteKind.Upsert).Revision = revision;

    public void TryUpdateRevision<T>(T entity, long revision) where T : notnull
    {
        var write = QueueWrite(entity, WriteKind.Upsert);
        write.Revision = revision;
        write.IgnoreStale = true;
    }

    public void Delete<T>(T entity) where T : notnull
    {
        if (entity is Guid or string or int or long)
            throw new ArgumentException($"Delete<{typeof(T).Name}>() deletes a document of that type. Name the document type: Delete<TheDocument>(id).", nameof(entity));
        DeleteDocument(entity);
    }

    public void Delete<T>(int id) where T : notnull => DeleteById<T>(id, false);

    public void Delete<T>(long id) where T : notnull => DeleteById<T>(id, false);

    public void Delete<T>(object id) where T : notnull => DeleteById<T>(id, false);

    public void Delete<T>(Guid id) where T : notnull => DeleteById<T>(id, false);

    public void Delete<T>(string id) where T : notnull => DeleteById<T>(id, false);

    public void DeleteObjects(IEnumerable<object> documents)
    {
        foreach (var document in documents)
            DeleteDocument(document);
    }

    public void HardDelete<T>(T entity) where T : notnull
    {
        QueueDeletion(StorageFor(entity.GetType()), null, entity, true);
    }

    public void HardDelete<T>(int id) where T : notnull => DeleteById<T>(id, true);

    public void HardDelete<T>(long id) where T : notnull => DeleteById<T>(id, true);

    public void HardDelete<T>(Guid id) where T : notnull => DeleteById<T>(id, true);

    public void HardDelete<T>(string id) where T : notnull => DeleteById<T>(id, true);

    public void DeleteWhere<T>(Expression<Func<T, bool>> expression) where T : notnull =>
        QueueOperation(new DeleteWhere(StorageFor(typeof(T)), expression, DeleteMode.ByStyle, this));

    public void HardDeleteWhere<T>(Expression<Func<T, bool>> expression) where T : notnull =>
        QueueOperation(new DeleteWhere(StorageFor(typeof(T)), expression, DeleteMode.Hard, this));

    public void UndoDeleteWhere<T>(Expression<Func<T, bool>> expression) where T : notnull =>
        QueueOperation(new DeleteWhere(StorageFor(typeof(T)), expression, DeleteMode.Undo, this));

    public void QueueSqlCommand(string sql, params object[] parameterValues) => QueueSqlCommand('?', sql, parameterValues);

    public void QueueSqlCommand(char placeholder, string sql, params object[] parameterValues) =>
        QueueOperation(new SqlOperation(sql.TrimEnd().TrimEnd(';'), placeholder, parameterValues, TenantId));

    public void Eject<T>(T document) where T : notnull
    {
        var storage = StorageFor(document.GetType());
        var id = storage.IdentityOf(document);
        unitOfWork.RemoveAll(o => ReferenceEquals(o.Document, document));
        Forget(storage, id);
        changes?.Forget(document);
        ForgetVersion(storage.RootType, id);
    }

    public void EjectAllOfType(Type type)
    {
        unitOfWork.RemoveAll(o => o.DocumentType == type);
        changes?.ForgetAll(type.IsInstanceOfType);
        if (IdentityMap is not { } map)
            return;
        foreach (var key in map.Keys.Where(k => k.Type == type).ToList())
            map.Remove(key);
    }

    /// <summary>Sets what a document tells about the session that writes it.</summary>
    public void Describe(object document)
    {
        if (document is Marten.Metadata.ITenanted tenanted)
            tenanted.TenantId = TenantId;
        if (document is not ITracked tracked)
            return;
        tracked.CorrelationId = CorrelationId!;
        tracked.CausationId = CausationId!;
        tracked.LastModifiedBy = LastModifiedBy!;
    }

    /// <summary>Queues the write of one document, guarded as its type is configured.</summary>
    public DocumentWrite QueueWrite(object document, WriteKind kind)
    {
        var storage = StorageFor(document.GetType());
        if (!storage.TryAssignIdentity(document, Owner))
            Owner.AssignNumber(storage, document);
        var id = storage.IdentityOf(document);
        if (Concurrency == ConcurrencyChecks.Disabled && kind == WriteKind.Upsert)
            kind = WriteKind.Overwrite;
        if (kind is WriteKind.Upsert or WriteKind.Overwrite && unitOfWork.Inserts(document))
            kind = WriteKind.Insert;
        var write = storage.Write(document, kind, this);
        ExpectKnownVersion(storage, write);
        if (IdentityMapFor(storage.RootType) is { } map)
        {
            if (map.TryGetValue((storage.RootType, id), out var known) && !ReferenceEquals(known, document))
                throw new InvalidOperationException($"The session already holds another instance of {storage.DocumentType.FullName} with the id '{id}'. Change that instance, or eject it first.");
            map[(storage.RootType, id)] = document;
        }

        foreach (var listener in Listeners)
            listener.DocumentAddedForStorage(id, document);
        unitOfWork.Add(write);
        return write;
    }

    private void ExpectKnownVersion(DocumentStorage storage, DocumentWrite write)
    {
        var mapping = storage.Mapping;
        if (mapping.UseNumericRevisions)
        {
            var known = write.Document switch
            {
                IRevisioned revisioned => revisioned.Version,
                ILongVersioned revisioned => revisioned.Version,
                _ => KnownVersion(storage.RootType, write.Id) as long? ?? 0,
            };
            write.Revision = known == 0 ? 0 : known + 1;
        }
        else if (mapping.UseOptimisticConcurrency)
        {
            var own = (write.Document as IVersioned)?.Version;
            write.ExpectedVersion = own is { } version && version != Guid.Empty ? version : KnownVersion(storage.RootType, write.Id) as Guid?;
        }
    }

    private void QueueAll<T>(IEnumerable<T> documents, WriteKind kind) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(documents);
        foreach (var document in documents)
        {
            // Store(list) binds to Store<List<T>>(params List<T>[]): the elements are meant, as everywhere in this API.
            if (document is System.Collections.IEnumerable nested and not string && !typeof(T).IsAssignableTo(typeof(System.Collections.IDictionary)) && typeof(T) != typeof(object))
            {
                foreach (var item in nested)
                    QueueWrite(item, kind);
            }
            else
            {
                QueueWrite(document, kind);
            }
        }
    }

    private void Forget(DocumentStorage storage, object id)
    {
        if (IdentityMap is { } map && map.Remove((storage.RootType, id), out var known))
            changes?.Forget(known);
    }

    private void DeleteDocument(object document) => QueueDeletion(StorageFor(document.GetType()), null, document, false);

    private void DeleteById<T>(object id, bool hard) where T : notnull
    {
        var storage = StorageFor(typeof(T));
        QueueDeletion(storage, storage.CheckedId(id), null, hard);
    }

    private void QueueDeletion(DocumentStorage storage, object? id, object? document, bool hard)
    {
        id ??= storage.IdentityOf(document!);
        Forget(storage, id);
        unitOfWork.AddDeletion(new DeleteById(storage, id, document, hard, this), document);
    }
}
