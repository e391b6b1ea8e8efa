using System.Data;
using Marten.Internal.Sessions;
using Marten.Services;

namespace Marten;

public partial class DocumentStore
{
    /// <inheritdoc />
    public IDocumentSession DirtyTrackedSession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted) =>
        DirtyTrackedSession(new SessionOptions { IsolationLevel = isolationLevel });

    /// <inheritdoc />
    public IDocumentSession DirtyTrackedSession(string tenantId, IsolationLevel isolationLevel = IsolationLevel.ReadCommitted) =>
        DirtyTrackedSession(new SessionOptions { TenantId = tenantId, IsolationLevel = isolationLevel });

    /// <inheritdoc />
    public IDocumentSession DirtyTrackedSession(SessionOptions options) => OpenSession(options.WithTracking(DocumentTracking.DirtyTracking));

    /// <inheritdoc />
    public async Task<IDocumentSession> OpenSerializableSessionAsync(SessionOptions options, CancellationToken token = default)
    {
        options.IsolationLevel = IsolationLevel.Serializable;
        var session = new DocumentSession(this, options);
        await BeginAsync(session, token);
        return session;
    }

    /// <inheritdoc />
    public Task<IDocumentSession> LightweightSerializableSessionAsync(CancellationToken token = default) =>
        LightweightSerializableSessionAsync(new SessionOptions(), token);

    /// <inheritdoc />
    public Task<IDocumentSession> LightweightSerializableSessionAsync(string tenantId, CancellationToken token = default) =>
        LightweightSerializableSessionAsync(new SessionOptions { TenantId = tenantId }, token);

    /// <inheritdoc />
    public Task<IDocumentSession> LightweightSerializableSessionAsync(SessionOptions options, CancellationToken token = default) =>
        OpenSerializableSessionAsync(options.WithTracking(DocumentTracking.None), token);

    /// <inheritdoc />
    public Task<IDocumentSession> IdentitySerializableSessionAsync(CancellationToken token = default) =>
        IdentitySerializableSessionAsync(new SessionOptions(), token);

    /// <inheritdoc />
    public Task<IDocumentSession> IdentitySerializableSessionAsync(string tenantId, CancellationToken token = default) =>
        IdentitySerializableSessionAsync(new SessionOptions { TenantId = tenantId }, token);

    /// <inheritdoc />
    public Task<IDocumentSession> IdentitySerializableSessionAsync(SessionOptions options, CancellationToken token = default) =>
        OpenSerializableSessionAsync(options.WithTracking(DocumentTracking.IdentityOnly), token);

    /// <inheritdoc />
    public Task<IDocumentSession> DirtyTrackedSerializableSessionAsync(CancellationToken token = default) =>
        DirtyTrackedSerializableSessionAsync(new SessionOptions(), token);

    /// <inheritdoc />
    public Task<IDocumentSession> DirtyTrackedSerializableSessionAsync(string tenantId, CancellationToken token = default) =>
        DirtyTrackedSerializableSessionAsync(new SessionOptions { TenantId = tenantId }, token);

    /// <inheritdoc />
    public Task<IDocumentSession> DirtyTrackedSerializableSessionAsync(SessionOptions options, CancellationToken token = default) =>
        OpenSerializableSessionAsync(options.WithTracking(DocumentTracking.DirtyTracking), token);

    /// <inheritdoc />
    public Task<IQuerySession> QuerySerializableSessionAsync(CancellationToken token = default) =>
        QuerySerializableSessionAsync(new SessionOptions(), token);

    /// <inheritdoc />
    public Task<IQuerySession> QuerySerializableSessionAsync(string tenantId, CancellationToken token = default) =>
        QuerySerializableSessionAsync(new SessionOptions { TenantId = tenantId }, token);

    /// <inheritdoc />
    public async Task<IQuerySession> QuerySerializableSessionAsync(SessionOptions options, CancellationToken token = default)
    {
        options.IsolationLevel = IsolationLevel.Serializable;
        var session = new QuerySession(this, options.WithTracking(DocumentTracking.QueryOnly));
        await BeginAsync(session, token);
        return session;
    }

    private static async Task BeginAsync(QuerySession session, CancellationToken token)
    {
        try
        {
            await session.BeginTransactionAsync(token);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
