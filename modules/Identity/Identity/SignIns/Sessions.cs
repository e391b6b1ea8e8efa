using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.SignIns;

/// <summary>Starts and ends sessions, as part of the unit of work that it is called in.</summary>
internal sealed class Sessions(IModuleSession<IIdentityStore> session, IdentitySettings settings, TimeProvider time)
{
    public Task<Session> StartAsync(string subject, SessionOrigin origin, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        var started = new Session
        {
            Id = Guid.CreateVersion7(now),
            Subject = subject,
            ClientId = origin.ClientId,
            Ip = origin.Ip,
            UserAgent = origin.UserAgent,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + settings.SessionLength,
        };
        session.Documents.Insert(started);
        return Task.FromResult(started);
    }

    /// <summary>Whether a session can still be used: it was not revoked and has been used lately.</summary>
    public async Task<bool> IsActiveAsync(Guid sessionId, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Session>(sessionId, cancellationToken) is { } found && found.IsActiveAt(time.GetUtcNow());

    /// <summary>Notes that a session is used, so that it lives on. Queues one statement, which changes nothing of a session that has ended meanwhile.</summary>
    public void Touch(Guid sessionId)
    {
        var now = time.GetUtcNow();
        session.Documents.QueueSqlCommand(
            """
            update mt_doc_session set data = data || jsonb_build_object('lastSeenAt', ?::text, 'expiresAt', ?::text)
            where id = ? and data ->> 'revokedAt' is null
            """,
            Text(now), Text(now + settings.SessionLength), sessionId);
        session.RecordChange("session", sessionId.ToString(), "stored");
    }

    /// <summary>Ends a session; one that has ended, or that there is not, makes no difference.</summary>
    public void Revoke(Guid sessionId)
    {
        session.Documents.QueueSqlCommand(
            "update mt_doc_session set data = data || jsonb_build_object('revokedAt', ?::text) where id = ? and data ->> 'revokedAt' is null",
            Text(time.GetUtcNow()), sessionId);
        session.RecordChange("session", sessionId.ToString(), "stored");
    }

    /// <summary>Ends all sessions of somebody.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="except">The one that goes on.</param>
    public void RevokeAll(string subject, Guid? except)
    {
        session.Documents.QueueSqlCommand(
            "update mt_doc_session set data = data || jsonb_build_object('revokedAt', ?::text) where data ->> 'subject' = ? and id <> ? and data ->> 'revokedAt' is null",
            Text(time.GetUtcNow()), subject, except ?? Guid.Empty);
        session.RecordChange("session", "*", "stored");
    }

    private static string Text(DateTimeOffset at) => at.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Sessions of those who have no account: they can fill a basket and order.</summary>
internal sealed class GuestSessions(Sessions sessions, TimeProvider time)
{
    /// <summary>What the subjects of guests begin with.</summary>
    public const string Prefix = "guest:";

    public Task<Session> StartAsync(SessionOrigin origin, CancellationToken cancellationToken) =>
        sessions.StartAsync(Prefix + Guid.CreateVersion7(time.GetUtcNow()), origin, cancellationToken);
}
