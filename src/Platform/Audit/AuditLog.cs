using Marten;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Platform.Audit;

/// <summary>
/// Appends to the audit log what is saved outside of the unit of work: bulk work in a transaction of its own, say. What commands and handlers of events change through
/// <see cref="Data.IModuleSession{TStore}"/> is recorded without anybody's doing.
/// </summary>
public interface IAuditLog
{
    /// <summary>Queues entries that name all documents and streams which the session is about to save, a hundred in each; none when there are none. Call it right before the session is saved.</summary>
    /// <param name="session">A session of the module's store, with its changes queued.</param>
    /// <param name="operation">The stable name of what is done.</param>
    void Record(IDocumentSession session, string operation);
}

internal sealed class AuditLog(AuditWriter writer, AuditScope scope) : IAuditLog
{
    public void Record(IDocumentSession session, string operation)
    {
        var origin = scope.Origin;
        foreach (var part in writer.ChangesOf(session, int.MaxValue).InParts())
        {
            writer.Write(session, operation, origin, part);
        }
    }
}

/// <summary>Appends entries, one statement each, in the transaction of what they tell of and in the round trip of its commit.</summary>
internal sealed class AuditWriter(TimeProvider time)
{
    public const string Insert = "insert into audit.pending (id, entry) values (?, ?::jsonb)";

    private readonly ChangeList.DocumentNames _names = new();

    public ChangeList ChangesOf(IDocumentSession session, int most = ChangeList.Most) => ChangeList.Of(session, _names, most);

    /// <summary>Writes with a session; a module's schema has the module's name.</summary>
    public void Write(IDocumentSession session, string operation, AuditOrigin origin, ChangeList changes) =>
        session.QueueSqlCommand(Insert, NewId(), AuditNote.Serialize(session.DocumentStore.Options.DatabaseSchemaName, operation, origin, changes));

    /// <summary>The values of the columns <c>id</c> and <c>entry</c>, for statements that write an entry beside their own effect.</summary>
    public NpgsqlParameter[] Values(string module, string operation, AuditOrigin origin, ChangeList changes, string? reason = null) =>
    [
        new NpgsqlParameter<Guid> { TypedValue = NewId() },
        new NpgsqlParameter<string> { TypedValue = AuditNote.Serialize(module, operation, origin, changes, reason), NpgsqlDbType = NpgsqlDbType.Jsonb },
    ];

    private Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());
}
