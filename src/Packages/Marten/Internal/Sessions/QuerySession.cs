using Marten.Events;
using Marten.Internal.Storage;
using Marten.Linq;
using Marten.Observability;
using Marten.Services;
using Npgsql;

namespace Marten.Internal.Sessions;

/// <summary>A session that reads. Its parts: this file runs commands, the others load documents and run SQL of the caller.</summary>
internal partial class QuerySession : IQuerySession
{
    private const int ReadAttempts = 4;
    private readonly int timeout;
    private IQueryEventStore? events;
    private IJsonLoader? json;
    private readonly QuerySession? parent;
    private HashSet<Type>? rememberedTypes;
    private Dictionary<Type, (TimeSpan Timeout, NonStaleDataTimeoutMode Mode)>? patience;
    private IAdvancedSql? advancedSql;
    private bool disposed;

    public QuerySession(DocumentStore store, SessionOptions sessionOptions)
    {
        Owner = store;
        Options = store.Options;
        Serializer = store.Options.Serializer();
        Tracking = sessionOptions.Tracking;
        SessionConnection = new SessionConnection(store.DataSource, sessionOptions);
        ArgumentException.ThrowIfNullOrWhiteSpace(sessionOptions.TenantId, nameof(SessionOptions.TenantId));
        TenantId = store.Options.TenantIdOf(sessionOptions.TenantId);
        if (!store.Options.Advanced.DefaultTenantUsageEnabled && !sessionOptions.AllowAnyTenant && TenantId == Marten.Storage.TenantIds.Default)
            throw new Exceptions.DefaultTenantUsageDisabledException();
        timeout = sessionOptions.Timeout ?? store.Options.CommandTimeout;
        IdentityMap = Tracking is DocumentTracking.IdentityOnly or DocumentTracking.DirtyTracking ? [] : null;
        Observer = SessionObserver.For(store.Options, TenantId);
        Logger = store.Options.Logger().StartSession(this);
    }

    /// <summary>Opens the part of a session that belongs to another tenant. It shares the connection.</summary>
    protected QuerySession(QuerySession parent, string tenantId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
        this.parent = parent;
        Owner = parent.Owner;
        Options = parent.Options;
        Serializer = parent.Serializer;
        Tracking = parent.Tracking;
        SessionConnection = parent.SessionConnection;
        TenantId = Options.TenantIdOf(tenantId);
        timeout = parent.timeout;
        rememberedTypes = parent.rememberedTypes;
        IdentityMap = parent.IdentityMap is null ? null : [];
        Logger = parent.Logger;
    }

    public DocumentStore Owner { get; }

    public StoreOptions Options { get; }

    public ISerializer Serializer { get; }

    public DocumentTracking Tracking { get; }

    public SessionConnection SessionConnection { get; }

    /// <summary>The loaded instances by type and identity; null when the session does not remember them.</summary>
    public Dictionary<(Type Type, object Id), object>? IdentityMap { get; protected set; }

    /// <summary>The loaded instances, if the session remembers those of a type.</summary>
    public Dictionary<(Type Type, object Id), object>? IdentityMapFor(Type documentType) =>
        rememberedTypes is null || rememberedTypes.Contains(documentType) ? IdentityMap : null;

    public NpgsqlConnection Connection => SessionConnection.OpenShared();

    public IMartenSessionLogger Logger
    {
        get;
        set => field = Observer is { } observer && value is not ObservedSessionLogger ? new ObservedSessionLogger(value, observer) : value;
    }

    /// <summary>The activity of the session; null when nobody wants it.</summary>
    protected SessionObserver? Observer { get; }

    public int RequestCount { get; private set; }

    public string TenantId { get; }

    public IDocumentStore DocumentStore => Owner;

    public IQueryEventStore Events => events ??= EventGraph.ReaderFor(this);

    public Marten.Storage.IMartenDatabase Database => Owner.Database;

    public IAdvancedSql AdvancedSql => advancedSql ??= new AdvancedSql(this);

    public IJsonLoader Json => json ??= new JsonLoader(this);

    public string? CausationId
    {
        get => parent is null ? field : parent.CausationId;
        set
        {
            if (parent is null)
                field = value;
            else
                parent.CausationId = value;
        }
    }

    public string? CorrelationId
    {
        get => parent is null ? field : parent.CorrelationId;
        set
        {
            if (parent is null)
                field = value;
            else
                parent.CorrelationId = value;
        }
    }

    /// <summary>The same session for the documents of another tenant. It shares the connection.</summary>
    public ITenantQueryOperations ForTenant(string tenantId) => new TenantQuerySession(parent ?? this, tenantId);

    public IMartenQueryable<T> Query<T>() where T : notnull => LinqProvider.Query<T>(this);

    public IMartenQueryable<T> QueryForNonStaleData<T>(TimeSpan timeout) where T : notnull => QueryForNonStaleData<T>(timeout, NonStaleDataTimeoutMode.ThrowException);

    public IMartenQueryable<T> QueryForNonStaleData<T>(TimeSpan timeout, NonStaleDataTimeoutMode timeoutMode) where T : notnull
    {
        (patience ??= [])[typeof(T)] = (timeout, timeoutMode);
        return Query<T>();
    }

    /// <summary>The storage of a document type.</summary>
    public DocumentStorage StorageFor(Type documentType) => Owner.StorageFor(documentType);

    public DocumentStorage<T> StorageFor<T>() where T : notnull => (DocumentStorage<T>)Owner.StorageFor(typeof(T));

    /// <summary>Creates the tables of a document type, or of the events for typeof(IEvent), unless they are known to exist.</summary>
    public ValueTask EnsureStorageAsync(Type type, CancellationToken token) =>
        patience is not null && patience.TryGetValue(type, out var limit) ? EnsureFreshAsync(type, limit, token) : Owner.Database.EnsureAsync(type, token);

    /// <summary>Remembers the instances of one more type.</summary>
    public void UseIdentityMapFor<T>() where T : notnull
    {
        if (IdentityMap is not null && rememberedTypes is null)
            return;
        IdentityMap ??= [];
        (rememberedTypes ??= []).Add(typeof(T));
    }

    /// <summary>Begins a transaction that lasts until the session is saved or disposed.</summary>
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

    /// <summary>As <see cref="BeginTransactionAsync"/>, without asynchrony.</summary>
    public void BeginTransaction()
    {
        ObjectDisposedException.ThrowIf(disposed || parent is { disposed: true }, this);
        try
        {
            SessionConnection.BeginTransaction();
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (parent is not null)
            return;
        disposed = true;
        Observer?.Dispose();
        await SessionConnection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public void Dispose()
    {
        if (parent is not null)
            return;
        disposed = true;
        Observer?.Dispose();
        SessionConnection.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>An open connection, to be given back by <see cref="GiveBackAsync"/>.</summary>
    protected ValueTask<NpgsqlConnection> OpenAsync(CancellationToken token)
    {
        ObjectDisposedException.ThrowIf(disposed || parent is { disposed: true }, this);
        RequestCount++;
        return SessionConnection.OpenAsync(token);
    }

    protected async ValueTask GiveBackAsync(NpgsqlConnection connection)
    {
        if (!SessionConnection.IsShared)
            await connection.DisposeAsync();
    }

    protected int Timeout => timeout;

    private async ValueTask EnsureFreshAsync(Type type, (TimeSpan Timeout, NonStaleDataTimeoutMode Mode) limit, CancellationToken token)
    {
        await Owner.Database.EnsureAsync(type, token);
        try
        {
            await TestingExtensions.WaitAsync(Owner, Options.Projections.AsyncShardsPublishingType(type), limit.Timeout, token);
        }
        catch (TimeoutException) when (limit.Mode == NonStaleDataTimeoutMode.ReturnStaleData)
        {
            // The caller prefers old data to none; the reads of this session do not wait again.
            patience!.Remove(type);
        }
    }
}
