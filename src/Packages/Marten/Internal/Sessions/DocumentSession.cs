using JasperFx.Events;
using Marten.Events;
using Marten.Internal.Operations;
using Marten.Services;
using IEventStoreOperations = Marten.Events.IEventStoreOperations;

namespace Marten.Internal.Sessions;

/// <summary>A session that writes. Its parts: this file keeps the state, the others queue writes and save them.</summary>
internal partial class DocumentSession : QuerySession, DocumentSessionBase
{
    private readonly UnitOfWork unitOfWork;
    private readonly DocumentSession? parent;
    private Dictionary<string, TenantSession>? tenants;
    private readonly ChangeDetection? changes;
    private IEventStoreOperations? events;

    public DocumentSession(DocumentStore store, SessionOptions sessionOptions)
        : base(store, sessionOptions)
    {
        unitOfWork = new UnitOfWork();
        Concurrency = sessionOptions.ConcurrencyChecks;
        changes = Tracking == DocumentTracking.DirtyTracking ? new ChangeDetection(Serializer) : null;
        Listeners = [.. store.Options.Listeners, .. sessionOptions.Listeners];
    }

    /// <summary>Opens the part of a session that belongs to another tenant.</summary>
    protected DocumentSession(DocumentSession parent, string tenantId)
        : base(parent, tenantId)
    {
        this.parent = parent;
        unitOfWork = parent.unitOfWork;
        Concurrency = parent.Concurrency;
        Listeners = parent.Listeners;
        changes = Tracking == DocumentTracking.DirtyTracking ? new ChangeDetection(Serializer) : null;
    }

    public new IEventStoreOperations Events => events ??= EventGraph.OperationsFor(this);

    public UnitOfWork UnitOfWork => unitOfWork;

    public IUnitOfWork PendingChanges => unitOfWork;

    public ConcurrencyChecks Concurrency { get; }

    public IList<IDocumentSessionListener> Listeners { get; }

    public string? LastModifiedBy
    {
        get => parent is null ? field : parent.LastModifiedBy;
        set
        {
            if (parent is null)
                field = value;
            else
                parent.LastModifiedBy = value;
        }
    }

    /// <summary>The headers of the session; null when none was set.</summary>
    public Dictionary<string, object>? Headers
    {
        get => parent is null ? field : parent.Headers;
        private set;
    }

    /// <summary>The streams with queued events; the event store adds to them.</summary>
    public List<StreamAction> StreamActions => unitOfWork.StreamActions;

    public void SetHeader(string key, object value)
    {
        if (parent is null)
            (Headers ??= [])[key] = value;
        else
            parent.SetHeader(key, value);
    }

    /// <summary>The part of this session that belongs to another tenant. It shares the unit of work and the connection.</summary>
    public new ITenantOperations ForTenant(string tenantId)
    {
        if (parent is not null)
            return parent.ForTenant(tenantId);
        tenantId = Options.TenantIdOf(tenantId);
        tenants ??= [];
        if (!tenants.TryGetValue(tenantId, out var tenant))
            tenants[tenantId] = tenant = new TenantSession(this, tenantId);
        return tenant;
    }

    /// <summary>This session, or its part that belongs to another tenant.</summary>
    public DocumentSession Own(string tenantId) => TenantId == tenantId ? this : (DocumentSession)ForTenant(tenantId);

    public object? GetHeader(string key) => Headers is not null && Headers.TryGetValue(key, out var value) ? value : null;

    public void EjectAllPendingChanges() => unitOfWork.Clear();

    /// <summary>Queues an operation.</summary>
    public void QueueOperation(IStorageOperation operation) => unitOfWork.Add(operation);

    public override void DocumentLoaded(object id, object document)
    {
        changes?.Watch(document);
        foreach (var listener in Listeners)
            listener.DocumentLoaded(id, document);
    }
}
