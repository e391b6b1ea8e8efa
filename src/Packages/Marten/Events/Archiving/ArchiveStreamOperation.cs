using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Operations;
using Npgsql;

namespace Marten.Events;

/// <summary>
/// Marks a stream and everything about it as archived, behind a statement that waits for writers of the stream: only a later one sees the
/// events that they appended. Where archived rows are in partitions of their own, they move there, all in one
/// statement: its end is when PostgreSQL looks whether they still refer to each other.
/// </summary>
internal sealed class ArchiveStreamOperation(EventGraph events, object id, string tenantId) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        foreach (var statement in new[] { events.Sql.LockExisting, events.ArchiveStatement })
        {
            var command = builder.Add(statement);
            command.Parameters.Add(SqlBuilder.CreateParameter(id, events.Sql.IdDbType));
            events.Sql.AddTenant(command.Parameters, tenantId);
        }
    }

    public Exception? Translate(PostgresException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation
        ? new InvalidStreamOperationException($"Stream '{id}' cannot be archived: an archived stream has the same identity or natural key.")
        : null;
}

/// <summary>
/// Waits for those who archive streams that are about to be started or appended to whatever their version. An insert that waits
/// for a row which moves to another partition goes on as if it had never been there.
/// </summary>
internal sealed class AwaitArchiving(EventGraph events, NpgsqlParameter ids, string tenantId) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(events.Sql.LockMany);
        command.Parameters.Add(ids.Clone());
        events.Sql.AddTenant(command.Parameters, tenantId);
    }
}

/// <summary>The statement that archives.</summary>
internal sealed partial class EventGraph
{
    private string? archiveStatement;

    /// <summary>Archives a stream: its id, the tenant.</summary>
    public string ArchiveStatement => archiveStatement ??= BuildArchiveStatement();

    private string BuildArchiveStatement()
    {
        List<string> parts =
        [
            $"streams as (update {Sql.Streams} as s set is_archived = TRUE where s.id = $1{Sql.Own("s", 2)} and s.is_archived = FALSE)",
            .. NaturalKeys.Select((k, i) => $"key{i} as ({k.Archive})"),
        ];
        if (UseArchivedStreamPartitioning)
            parts.AddRange(Tags.Select((t, i) => $"tag{i} as ({TagStatements.Archive(t)})"));
        return $"with {string.Join(", ", parts)} update {Sql.Events} as d set is_archived = TRUE where d.stream_id = $1{Sql.Own("d", 2)} and d.is_archived = FALSE";
    }
}
