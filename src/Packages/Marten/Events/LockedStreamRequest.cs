using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal.Sessions;
using Marten.Linq.Translation;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>
/// Locks a stream, existing or not, until the transaction of the session ends, then reads its version and what belongs to it.
/// Three statements: one that waited for the row of the stream would still see everything else as it was before.
/// </summary>
/// <param name="session">The session, whose transaction holds the lock.</param>
/// <param name="sql">The statements of the event store.</param>
/// <param name="id">The stream.</param>
/// <param name="readSql">What is read under the lock; null for nothing but the version. Its parameters are the id and, where streams belong to tenants, the tenant.</param>
/// <param name="read">Reads the rows of that statement.</param>
/// <param name="documentTypes">The further types whose tables it needs.</param>
internal sealed class LockedStreamRequest<T>(
    QuerySession session,
    EventSql sql,
    object id,
    string? readSql,
    Func<NpgsqlDataReader, CancellationToken, Task<T?>> read,
    params Type[] documentTypes) : QueryRequest<(long Version, T? Result)>(session) where T : class
{
    public override IReadOnlyCollection<Type> StorageTypes { get; } = [typeof(IEvent), .. documentTypes];

    public override bool NeedsBatch => true;

    public override bool NeedsTransaction => true;

    public override NpgsqlCommand ToCommand() => throw new InvalidOperationException("A lock and what it protects are read by several statements.");

    public override IEnumerable<NpgsqlBatchCommand> ToBatchCommands(bool complete)
    {
        yield return Command(sql.LockMissing, EventParameters.Value(id.ToString()!, NpgsqlDbType.Text));
        yield return Command(sql.LockExisting, Key());
        if (readSql is not null)
            yield return Command(readSql, Key());
    }

    public override async Task<(long Version, T? Result)> ReadAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        await reader.NextResultAsync(token);
        var version = await reader.ReadAsync(token) ? reader.GetInt64(0) : 0;
        if (readSql is null)
            return (version, null);
        await reader.NextResultAsync(token);
        return (version, await read(reader, token));
    }

    public override Exception? Translate(Exception exception) =>
        exception is MartenCommandException { InnerException: { InnerException: TimeoutException } or PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled } }
            ? new StreamLockedException(id, exception.InnerException!)
            : null;

    private NpgsqlParameter Key() => Internal.SqlBuilder.CreateParameter(id, sql.IdDbType);

    private NpgsqlBatchCommand Command(string text, NpgsqlParameter parameter)
    {
        var command = new NpgsqlBatchCommand(text);
        command.Parameters.Add(parameter);
        sql.AddTenant(command.Parameters, Session.TenantId);
        return command;
    }
}
