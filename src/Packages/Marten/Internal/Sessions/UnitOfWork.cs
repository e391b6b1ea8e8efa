using JasperFx.Events;
using Marten.Internal.Operations;
using Marten.Services;

namespace Marten.Internal.Sessions;

/// <summary>The queued operations and streams of a session, in the order in which they were queued.</summary>
internal sealed class UnitOfWork : IUnitOfWork
{
    private readonly List<IStorageOperation> operations;
    private readonly List<StreamAction> streams;
    private readonly Dictionary<object, DocumentWrite> writes = new(ReferenceEqualityComparer.Instance);

    public UnitOfWork()
        : this([], [])
    {
    }

    private UnitOfWork(List<IStorageOperation> operations, List<StreamAction> streams)
    {
        this.operations = operations;
        this.streams = streams;
    }

    public IReadOnlyList<IStorageOperation> Operations => operations;

    /// <summary>The streams with queued events; the event store adds to them.</summary>
    public List<StreamAction> StreamActions => streams;

    /// <summary>The decisions about events with certain tags that what is queued follows from.</summary>
    public List<Events.TagBoundary> Boundaries { get; } = [];

    public IEnumerable<object> Updated => Updates();

    public IEnumerable<object> Inserted => Inserts();

    public IEnumerable<IDeletion> Deleted => Deletions();

    public void Add(IStorageOperation operation) => operations.Add(operation);

    /// <summary>
    /// Queues the write of a document. One that was queued for the same instance is dropped: it would write the same content,
    /// and the second of two guarded writes would find the version of the first. An insertion stays an insertion.
    /// </summary>
    public void Add(DocumentWrite write)
    {
        if (writes.TryGetValue(write.Document, out var earlier))
            operations.Remove(earlier);
        writes[write.Document] = write;
        operations.Add(write);
    }

    /// <summary>Whether a write of this instance is queued.</summary>
    public bool Writes(object document) => writes.ContainsKey(document);

    /// <summary>Whether an insertion of this instance is queued and has not been followed by its deletion.</summary>
    public bool Inserts(object document) => writes.TryGetValue(document, out var write) && write.Kind == WriteKind.Insert;

    /// <summary>Queues a deletion: a write that was queued before stays, so that the order of effects is that of the calls.</summary>
    public void AddDeletion(IStorageOperation deletion, object? document)
    {
        if (document is not null)
            writes.Remove(document);
        operations.Add(deletion);
    }

    public void RemoveAll(Predicate<IStorageOperation> match)
    {
        operations.RemoveAll(match);
        foreach (var write in writes.Values.Where(w => match(w)).ToList())
            writes.Remove(write.Document);
    }

    /// <summary>Forgets the operations behind the first ones.</summary>
    public void Truncate(int count)
    {
        for (; operations.Count > count; operations.RemoveAt(operations.Count - 1))
        {
            if (operations[^1] is DocumentWrite write)
                writes.Remove(write.Document);
        }
    }

    /// <summary>How often the queue was emptied: by saving, or because the changes were ejected.</summary>
    public int Generation { get; private set; }

    public void Clear()
    {
        Generation++;
        operations.Clear();
        streams.Clear();
        Boundaries.Clear();
        writes.Clear();
    }

    public IEnumerable<IDeletion> Deletions() => operations.OfType<IDeletion>();

    public IEnumerable<IDeletion> DeletionsFor<T>() => Deletions().Where(d => d.DocumentType == typeof(T));

    public IEnumerable<object> Updates() => Documents(OperationRole.Upsert, OperationRole.Update);

    public IEnumerable<object> Inserts() => Documents(OperationRole.Insert, OperationRole.Insert);

    public IEnumerable<T> UpdatesFor<T>() => Updates().OfType<T>();

    public IEnumerable<T> InsertsFor<T>() => Inserts().OfType<T>();

    public IEnumerable<T> AllChangedFor<T>() => operations.Select(o => o.Document).OfType<T>();

    public IList<StreamAction> Streams() => streams;

    public bool HasOutstandingWork() => operations.Count > 0 || streams.Count > 0;

    public IEnumerable<IEvent> GetEvents() => streams.SelectMany(s => s.Events);

    public IEnumerable<StreamAction> GetStreams() => streams;

    public IChangeSet Clone() => new UnitOfWork([.. operations], [.. streams]);

    private IEnumerable<object> Documents(OperationRole one, OperationRole other) =>
        operations.Where(o => (o.Role == one || o.Role == other) && o.Document is not null).Select(o => o.Document!);
}
