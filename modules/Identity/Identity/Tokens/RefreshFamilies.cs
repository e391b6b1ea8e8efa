using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Starts, finds and ends families of refresh tokens, as part of the unit of work that it is called in.</summary>
internal sealed class RefreshFamilies(IModuleSession<IIdentityStore> session, Sessions sessions, IdentitySettings settings, TimeProvider time)
{
    public (RefreshFamily Family, string Token) Start(string subject, string clientId, Guid sessionId, string scope, DateTimeOffset authenticatedAt)
    {
        var now = time.GetUtcNow();
        var family = new RefreshFamily
        {
            Id = Guid.CreateVersion7(now),
            Subject = subject,
            ClientId = clientId,
            SessionId = sessionId,
            Scope = scope,
            AuthenticatedAt = authenticatedAt,
        };
        var token = family.GiveNext(now, settings.SessionLength);
        session.Documents.Insert(family);
        return (family, token);
    }

    /// <summary>Loads a family for this unit of work alone: another use of the same token waits.</summary>
    public async Task<RefreshFamily?> LockAsync(Guid id, CancellationToken cancellationToken)
    {
        await session.Documents.BeginTransactionAsync(cancellationToken);
        await session.Documents.QueryAsync<bool>("select true from mt_doc_refreshfamily where id = ? for update", cancellationToken, id);
        return await session.Documents.LoadAsync<RefreshFamily>(id, cancellationToken);
    }

    /// <summary>Ends a family and the session that it belongs to.</summary>
    public void Revoke(RefreshFamily family)
    {
        family.RevokedAt ??= time.GetUtcNow();
        session.Documents.Update(family);
        sessions.Revoke(family.SessionId);
    }
}
