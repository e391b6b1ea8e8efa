using JasperFx.Events;
using Marten.Events;
using Marten.Internal.Operations;
using Marten.Services;
using Npgsql;
using IEventStoreOperations = Marten.Events.IEventStoreOperations;

namespace Marten.Internal.Sessions;

/// <summary>A session that writes. Its parts: this file keeps the state, the others queue writes and save them.</summary>
internal sealed partial class DocumentSession : QuerySession, IDocumentSession
{
    private readonly UnitOfWork unitOfWork = new();
    private IEventStoreOperations? events;

    public DocumentSession(DocumentStore store, SessionOptions sessionOptions)
        : base(store, sessionOptions)
    {
        Concurrency = sessionOptions.ConcurrencyChecks;
        Listeners = [.. store.Options.Listeners, .. sessionOptions.Listeners];
    }

    public new IEventStoreOperations Events => events ??= EventGraph.OperationsFor(this);

    public UnitOfWork UnitOfWork => unitOfWork;

    public IUnitOfWork PendingChanges => unitOfWork;

    public ConcurrencyChecks Concurrency { get; }

    public IList<IDocumentSessionListener> Listeners { get; }

    public string? LastModifiedBy { get; set; }

    /// <summary>The headers of the session; null when none was set.</summary>
    public Dictionary<string, object>? Headers { get; private set; }

    /// <summary>The streams with queued events; the event store adds to them.</summary>
    public List<StreamAction> StreamActions => unitOfWork.StreamActions;

    public void SetHeader(string key, object value) => (Headers ??= [])[key] = value;

    public object? GetHeader(string key) => Headers is not null && Headers.TryGetValue(key, out var value) ? value : null;

    public async ValueTask BeginTransactionAsync(CancellationToken token)
    {
        try
        {
            await SessionConnection.BeginTransactionAsync(token);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    public void EjectAllPendingChanges() => unitOfWork.Clear();

    /// <summary>Queues an operation.</summary>
    public void QueueOperation(IStorageOperation operation) => unitOfWork.Add(operation);

    public override void DocumentLoaded(object id, object document)
    {
        foreach (var listener in Listeners)
            listener.DocumentLoaded(id, document);
    }
}
